import { nameToSend, type NeededHeader, secretText } from '@lethe/mcp';
import type { ReactNode } from 'react';
import type { CallableServer } from '../../api/callable.js';
import { useFormats } from '../../text/text.js';
import { SelectField, TextField } from '../../ui/field.js';
import type { Era } from './client/trial.js';
import { CALLER, needsScheme, type Secrets } from './secrets.js';
import { TRY } from './texts.js';
import styles from './try.module.css';

interface SecretsFormProps {
  server: CallableServer;
  needed: readonly NeededHeader[];
  secrets: Secrets;
  era: Era;
  /** Names of fields with characters that no header may have. */
  illegal: readonly string[];
  /** Where requests go. */
  origin: string;
  onSecrets: (change: (before: Secrets) => Secrets) => void;
  onEra: (era: Era) => void;
}

/** The era, the caller's key, and a field for each header that an upstream takes. */
export function SecretsForm(props: SecretsFormProps): ReactNode {
  const { server, needed, secrets, era, illegal, origin, onSecrets, onEra } = props;
  const { text } = useFormats();
  const secretField = (name: string, label: string, hint: string): ReactNode => (
    <TextField
      key={name}
      type="password"
      label={label}
      hint={hint}
      error={illegal.includes(name) ? text(TRY.illegal) : undefined}
      value={secrets[name] ?? ''}
      onValue={(value) => onSecrets((before) => ({ ...before, [name]: value }))}
    />
  );
  return (
    <div className={styles['form']}>
      <p className={styles['soft']}>{text(TRY.privacy, { origin })}</p>
      <SelectField
        label={text(TRY.era)}
        value={era}
        choices={[
          { value: 'modern', label: text(TRY.modern) },
          { value: 'legacy', label: text(TRY.legacy) },
        ]}
        onValue={onEra}
      />
      {server.access === 'open' && <p className={styles['soft']}>{text(TRY.open)}</p>}
      {server.access === 'key' && secretField(CALLER, text(TRY.key), text(TRY.keyHint))}
      {typeof server.access === 'object' &&
        secretField(CALLER, text(TRY.token), text(TRY.tokenHint, { issuer: server.access.issuer }))}
      {needed.map((header) => {
        const hint = needsScheme(header) ? TRY.schemeHint : TRY.secretHint;
        const values = { secret: capital(secretText(header)), header: nameToSend(header) };
        return secretField(header.exact, `${header.gateway}: ${header.header}`, text(hint, values));
      })}
      {needed.length === 0 && <p className={styles['soft']}>{text(TRY.noHeaders)}</p>}
    </div>
  );
}

function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
