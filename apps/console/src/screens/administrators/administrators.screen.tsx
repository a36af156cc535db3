import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { administratorPages } from '../../api/administrators.js';
import { waysToSignIn } from '../../api/sign-in.js';
import { useMay, useSession } from '../../session/session.js';
import { useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { Moment } from '../../ui/moment.js';
import { Notice } from '../../ui/notice.js';
import { Card, Facts, Grid, Page } from '../../ui/page.js';
import { Shown } from '../../ui/states.js';
import { AdministratorDialog } from './administrator-dialog.js';
import { AdministratorsTable } from './administrators-table.js';
import { CreateDialog } from './create-dialog.js';
import { ADMINS } from './texts.js';

const route = getRouteApi('/administrators');

/** Who may use the admin API. Only the role admin sees others than itself. */
export function AdministratorsScreen(): ReactNode {
  const { text } = useFormats();
  const mayManage = useMay('admin');
  const [isCreating, setCreating] = useState(false);
  const create = (
    <Button look="primary" onClick={() => setCreating(true)}>
      {text(ADMINS.create)}
    </Button>
  );
  return (
    <Page title={text(ADMINS.title)} lead={text(ADMINS.lead)} actions={mayManage && create}>
      {mayManage ? <Administrators /> : <OnlyYou />}
      <Roles />
      <Grid>
        <Card title={text(ADMINS.keeper)}>
          <p>{text(ADMINS.keeperLead)}</p>
        </Card>
        <Issuer />
      </Grid>
      {isCreating && <CreateDialog onClose={() => setCreating(false)} />}
    </Page>
  );
}

function Administrators(): ReactNode {
  const { administrator: open } = route.useSearch();
  const navigate = route.useNavigate();
  const administrators = useInfiniteQuery(administratorPages());
  return (
    <Shown query={administrators}>
      {(rows) => (
        <>
          <AdministratorsTable
            rows={rows}
            hasMore={administrators.hasNextPage}
            onMore={() => void administrators.fetchNextPage({ cancelRefetch: false })}
          />
          {open !== undefined && (
            <AdministratorDialog
              key={open}
              id={open}
              onClose={() => void navigate({ search: { administrator: undefined }, replace: true })}
            />
          )}
        </>
      )}
    </Shown>
  );
}

function OnlyYou(): ReactNode {
  const { text } = useFormats();
  const { administrator } = useSession();
  if (!administrator) return null;
  const { kind, name, role, expiresAt } = administrator;
  return (
    <>
      <Card title={text(ADMINS.whoTitle, { name })}>
        <p>{text(kind === 'oidc' ? ADMINS.whoOidc : ADMINS.whoToken)}</p>
        <Facts
          facts={[
            [text(ADMINS.role), text(ADMINS[role])],
            [text(ADMINS.whoEnds), expiresAt === null ? text(ADMINS.never) : <Moment key="ends" at={expiresAt} />],
          ]}
        />
      </Card>
      <Notice title={text(ADMINS.notShown)}>{text(ADMINS.notShownLead, { role: text(ADMINS[role]) })}</Notice>
    </>
  );
}

function Roles(): ReactNode {
  const { text } = useFormats();
  return (
    <Card title={text(ADMINS.roles)}>
      <Facts
        facts={[
          [text(ADMINS.viewer), text(ADMINS.viewerMay)],
          [text(ADMINS.editor), text(ADMINS.editorMay)],
          [text(ADMINS.admin), text(ADMINS.adminMay)],
        ]}
      />
    </Card>
  );
}

function Issuer(): ReactNode {
  const { text } = useFormats();
  const { data } = useQuery(waysToSignIn());
  if (data === undefined) return null;
  const issuer = data.oidc?.issuer;
  return (
    <Card title={text(ADMINS.oidc)}>
      <p>{issuer === undefined ? text(ADMINS.oidcOff) : text(ADMINS.oidcOn, { issuer })}</p>
    </Card>
  );
}
