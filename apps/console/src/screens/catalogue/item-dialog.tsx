import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { hiddenInValue, isObject, showHidden, toolHints } from '@lethe/mcp';
import type { JsonObject } from '@lethe/contracts';
import type { ReactNode } from 'react';
import { type Item, type ItemRef, oneFoundItem, oneItem } from '../../api/items.js';
import { SchemaView } from '../../parts/schema/schema-view.js';
import { Verbatim } from '../../parts/verbatim.js';
import { useFormats } from '../../text/text.js';
import { Badge } from '../../ui/badge.js';
import { Code } from '../../ui/code.js';
import { Dialog } from '../../ui/dialog.js';
import { Notice } from '../../ui/notice.js';
import { Facts, Row } from '../../ui/page.js';
import { Shown } from '../../ui/states.js';
import styles from './catalogue.module.css';
import { Exposure } from './exposure.js';
import { estimatedTokens } from './item-size.js';
import { PromptArguments } from './prompt-arguments.js';
import { CATALOGUE, ITEM } from './texts.js';

/** One item in full: what its upstream says of it, and where it is exposed. */
export function ItemDialog({ item, onClose }: { item: ItemRef; onClose: () => void }): ReactNode {
  const { text } = useFormats();
  const read = useQuery(oneItem(item));
  return (
    <Dialog title={showHidden(item.name)} onClose={onClose}>
      <Shown query={read}>
        {(found) => (found ? <Whole item={found} at={item} /> : <Notice tone="warn">{text(ITEM.unknown)}</Notice>)}
      </Shown>
    </Dialog>
  );
}

function Whole({ item, at }: { item: Item; at: ItemRef }): ReactNode {
  const { text } = useFormats();
  const definition = jsonOf(item.definition);
  const found = useQuery(oneFoundItem(at));
  const hidden = Object.values(hiddenInValue(definition)).reduce((sum, count) => sum + count, 0);
  const tags = found.data?.tags ?? item.tags ?? [];
  const { description, title } = definition;
  return (
    <>
      <Badges item={item} definition={definition} />
      {hidden > 0 && (
        <Notice tone="warn" title={text(ITEM.hiddenTitle)}>
          {text(ITEM.hidden, { count: hidden })}
        </Notice>
      )}
      {typeof description === 'string' && <Verbatim isLong>{description}</Verbatim>}
      <Facts
        facts={[
          [text(ITEM.title), typeof title === 'string' ? <Verbatim>{title}</Verbatim> : undefined],
          [
            text(ITEM.gateway),
            <Link key="gateway" to="/gateways/$ref" params={{ ref: at.gateway }}>
              {at.gateway}
            </Link>,
          ],
          [text(ITEM.size), text(ITEM.tokens, { tokens: estimatedTokens(item) })],
          [
            text(ITEM.mime),
            typeof definition['mimeType'] === 'string' ? <Verbatim>{definition['mimeType']}</Verbatim> : undefined,
          ],
          [text(ITEM.tags), tags.length > 0 ? <Tags tags={tags} /> : undefined],
        ]}
      />
      <Exposure kind={item.kind} found={found} />
      <Parts item={item} definition={definition} />
    </>
  );
}

function Parts({ item, definition }: { item: Item; definition: JsonObject }): ReactNode {
  const { text } = useFormats();
  return (
    <>
      {item.kind === 'tool' && (
        <section className={styles['part']}>
          <h3>{text(ITEM.input)}</h3>
          <SchemaView schema={definition['inputSchema']} />
        </section>
      )}
      {isObject(definition['outputSchema']) && (
        <section className={styles['part']}>
          <h3>{text(ITEM.output)}</h3>
          <SchemaView schema={definition['outputSchema']} />
        </section>
      )}
      {item.kind === 'prompt' && <PromptArguments definition={definition} />}
      <details className={styles['raw']}>
        <summary>{text(ITEM.raw)}</summary>
        <Code label={text(ITEM.raw)} content={showHidden(JSON.stringify(definition, null, 2))} />
      </details>
      {item.legacyDefinition && (
        <details className={styles['raw']}>
          <summary>{text(ITEM.legacy)}</summary>
          <Code label={text(ITEM.legacy)} content={showHidden(JSON.stringify(item.legacyDefinition, null, 2))} />
        </details>
      )}
    </>
  );
}

function Badges({ item, definition }: { item: Item; definition: JsonObject }): ReactNode {
  const { text, list } = useFormats();
  return (
    <div className={styles['part']}>
      <Row>
        <Badge tone="plain">{text(CATALOGUE[item.kind])}</Badge>
        {item.kind === 'tool' && <Hints definition={definition} />}
        {item.onlyIn && <Badge>{text(ITEM.onlyIn, { era: item.onlyIn })}</Badge>}
        {item.needs && item.needs.length > 0 && <Badge>{text(ITEM.needs, { needs: list(item.needs) })}</Badge>}
        {item.stale && <Badge tone="warn">{text(CATALOGUE.gone)}</Badge>}
      </Row>
      {item.kind === 'tool' && <p className={styles['soft']}>{text(ITEM.says)}</p>}
    </div>
  );
}

function Hints({ definition }: { definition: JsonObject }): ReactNode {
  const { text } = useFormats();
  const hints = toolHints(definition);
  return (
    <>
      <Badge tone={hints.readOnlyHint ? 'good' : 'neutral'}>
        {text(hints.readOnlyHint ? ITEM.readOnly : ITEM.writes)}
      </Badge>
      {hints.destructiveHint && <Badge tone="warn">{text(ITEM.destroys)}</Badge>}
      {!hints.readOnlyHint && hints.idempotentHint && <Badge>{text(ITEM.repeats)}</Badge>}
      {hints.openWorldHint && <Badge>{text(ITEM.open)}</Badge>}
    </>
  );
}

function Tags({ tags }: { tags: readonly string[] }): ReactNode {
  return (
    <Row>
      {tags.map((tag) => (
        <Badge key={tag} tone="plain">
          {tag}
        </Badge>
      ))}
    </Row>
  );
}

/** The API says `unknown` of its members; it was JSON. */
function jsonOf(definition: Item['definition']): JsonObject {
  return isObject(definition) ? definition : {};
}
