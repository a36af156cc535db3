import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { Problem } from '../../api/problem.js';
import { type OidcSignIn, waysToSignIn } from '../../api/sign-in.js';
import { answerOfIssuer, beginSignIn, cancelSignIn, finishSignIn } from '../../session/oidc.js';
import { OidcError } from '../../session/oidc-error.js';
import { signIn } from '../../session/session.js';
import { useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { Notice } from '../../ui/notice.js';
import { Failed } from '../../ui/states.js';
import { OIDC } from './oidc-texts.js';

/** Signs an administrator in at the issuer of the organisation; nothing where the registry has none for the console. */
export function OidcSignInButton(): ReactNode {
  const { data } = useQuery(waysToSignIn());
  // Before anything else: it takes the code out of the address bar.
  const [answer] = useState(answerOfIssuer);
  return data?.oidc ? <AtIssuer oidc={data.oidc} answer={answer} /> : null;
}

function AtIssuer({ oidc, answer }: { oidc: OidcSignIn; answer: URL | undefined }): ReactNode {
  const { text } = useFormats();
  const { error, isBusy, begin } = useOidc(oidc, answer);
  const why = error instanceof OidcError ? error.why : undefined;
  const isRefused = error instanceof Problem && error.status === 401;
  return (
    <>
      {why !== undefined && <Notice tone="bad">{text(OIDC[why], { origin: globalThis.location.origin })}</Notice>}
      {isRefused && <Notice tone="bad">{text(OIDC.refused)}</Notice>}
      {error !== undefined && why === undefined && !isRefused && <Failed error={error} />}
      <Button isBusy={isBusy} onClick={begin}>
        {text(OIDC.begin, { issuer: new URL(oidc.issuer).host })}
      </Button>
    </>
  );
}

/** Sends the browser to the issuer, and takes its answer if this page was opened with one. */
function useOidc(oidc: OidcSignIn, answer: URL | undefined): { error: unknown; isBusy: boolean; begin: () => void } {
  const queries = useQueryClient();
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(answer !== undefined);
  const failed = (thrown: unknown): void => {
    cancelSignIn();
    setError(thrown);
    setBusy(false);
  };
  useEffect(() => {
    if (!answer) return;
    finishSignIn(oidc, answer)
      .then(async ({ token, returnTo }) => {
        globalThis.history.replaceState(null, '', returnTo);
        await signIn(queries, token);
      })
      .catch(failed);
  }, [answer, oidc, queries]);
  const begin = (): void => {
    setBusy(true);
    setError(undefined);
    const { pathname, search } = globalThis.location;
    beginSignIn(oidc, pathname + search)
      .then((address) => globalThis.location.assign(address))
      .catch(failed);
  };
  return { error, isBusy, begin };
}
