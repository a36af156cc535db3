import { describe, expect, it } from 'vitest';
import { toFilterJson, matches, readFilter, supportedFilter } from './subscription-filter.js';

describe('the filter of subscriptions/listen', () => {
  it('is read and written as it was, each URI once', () => {
    const filter = readFilter({
      notifications: { toolsListChanged: true, promptsListChanged: false, resourceSubscriptions: ['a://b', 'a://b'] },
    });
    expect(filter).toEqual({ lists: ['tools'], uris: ['a://b'] });
    expect(toFilterJson(filter)).toEqual({ toolsListChanged: true, resourceSubscriptions: ['a://b'] });
  });

  it('is refused when it is none', () => {
    for (const params of [{}, { notifications: [] }, { notifications: { resourceSubscriptions: [1] } }]) {
      expect(() => readFilter(JSON.parse(JSON.stringify(params)))).toThrow('The parameters are not valid');
    }
  });

  it('lets through what was asked for and nothing else', () => {
    const filter = readFilter({ notifications: { toolsListChanged: true, resourceSubscriptions: ['a://b'] } });
    expect(matches(filter, 'notifications/tools/list_changed', undefined)).toBe(true);
    expect(matches(filter, 'notifications/prompts/list_changed', undefined)).toBe(false);
    expect(matches(filter, 'notifications/resources/updated', { uri: 'a://b' })).toBe(true);
    expect(matches(filter, 'notifications/resources/updated', { uri: 'a://c' })).toBe(false);
    expect(matches(filter, 'notifications/message', {})).toBe(false);
  });

  it('asks an upstream only for what it declares', () => {
    const all = readFilter({
      notifications: { toolsListChanged: true, resourcesListChanged: true, resourceSubscriptions: ['a://b'] },
    });
    expect(supportedFilter({ tools: { listChanged: true }, resources: {} }, all)).toEqual({
      lists: ['tools'],
      uris: [],
    });
    expect(supportedFilter({ resources: { subscribe: true } }, all)).toEqual({ lists: [], uris: ['a://b'] });
  });
});
