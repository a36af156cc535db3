import { texts } from '../../text/text.js';

/** Texts of the token meter. */
export const SIZE = texts('composerSize', {
  title: 'What a model has to read',
  lead: 'Clients put names, descriptions and schemas of all tools into each request of a model. About one token for four bytes; as published in revision {revision}.',
  meter: '{tokens} of {limit} tokens',
  over: 'More than {limit} tokens is a lot for a model: it costs money, and tools are chosen less well. Switch off what nobody needs.',
  saved: 'Your changes leave out {count, plural, one {# of these} other {# of these}}: about {tokens} tokens less.',
  added: '{count, plural, one {# new item is} other {# new items are}} counted after publishing.',
  kind: 'Kind',
  gateways: 'By gateway',
  gateway: 'Gateway',
  items: 'Items',
  tokens: 'Tokens',
  share: 'Share',
  list: 'Largest first',
  item: 'Item',
  keep: '{name} stays',
  nothing: 'Nothing of this kind is published.',
});
