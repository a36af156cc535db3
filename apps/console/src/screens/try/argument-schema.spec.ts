import type { JsonObject } from '@lethe/contracts';
import { expect, it } from 'vitest';
import { argumentSchema, templateVariables } from './argument-schema.js';

it.each([
  ['note://{id}', ['id']],
  ['x://{+path}/{name}{?a,b*,c:3}{&a}', ['path', 'name', 'a', 'b', 'c']],
  ['x://plain', []],
  ['x://{}/{ }', []],
])('finds the variables of %s', (template, names) => {
  expect(templateVariables(template)).toEqual(names);
});

it('makes a form of the arguments of a prompt, and none for a resource', () => {
  const item = { name: 'greet', title: undefined, description: undefined };
  const definition: JsonObject = {
    arguments: [{ name: 'who', description: 'Whom', required: true }, { name: 'how' }, 'none'],
  };
  expect(argumentSchema({ ...item, kind: 'prompt', definition })).toEqual({
    type: 'object',
    properties: { who: { type: 'string', description: 'Whom' }, how: { type: 'string' } },
    required: ['who'],
  });
  expect(argumentSchema({ ...item, kind: 'resource', definition: {} })).toBeUndefined();
  expect(argumentSchema({ ...item, kind: 'tool', definition: {} })).toEqual({ type: 'object' });
});
