import { beginsWithScheme } from '@lethe/mcp';
import type { ReactNode } from 'react';
import { useFormats } from '../../text/text.js';
import { Field } from '../../ui/field.js';
import type { SecretPart } from './credential-parts.js';
import { CREDENTIAL } from './credential-texts.js';
import { type AuthorizationWay, FIELD, type TypedProblem } from './typed-credential.js';

interface FieldsProps {
  parts: readonly SecretPart[];
  way: AuthorizationWay;
  isShown: boolean;
  tokenUrl: string | undefined;
  problem: TypedProblem | undefined;
}

/** One field for each secret that the server wants. */
export function SecretFields({ parts, way, isShown, tokenUrl, problem }: FieldsProps): ReactNode {
  const { text } = useFormats();
  const errorOf = (name: string): string | undefined =>
    problem?.field === name ? text(CREDENTIAL[problem.why]) : undefined;
  const field = (name: string, label: string, more: Partial<InputProps> = {}): ReactNode => (
    <UncontrolledInput key={name} name={name} label={label} isSecret={!isShown} error={errorOf(name)} {...more} />
  );
  return parts.map((part, index) => {
    if (part.at === 'basic') {
      return [
        field(FIELD.username, text(CREDENTIAL.username), { isSecret: false, autoFocus: index === 0 }),
        field(FIELD.password, text(CREDENTIAL.password)),
      ];
    }
    if ('isOptional' in part) {
      const label = text(part.at === 'query' ? CREDENTIAL.query : CREDENTIAL.header, { name: part.name });
      const scheme = part.at === 'header' && beginsWithScheme(part.name) ? text(CREDENTIAL.headerScheme) : undefined;
      return field(FIELD.part(index), label, {
        ...{ hint: part.isOptional ? text(CREDENTIAL.optional) : scheme, autoFocus: index === 0 },
      });
    }
    if (way === 'token') {
      return field(FIELD.token, text(CREDENTIAL.token), { hint: text(CREDENTIAL.tokenHint), autoFocus: index === 0 });
    }
    return [
      field(FIELD.tokenUrl, text(CREDENTIAL.tokenUrl), {
        ...{ isSecret: false, hint: text(CREDENTIAL.tokenUrlHint), defaultValue: tokenUrl },
      }),
      field(FIELD.clientId, text(CREDENTIAL.clientId), { isSecret: false }),
      field(FIELD.clientSecret, text(CREDENTIAL.clientSecret)),
      field(FIELD.scope, text(CREDENTIAL.scope), { isSecret: false, hint: text(CREDENTIAL.scopeHint) }),
    ];
  });
}

interface InputProps {
  name: string;
  label: string;
  hint?: string | undefined;
  error: string | undefined;
  isSecret: boolean;
  defaultValue?: string | undefined;
  autoFocus?: boolean;
}

/** React does not know what is typed into it. Password managers are asked to leave it alone. */
function UncontrolledInput({ label, hint, error, isSecret, ...rest }: InputProps): ReactNode {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <input
          {...control}
          {...rest}
          type={isSecret ? 'password' : 'text'}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          data-1p-ignore
          data-lpignore="true"
          data-bwignore
        />
      )}
    </Field>
  );
}
