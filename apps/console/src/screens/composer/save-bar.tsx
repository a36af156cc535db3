import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { isProblem } from '../../api/problem.js';
import { lastingNames, type Plan, tryServer } from '../../api/server-documents.js';
import type { Draft } from '../../editing/use-draft.js';
import { useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { Notice } from '../../ui/notice.js';
import { Row } from '../../ui/page.js';
import { Failed } from '../../ui/states.js';
import { useChangedNames } from './changed-names.js';
import styles from './composer.module.css';
import { useComposing } from './composing.js';
import { documentOf, type ServerDraft } from './server-draft.js';
import { COMPOSER, FIELD } from './texts.js';
import { ruleText } from '../../parts/rules.js';

/** What is not published yet, and the buttons that check, publish and drop it. It stays in sight. */
export function SaveBar({ draft }: { draft: Draft<ServerDraft> }): ReactNode {
  const { text, list } = useFormats();
  const { server } = useComposing();
  const names = useChangedNames(draft);
  const check = useCheck();
  const checked = check.data?.draft === draft.fields ? check.data.plan : undefined;
  // Without a change it stays at the end of the page: the focus can be in it, and it covers nothing.
  const isUsed = draft.isChanged || draft.isSaving || draft.error !== undefined;
  return (
    <div className={`${styles['bar'] ?? ''} ${isUsed ? (styles['sticky'] ?? '') : ''}`} data-bottom-bar="">
      {draft.isOutdated && <Notice tone="warn">{text(COMPOSER.outdated)}</Notice>}
      {checked && <CheckResult plan={checked} />}
      {check.error && <Failed error={check.error} title={text(COMPOSER.checkBad)} />}
      {draft.error !== undefined && <Failed error={readable(draft.error, text)} title={text(COMPOSER.notPublished)} />}
      <div className={styles['barRow']}>
        <p role="status">
          {draft.isChanged
            ? text(COMPOSER.changed, { count: names.length, fields: list(names) })
            : server && text(COMPOSER.unchanged)}
        </p>
        <Row>
          <Button look="quiet" disabled={!draft.isChanged} onClick={draft.reset}>
            {text(COMPOSER.discard)}
          </Button>
          <Button disabled={!draft.isChanged} isBusy={check.isPending} onClick={() => check.mutate(draft.fields)}>
            {text(COMPOSER.check)}
          </Button>
          <Button look="primary" disabled={!draft.isChanged} isBusy={draft.isSaving} onClick={() => void draft.save()}>
            {text(COMPOSER.publish)}
          </Button>
        </Row>
      </div>
    </div>
  );
}

/** Asks the registry what it would do with the draft, by a dry run of an import. */
function useCheck() {
  const queries = useQueryClient();
  const { server } = useComposing();
  return useMutation({
    mutationFn: async (draft: ServerDraft) => {
      const names = server ? await queries.query({ ...lastingNames(server.slug), staleTime: 0 }) : [];
      const deleted = server?.leftOut.filter(({ reason }) => reason === 'gateway_deleted') ?? [];
      const gone = new Set(deleted.map(({ gateway }) => gateway));
      return { draft, plan: await tryServer(documentOf(draft, names, gone)) };
    },
  });
}

function CheckResult({ plan }: { plan: Plan }): ReactNode {
  const { text, list } = useFormats();
  const { problem, action, changes = [] } = plan;
  if (problem) {
    return (
      <Notice tone="bad" title={text(COMPOSER.checkBad)}>
        <p>{sentenceOf(problem.code, text) ?? problem.title}</p>
        <Broken detail={problem.detail} />
      </Notice>
    );
  }
  const fields = list(changes.map(({ field }) => fieldName(field, text)));
  const said = action === 'create' ? COMPOSER.checkNew : COMPOSER.checkOk;
  return <Notice tone="good">{text(action === 'unchanged' ? COMPOSER.checkSame : said, { fields })}</Notice>;
}

/** The fields that break a rule, of a problem of a plan. */
function Broken({ detail }: Pick<NonNullable<Plan['problem']>, 'detail'>): ReactNode {
  const { text } = useFormats();
  const errors: unknown = detail?.['errors'];
  if (!Array.isArray(errors)) return null;
  const broken = errors.filter(isBroken);
  return (
    <ul>
      {broken.map(({ field, rule }) => (
        <li key={`${field} ${rule}`}>
          {fieldName(field, text)}: {ruleText(rule, text)}
        </li>
      ))}
    </ul>
  );
}

function isBroken(value: unknown): value is { field: string; rule: string } {
  return typeof value === 'object' && value !== null && 'field' in value && 'rule' in value;
}

type Text = ReturnType<typeof useFormats>['text'];

function fieldName(field: string, text: Text): string {
  const [first = ''] = field.split('.');
  const known = Object.entries(FIELD).find(([name]) => name === first);
  return known ? text(known[1]) : field;
}

const SENTENCES = ['name_clash', 'header_clash', 'slug_taken'] as const;

function sentenceOf(code: string, text: Text): string | undefined {
  const known = SENTENCES.find((each) => each === code);
  return known && text(COMPOSER[known]);
}

/** What can be said better here than the registry does, which knows no list and no tab. */
function readable(error: unknown, text: Text): unknown {
  const known = SENTENCES.find((code) => isProblem(error, code));
  return known ? new Error(text(COMPOSER[known])) : error;
}
