import { showHidden } from '@lethe/mcp';
import { type ReactNode, useDeferredValue, useState } from 'react';
import { ShownText } from '../../parts/shown-text.js';
import { useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { CheckField, SelectField, TextArea, TextField } from '../../ui/field.js';
import { Facts } from '../../ui/page.js';
import { WordsField } from '../../ui/words-field.js';
import { useComposing } from './composing.js';
import { type ComposedItem, composeDraft } from './composition.js';
import { PREVIEW } from './item-texts.js';
import { describePick, forget, type PickDetails } from './picks.js';
import type { ItemPick } from './server-draft.js';

const NAME = /^[A-Za-z0-9_.-]{1,64}$/;
const READS = ['said', 'yes', 'no'] as const;
const READ_ONLY = { said: undefined, yes: true, no: false } as const;

/** What a virtual server says about one item: its name, description, tags, and whether clients see it. */
export function ItemDialog({ composed, onClose }: { composed: ComposedItem; onClose: () => void }): ReactNode {
  const { text } = useFormats();
  const { fields, set } = useComposing();
  const { gateway, item, pick, rules } = composed;
  const [said, setSaid] = useState<PickDetails>(pick ?? {});
  const ref = { gateway, kind: item.kind, name: item.name };
  const details = { ...tidy(said), ...(said.enabled === false && { enabled: false }) };
  const next = (): ItemPick[] => describePick(fields.items, ref, details, () => rules.length > 0);
  const problem = useNameProblem(composed, next, said.as);
  const hasName = item.kind === 'tool' || item.kind === 'prompt';
  const close = (items: ItemPick[]): void => {
    set({ items });
    onClose();
  };
  const change = (members: { [M in keyof PickDetails]: PickDetails[M] | undefined }): void =>
    setSaid(withoutUndefined({ ...said, ...members }));
  const actions = (
    <>
      {pick && rules.length > 0 && (
        <Button onClick={() => close(forget(fields.items, ref))}>{text(PREVIEW.forget)}</Button>
      )}
      <Button look="primary" disabled={problem !== undefined} onClick={() => close(next())}>
        {text(PREVIEW.save)}
      </Button>
    </>
  );
  return (
    <Dialog title={text(PREVIEW.dialog, { name: showHidden(item.name) })} onClose={onClose} actions={actions}>
      <Origin composed={composed} />
      {hasName && (
        <TextField
          label={text(PREVIEW.as)}
          hint={text(PREVIEW.asHint)}
          error={problem}
          value={said.as ?? ''}
          placeholder={showHidden(item.name)}
          onValue={(as) => change({ as: as === '' ? undefined : as })}
        />
      )}
      <TextArea
        label={text(PREVIEW.description)}
        hint={text(PREVIEW.descriptionHint)}
        value={said.description ?? ''}
        onValue={(description) => change({ description: description === '' ? undefined : description })}
      />
      <WordsField
        label={text(PREVIEW.tags)}
        hint={text(PREVIEW.tagsHint)}
        words={said.tags ?? []}
        onWords={(tags) => change({ tags: tags.length === 0 ? undefined : tags })}
      />
      {item.kind === 'tool' && (
        <SelectField
          label={text(PREVIEW.readOnly)}
          value={READS.find((read) => READ_ONLY[read] === said.readOnly) ?? 'said'}
          choices={[
            { value: 'said', label: text(PREVIEW.readOnlyAsSaid) },
            { value: 'yes', label: text(PREVIEW.yes) },
            { value: 'no', label: text(PREVIEW.no) },
          ]}
          onValue={(read) => change({ readOnly: READ_ONLY[read] })}
        />
      )}
      <CheckField
        label={text(PREVIEW.enabled)}
        isOn={said.enabled !== false}
        onValue={(isOn) => change({ enabled: isOn ? undefined : false })}
      />
    </Dialog>
  );
}

/** Where the item is from, and what its upstream says of it. */
function Origin({ composed: { gateway, item } }: { composed: ComposedItem }): ReactNode {
  const { text } = useFormats();
  return (
    <Facts
      facts={[
        [text(PREVIEW.gateway), gateway],
        [
          text(PREVIEW.own),
          <code key="own">
            <ShownText content={item.name} />
          </code>,
        ],
        [
          text(PREVIEW.upstreamSays),
          item.description === '' ? undefined : <ShownText key="said" content={item.description} />,
        ],
      ]}
    />
  );
}

/** What is wrong with the chosen name, by the names that all items would have then. */
function useNameProblem(
  { key, item }: ComposedItem,
  next: () => ItemPick[],
  as: string | undefined,
): string | undefined {
  const { text } = useFormats();
  const { fields, catalogues, owned } = useComposing();
  const wanted = useDeferredValue(as);
  if (as !== undefined && !NAME.test(as)) return text(PREVIEW.asIllegal);
  if (wanted === undefined) return undefined;
  const { items } = composeDraft({ ...fields, items: next() }, catalogues, owned);
  // Which of two gets a name is decided by their order: the other one clashes, too.
  const clash = items.find((each) => each.name?.by === 'clash' && isNamed(each, wanted, item.kind));
  if (!clash) return undefined;
  const owner = clash.key === key ? clash.name?.owner : `${clash.gateway}/${clash.item.name}`;
  return text(PREVIEW.clashWith, { owner: owner ?? '' });
}

function isNamed({ item, name }: ComposedItem, wanted: string, kind: ItemPick['kind']): boolean {
  return item.kind === kind && name?.exposed === wanted;
}

function tidy({ as, description, readOnly, tags }: PickDetails): PickDetails {
  return withoutUndefined({ as, description, readOnly, tags, enabled: undefined });
}

function withoutUndefined(said: { [M in keyof PickDetails]: PickDetails[M] | undefined }): PickDetails {
  const { as, description, enabled, readOnly, tags } = said;
  return {
    ...(as !== undefined && { as }),
    ...(description !== undefined && { description }),
    ...(enabled !== undefined && { enabled }),
    ...(readOnly !== undefined && { readOnly }),
    ...(tags !== undefined && { tags }),
  };
}
