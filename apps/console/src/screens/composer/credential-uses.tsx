import type { ReactNode } from 'react';
import { useFormats } from '../../text/text.js';
import { SelectField } from '../../ui/field.js';
import { Card } from '../../ui/page.js';
import { ACCESS } from './access-texts.js';
import styles from './composer.module.css';
import { useComposing } from './composing.js';
import type { CredentialUse } from './server-draft.js';

const USES = ['callers', 'callers-then-kept', 'kept'] as const satisfies CredentialUse['use'][];

/** Whose credential the calls to each gateway have. */
export function CredentialUses(): ReactNode {
  const { text } = useFormats();
  const { fields, set, catalogues, problemOf } = useComposing();
  const uses = fields.credentials ?? [];
  const slugs = [...new Set([...catalogues.map(({ slug }) => slug), ...uses.map(({ gateway }) => gateway)])];
  const nameOf = (slug: string): string => catalogues.find((each) => each.slug === slug)?.name ?? slug;
  const change = (gateway: string, use: CredentialUse['use']): void => {
    const others = uses.filter((each) => each.gateway !== gateway);
    const next = use === 'callers' ? others : [...others, { gateway, use }];
    set({ credentials: next.length === 0 ? null : next });
  };
  const problem = problemOf('credentials');
  return (
    <Card title={text(ACCESS.credentials)}>
      <p className={styles['soft']}>{text(slugs.length === 0 ? ACCESS.noGateways : ACCESS.credentialsLead)}</p>
      {problem !== undefined && <p role="alert">{problem}</p>}
      {slugs.map((slug) => (
        <SelectField
          key={slug}
          label={nameOf(slug)}
          value={uses.find(({ gateway }) => gateway === slug)?.use ?? 'callers'}
          choices={USES.map((value) => ({ value, label: text(ACCESS[value]) }))}
          onValue={(use) => change(slug, use)}
        />
      ))}
    </Card>
  );
}
