import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { ServerChoice } from '../api/connect.js';
import { issueKey, type IssuedKey, type KeyToIssue } from '../api/keys.js';
import { isProblem } from '../api/problem.js';
import { texts, useFormats } from '../text/text.js';
import { Button } from '../ui/button.js';
import { CheckField, TextField } from '../ui/field.js';
import { Notice } from '../ui/notice.js';
import { Row } from '../ui/page.js';
import { Failed } from '../ui/states.js';
import { UI } from '../ui/texts.js';
import styles from './issue-key.module.css';
import { EndField, endTime, FIRST_END } from './key-end.js';
import { RolesField, rolesOf } from './roles-field.js';
import { isAbout, useRuleOf } from './rules.js';
import { ServerField } from './server-field.js';
import { useAttempt } from './use-attempt.js';

const ISSUE = texts('issueKey', {
  name: 'Name',
  nameHint: 'Who or what will have it, such as CI of team blue. People find it by this later.',
  all: 'For all virtual servers, also those to come',
  server: 'Virtual server',
  another: 'One more virtual server',
  remove: 'Remove {slug}',
  issue: 'Issue the key',
  failed: 'No key was issued',
  lost: 'A key was made, but the answer with it was lost. Revoke it on the screen Keys, and issue another one.',
});
const FIELDS = ['name', 'servers', 'roles', 'expiresAt'];

interface IssueKeyProps {
  /** The one that the key is for; without it the person chooses. */
  server?: ServerChoice | undefined;
  /** Slugs that are chosen at first. */
  servers?: readonly string[];
  name?: string;
  onIssued: (key: IssuedKey) => void;
  /** Closes the form; without it, what is around the form does. */
  onCancel?: () => void;
}

/** The form by which a caller's key is issued. The answer with the key goes to `onIssued`, and nowhere else. */
export function IssueKey({
  server,
  servers: first = [],
  name: firstName = '',
  onIssued,
  onCancel,
}: IssueKeyProps): ReactNode {
  const { text } = useFormats();
  const queries = useQueryClient();
  const [name, setName] = useState(firstName);
  const [roles, setRoles] = useState('');
  const [end, setEnd] = useState(FIRST_END);
  const [chosen, setChosen] = useState<string[] | '*'>([...first]);
  const wanted = (): KeyToIssue => {
    const expiresAt = endTime(end, Date.now());
    const servers = server ? [server.slug] : chosen;
    return { name: name.trim(), servers, roles: rolesOf(roles), ...(expiresAt !== undefined && { expiresAt }) };
  };
  const { go, isRunning, error } = useAttempt(
    (attempt) => issueKey(wanted(), attempt),
    (issued) => {
      void queries.invalidateQueries({ queryKey: ['keys'] });
      onIssued(issued);
    },
  );
  const ruleOf = useRuleOf(error);
  return (
    <form
      className={styles['form']}
      onSubmit={(event) => {
        event.preventDefault();
        void go();
      }}
    >
      <TextField
        label={text(ISSUE.name)}
        hint={text(ISSUE.nameHint)}
        error={ruleOf('name')}
        value={name}
        onValue={setName}
        maxLength={120}
        autoFocus
      />
      {!server && <ServersChoice chosen={chosen} onChosen={setChosen} error={ruleOf('servers')} />}
      <RolesField value={roles} onValue={setRoles} known={rolesIn(server)} error={ruleOf('roles')} />
      <EndField value={end} onValue={setEnd} error={ruleOf('expiresAt')} />
      <NotIssued error={error} />
      <Row>
        <Button type="submit" look="primary" isBusy={isRunning}>
          {text(ISSUE.issue)}
        </Button>
        {onCancel && <Button onClick={onCancel}>{text(UI.cancel)}</Button>}
      </Row>
    </form>
  );
}

function NotIssued({ error }: { error: unknown }): ReactNode {
  const { text } = useFormats();
  if (error === undefined || isAbout(error, FIELDS)) return null;
  if (isProblem(error, 'secret_shown_once')) return <Notice tone="bad">{text(ISSUE.lost)}</Notice>;
  return <Failed error={error} title={text(ISSUE.failed)} />;
}

interface ServersChoiceProps {
  chosen: string[] | '*';
  onChosen: (servers: string[] | '*') => void;
  error: string | undefined;
}

function ServersChoice({ chosen, onChosen, error }: ServersChoiceProps): ReactNode {
  const { text } = useFormats();
  const slugs = chosen === '*' ? [] : chosen;
  const add = (slug: string): void => {
    if (slug !== '' && !slugs.includes(slug)) onChosen([...slugs, slug]);
  };
  return (
    <>
      {chosen !== '*' && (
        <>
          <ServerField
            key={slugs.length}
            label={text(slugs.length === 0 ? ISSUE.server : ISSUE.another)}
            error={error}
            value=""
            onValue={add}
          />
          <Row>
            {slugs.map((slug) => (
              <Button
                key={slug}
                isSmall
                aria-label={text(ISSUE.remove, { slug })}
                onClick={() => onChosen(slugs.filter((each) => each !== slug))}
              >
                {slug} <span aria-hidden="true">{REMOVE}</span>
              </Button>
            ))}
          </Row>
        </>
      )}
      <CheckField label={text(ISSUE.all)} isOn={chosen === '*'} onValue={(isOn) => onChosen(isOn ? '*' : [])} />
    </>
  );
}

const REMOVE = '×';

/** The roles that the grants of a virtual server name. */
function rolesIn(server: ServerChoice | undefined): string[] {
  const roles = (server?.grants ?? []).map(({ role }) => role).filter((role) => role !== '*');
  return [...new Set(roles)];
}
