import type { ReactNode } from 'react';
import { useFormats } from '../../text/text.js';
import { CheckField, SelectField, TextField } from '../../ui/field.js';
import { Notice } from '../../ui/notice.js';
import { Card } from '../../ui/page.js';
import { LinesField } from '../../ui/words-field.js';
import { ACCESS } from './access-texts.js';
import styles from './composer.module.css';
import { useComposing } from './composing.js';
import type { Access } from './server-draft.js';

type Issuer = Exclude<Access, string>;
const WAYS = ['key', 'open', 'jwt'] as const;
const ALGORITHMS = [
  ...(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'] as const),
  ...(['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'] as const),
];
const NEW_ISSUER: Issuer = { kind: 'jwt', issuer: '', audience: '', jwksUri: '', algorithms: ['RS256'] };

/** Callers with a key, anyone, or callers with a token of an issuer. */
export function WhoMayCall(): ReactNode {
  const { text } = useFormats();
  const { fields, set, server, problemOf } = useComposing();
  const { access } = fields;
  const way = typeof access === 'string' ? access : 'jwt';
  const before = server && typeof server.access === 'object' ? server.access : NEW_ISSUER;
  return (
    <Card title={text(ACCESS.who)}>
      <SelectField
        label={text(ACCESS.access)}
        hint={way === 'key' ? text(ACCESS.keyHint) : undefined}
        error={problemOf('access')}
        value={way}
        choices={WAYS.map((value) => ({ value, label: text(ACCESS[value]) }))}
        onValue={(value) => set({ access: value === 'jwt' ? before : value })}
      />
      {way === 'open' && <Notice tone="warn">{text(ACCESS.openWarning)}</Notice>}
      {typeof access === 'object' && <IssuerFields issuer={access} onChange={(changed) => set({ access: changed })} />}
    </Card>
  );
}

interface IssuerProps {
  issuer: Issuer;
  onChange: (issuer: Issuer) => void;
}

function IssuerFields({ issuer, onChange }: IssuerProps): ReactNode {
  const { text } = useFormats();
  const { roles } = issuer;
  const changeClaim = (claim: string): void => {
    const { roles: before, ...others } = issuer;
    onChange(claim === '' ? others : { ...others, roles: { ...before, claim } });
  };
  return (
    <>
      {(['issuer', 'audience', 'jwksUri'] as const).map((name) => (
        <TextField
          key={name}
          label={text(ACCESS[name])}
          value={issuer[name]}
          onValue={(value) => onChange({ ...issuer, [name]: value.trim() })}
        />
      ))}
      <fieldset className={styles['group']}>
        <legend>{text(ACCESS.algorithms)}</legend>
        <div className={styles['pair']}>
          {ALGORITHMS.map((name) => (
            <CheckField
              key={name}
              label={name}
              isOn={issuer.algorithms.includes(name)}
              onValue={(isOn) =>
                onChange({
                  ...issuer,
                  algorithms: ALGORITHMS.filter((each) => (each === name ? isOn : issuer.algorithms.includes(each))),
                })
              }
            />
          ))}
        </div>
      </fieldset>
      <TextField
        label={text(ACCESS.rolesClaim)}
        hint={text(ACCESS.rolesClaimHint)}
        value={roles?.claim ?? ''}
        onValue={changeClaim}
      />
      {roles && (
        <LinesField
          label={text(ACCESS.roleMap)}
          hint={text(ACCESS.roleMapHint)}
          words={Object.entries(roles.map ?? {}).map(([value, role]) => `${value} = ${role}`)}
          onWords={(lines) => onChange({ ...issuer, roles: { ...roles, map: mapOf(lines) } })}
        />
      )}
    </>
  );
}

function mapOf(lines: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.lastIndexOf('=');
      return at < 0 ? [line.trim(), ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    }),
  );
}
