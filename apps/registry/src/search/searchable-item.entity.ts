import type { ItemKind } from '@lethe/contracts';
import { defineEntity, p } from '@mikro-orm/postgresql';

const Schema = defineEntity({
  name: 'SearchableItem',
  tableName: 'searchable_item',
  indexes: [
    {
      name: 'searchable_item_words_index',
      properties: ['words'],
      expression:
        'create index searchable_item_words_index on searchable_item using gin (words) with (fastupdate = off)',
    },
    { name: 'searchable_item_gateway_id_index', properties: ['gatewayId'] },
    { name: 'searchable_item_key_id_index', properties: ['key', 'id'] },
  ],
  properties: {
    /** Made from gateway, kind and own name, so it stays the same when the item is found again. */
    id: p.uuid().primary(),
    gatewayId: p.uuid(),
    kind: p.text().$type<ItemKind>(),
    own: p.text(),
    /** The beginning of the own name in small letters: what lists are ordered by. */
    key: p.string(),
    title: p.text().nullable(),
    /** Its beginning. */
    description: p.text().nullable(),
    stale: p.boolean(),
    tags: p.json<string[]>(),
    words: p.text().columnType('tsvector'),
    /** Of all of the above. */
    digest: p.string(),
  },
});

/** An item of a catalogue as the search finds it. Copied from the catalogue, which stays the source of truth. */
export class SearchableItem extends Schema.class {}
Schema.setClass(SearchableItem);
