import type { ReactNode } from 'react';
import { useFormats } from '../../text/text.js';
import { SelectField } from '../../ui/field.js';
import { Card } from '../../ui/page.js';
import styles from './composer.module.css';
import { useComposing } from './composing.js';
import { SETTINGS } from './settings-texts.js';

/** Which gateway gets a header that callers send in its short form. */
export function ShortForms(): ReactNode {
  const { text } = useFormats();
  const { fields, set, catalogues, problemOf } = useComposing();
  const { shortForm } = fields;
  const mapped = catalogues.flatMap(({ headers }) => headers);
  const headers = [...new Set([...Object.keys(shortForm), ...mapped])].sort();
  const ownersOf = (header: string): string[] => {
    const slugs = catalogues.filter((each) => each.headers.includes(header)).map(({ slug }) => slug);
    return [...new Set([...slugs, ...(shortForm[header] === undefined ? [] : [shortForm[header]])])];
  };
  const change = (header: string, owner: string): void => {
    const { [header]: _, ...others } = shortForm;
    set({ shortForm: owner === '' ? others : { ...others, [header]: owner } });
  };
  return (
    <Card title={text(SETTINGS.shortForm)}>
      <p className={styles['soft']}>{text(headers.length === 0 ? SETTINGS.shortFormNone : SETTINGS.shortFormLead)}</p>
      {headers.map((header) => (
        <SelectField
          key={header}
          label={`X-Upstream-${header}`}
          error={problemOf('shortForm')}
          value={shortForm[header] ?? ''}
          choices={[
            { value: '', label: text(SETTINGS.nobody) },
            ...ownersOf(header).map((slug) => ({ value: slug, label: slug })),
          ]}
          onValue={(owner) => change(header, owner)}
        />
      ))}
    </Card>
  );
}
