import { type IncludeRule, type ItemPick, keyOf } from './server-draft.js';

/** Which item is meant. */
export type ItemRef = Pick<ItemPick, 'gateway' | 'kind' | 'name'>;
/** What is said about an item besides that it is listed. */
export type PickDetails = Omit<ItemPick, keyof ItemRef>;

/**
 * Takes items in. An item that was only switched off loses its entry again, if a rule takes it.
 * @param isByRule whether a rule takes the item
 */
export function takeIn(
  items: readonly ItemPick[],
  refs: readonly ItemRef[],
  isByRule: (key: string) => boolean,
): ItemPick[] {
  const wanted = new Map(refs.map((ref) => [keyOf(ref), ref]));
  const kept = items.flatMap((pick) => {
    const key = keyOf(pick);
    if (!wanted.delete(key)) return [pick];
    const { enabled: _, ...rest } = pick;
    return isByRule(key) && saysNothing(rest) ? [] : [rest];
  });
  const added = [...wanted].filter(([key]) => !isByRule(key)).map(([, ref]) => refOf(ref));
  return [...kept, ...added];
}

/** Leaves items out. One that a rule takes, or of which something is said, is switched off; another is listed no more. */
export function leaveOut(
  items: readonly ItemPick[],
  refs: readonly ItemRef[],
  isByRule: (key: string) => boolean,
): ItemPick[] {
  const wanted = new Map(refs.map((ref) => [keyOf(ref), ref]));
  const kept = items.flatMap((pick) => {
    const key = keyOf(pick);
    if (!wanted.delete(key)) return [pick];
    return isByRule(key) || !saysNothing(pick) ? [{ ...pick, enabled: false }] : [];
  });
  const added = [...wanted].filter(([key]) => isByRule(key)).map(([, ref]) => ({ ...refOf(ref), enabled: false }));
  return [...kept, ...added];
}

/** Says something about an item; undefined members are taken away. An entry that says nothing more goes, if a rule takes the item. */
export function describePick(
  items: readonly ItemPick[],
  ref: ItemRef,
  details: { [M in keyof PickDetails]?: PickDetails[M] | undefined },
  isByRule: (key: string) => boolean,
): ItemPick[] {
  const key = keyOf(ref);
  const said = withoutUndefined(details);
  const next: ItemPick = { ...refOf(ref), ...said };
  const isNeeded = !isByRule(key) || !saysNothing(next);
  const index = items.findIndex((pick) => keyOf(pick) === key);
  if (index < 0) return isNeeded ? [...items, next] : [...items];
  return isNeeded ? items.with(index, next) : items.toSpliced(index, 1);
}

/** Takes entries off the list: rules count for them again. */
export function forget(items: readonly ItemPick[], ref: ItemRef): ItemPick[] {
  const key = keyOf(ref);
  return items.filter((pick) => keyOf(pick) !== key);
}

/** A rule without members that say nothing. */
export function tidyRule(rule: IncludeRule): IncludeRule {
  const { gateway, gatewayTags, kinds, names, tags, annotations } = rule;
  return {
    ...(gateway !== undefined && gateway !== '' && { gateway }),
    ...(gatewayTags?.length && { gatewayTags }),
    ...(kinds?.length && { kinds }),
    ...(names?.length && { names }),
    ...(tags?.length && { tags }),
    ...(annotations && Object.keys(annotations).length > 0 && { annotations }),
  };
}

function refOf({ gateway, kind, name }: ItemRef): ItemRef {
  return { gateway, kind, name };
}

function saysNothing({ as, description, enabled, readOnly, tags }: PickDetails): boolean {
  return [as, description, enabled, readOnly, tags].every((said) => said === undefined);
}

function withoutUndefined(details: { [M in keyof PickDetails]?: PickDetails[M] | undefined }): PickDetails {
  const { as, description, enabled, readOnly, tags } = details;
  return {
    ...(as !== undefined && { as }),
    ...(description !== undefined && { description }),
    ...(enabled !== undefined && { enabled }),
    ...(readOnly !== undefined && { readOnly }),
    ...(tags !== undefined && { tags }),
  };
}
