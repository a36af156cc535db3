import type { CatalogueItem } from '@lethe/contracts';
import { defineEntity, p } from '@mikro-orm/postgresql';

const Schema = defineEntity({
  name: 'StagedPart',
  tableName: 'catalogue_part',
  primaryKeys: ['vid', 'n'],
  properties: {
    vid: p.uuid().primary(),
    n: p.integer().primary(),
    /** As text: what an upstream said is kept as it was said. */
    items: p.json<CatalogueItem[]>().columnType('json'),
    receivedAt: p.datetime(3),
  },
});

/** A piece of a catalogue that is not whole yet, or whose changes wait for a review. */
export class StagedPart extends Schema.class {}
Schema.setClass(StagedPart);
