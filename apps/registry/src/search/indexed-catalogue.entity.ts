import { defineEntity, p } from '@mikro-orm/postgresql';

const Schema = defineEntity({
  name: 'IndexedCatalogue',
  tableName: 'indexed_catalogue',
  properties: {
    gatewayId: p.uuid().primary(),
    version: p.string(),
  },
});

/** Which catalogue of a gateway is in the search index. */
export class IndexedCatalogue extends Schema.class {}
Schema.setClass(IndexedCatalogue);
