import type { JsonObject } from '@lethe/contracts';
import type { ReactNode } from 'react';
import { promptSchema } from '../../parts/schema/prompt-schema.js';
import { SchemaView } from '../../parts/schema/schema-view.js';
import { useFormats } from '../../text/text.js';
import styles from './catalogue.module.css';
import { ITEM } from './texts.js';

/** The arguments of a prompt, which are texts all. */
export function PromptArguments({ definition }: { definition: JsonObject }): ReactNode {
  const { text } = useFormats();
  return (
    <section className={styles['part']}>
      <h3>{text(ITEM.arguments)}</h3>
      <SchemaView schema={promptSchema(definition['arguments'])} />
    </section>
  );
}
