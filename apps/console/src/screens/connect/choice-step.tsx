import type { ReactNode } from 'react';
import type { KnownClient, Way } from '../../api/connect.js';
import { ServerField } from '../../parts/server-field.js';
import { useFormats } from '../../text/text.js';
import { SelectField } from '../../ui/field.js';
import { Card } from '../../ui/page.js';
import styles from './connect.module.css';
import { CONNECT } from './texts.js';

interface ChoiceStepProps {
  /** Of the virtual server; empty for none. */
  slug: string;
  clients: readonly KnownClient[];
  client: KnownClient | undefined;
  way: Way;
  onChange: (next: { server?: string; client?: string; way?: string | undefined }) => void;
}

/** Chooses the virtual server, the client and how it gets credentials. */
export function ChoiceStep({ slug, clients, client, way, onChange }: ChoiceStepProps): ReactNode {
  const { text } = useFormats();
  return (
    <Card title={text(CONNECT.step1)}>
      <div className={styles['choices']}>
        <ServerField label={text(CONNECT.server)} value={slug} onValue={(server) => onChange({ server })} />
        {client && (
          <SelectField
            label={text(CONNECT.client)}
            value={client.client}
            choices={clients.map((each) => ({ value: each.client, label: each.name }))}
            onValue={(id) => onChange({ client: id, way: undefined })}
          />
        )}
      </div>
      {client && client.ways.length > 1 && (
        <fieldset className={styles['ways']}>
          <legend>{text(CONNECT.way)}</legend>
          {client.ways.map((each) => (
            <label key={each} className={styles['way']}>
              <input type="radio" name="way" checked={each === way} onChange={() => onChange({ way: each })} />
              <span>
                {text(CONNECT[each])}
                <span className={styles['hint']}>{text(CONNECT[`${each}Hint`])}</span>
              </span>
            </label>
          ))}
        </fieldset>
      )}
    </Card>
  );
}
