import type { ItemKind } from '../api/gateway-items.js';
import { texts } from '../text/text.js';

/** What people call the kinds of items. */
export const KIND = texts<ItemKind>('itemKind', {
  tool: 'Tool',
  prompt: 'Prompt',
  resource: 'Resource',
  resourceTemplate: 'Resource template',
});
