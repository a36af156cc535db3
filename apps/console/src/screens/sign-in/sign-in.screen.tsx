import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, type SubmitEvent, useEffect, useState } from 'react';
import { Problem } from '../../api/problem.js';
import { signIn, useSession } from '../../session/session.js';
import { useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { TextField } from '../../ui/field.js';
import { Notice } from '../../ui/notice.js';
import { Failed } from '../../ui/states.js';
import { OidcSignInButton } from './oidc-sign-in.js';
import styles from './sign-in.module.css';
import { SIGN_IN } from './texts.js';

/** Signs an administrator in with a token. The fields are those of a login, so that a password manager offers to keep it. */
export function SignInScreen(): ReactNode {
  const { text } = useFormats();
  const { wasRefused } = useSession();
  const queries = useQueryClient();
  const [token, setToken] = useState('');
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const wrong = useTokenError(error);
  useEffect(() => {
    document.title = text(SIGN_IN.title);
  }, [text]);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    setBusy(true);
    signIn(queries, checked(token))
      .catch(setError)
      .finally(() => setBusy(false));
  };
  return (
    <main className={styles['frame']}>
      <form className={styles['card']} onSubmit={submit} noValidate>
        <h1>{text(SIGN_IN.title)}</h1>
        {wasRefused && <Notice tone="warn">{text(SIGN_IN.over)}</Notice>}
        <p className={styles['lead']}>{text(SIGN_IN.lead)}</p>
        <input type="text" name="username" autoComplete="username" value="administrator" hidden readOnly />
        <TextField
          label={text(SIGN_IN.token)}
          hint={text(SIGN_IN.tokenHint)}
          type="password"
          name="token"
          autoComplete="current-password"
          autoFocus
          value={token}
          onValue={setToken}
          error={wrong}
        />
        {error !== undefined && wrong === undefined && <Failed error={error} />}
        <Button type="submit" look="primary" isBusy={isBusy}>
          {text(SIGN_IN.submit)}
        </Button>
        <OidcSignInButton />
      </form>
    </main>
  );
}

/** What is wrong with the text of a token before it is sent anywhere. */
class TokenError extends Error {
  constructor(readonly why: 'empty' | 'callerKey') {
    super(why);
  }
}

function checked(typed: string): string {
  const token = typed.trim();
  if (token === '') throw new TokenError('empty');
  if (token.startsWith('lethe_key_')) throw new TokenError('callerKey');
  return token;
}

function useTokenError(error: unknown): string | undefined {
  const { text } = useFormats();
  if (error instanceof TokenError) return text(SIGN_IN[error.why]);
  return error instanceof Problem && error.status === 401 ? text(SIGN_IN.refused) : undefined;
}
