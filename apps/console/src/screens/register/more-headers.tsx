import type { ReactNode } from 'react';
import { useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { CheckField, TextField } from '../../ui/field.js';
import type { Mapping } from './credential-parts.js';
import styles from './register.module.css';
import { REGISTER } from './texts.js';

interface MoreProps {
  mappings: Mapping[];
  onMappings: (mappings: Mapping[]) => void;
  error: string | undefined;
}

/** Headers that callers send besides the credential, folded away: few servers want any. */
export function MoreHeaders({ mappings, onMappings, error }: MoreProps): ReactNode {
  const { text } = useFormats();
  const change = (at: number, next: Partial<Mapping>): void =>
    onMappings(mappings.map((mapping, index) => (index === at ? { ...mapping, ...next } : mapping)));
  return (
    <details open={mappings.length > 0 || undefined}>
      <summary>{text(REGISTER.advanced)}</summary>
      <div className={styles['stack']}>
        <p className={styles['soft']}>{text(REGISTER.advancedHint)}</p>
        {mappings.map((mapping, index) => (
          // A row has no identity but its place.
          <div key={`row-${String(index)}`} className={styles['mapping']}>
            <TextField
              label={text(REGISTER.mapHeader)}
              value={mapping.header}
              onValue={(header) => change(index, { header })}
              error={index === mappings.length - 1 ? error : undefined}
            />
            <CheckField
              label={text(REGISTER.mapRequired)}
              isOn={mapping.required === true}
              onValue={(required) => change(index, { required })}
            />
            <Button
              isSmall
              aria-label={text(REGISTER.mapRemove, { header: mapping.header })}
              onClick={() => onMappings(mappings.filter((_, at) => at !== index))}
            >
              {'×'}
            </Button>
          </div>
        ))}
        <div>
          <Button isSmall onClick={() => onMappings([...mappings, { header: '', required: false }])}>
            {text(REGISTER.mapAdd)}
          </Button>
        </div>
      </div>
    </details>
  );
}
