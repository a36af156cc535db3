import type { CatalogueItem } from '@lethe/contracts';
import { defineEntity, p } from '@mikro-orm/postgresql';

const Schema = defineEntity({
  name: 'StagedPart',
  tableName: 'catalogue_part',
  primaryKeys: ['vid', 'n'],
  properties: {
    vid: p.uuid().primary(),
    n: p.integer().primary(),
    /** `json`, not `jsonb`, keeps definitions byte for byte. */
    items: p.json<CatalogueItem[]>().columnType('json'),
    receivedAt: p.datetime(3),
  },
});

/** A part of a catalogue that is not complete yet, or that waits for a review. */
export class StagedPart extends Schema.class {}
Schema.setClass(StagedPart);
