import { expect, it } from 'vitest';
import { LineMember } from './line-member.js';

it('a member of lines is encoded as any field of a line, and bounded in number', () => {
  let cleaned = 0;
  const member = new LineMember('client', (value) => ((cleaned += 1), value.replaceAll('x', '?')));
  for (let n = 0; n < 2; n++) expect(member.of('a"x')).toBe(String.raw`,"client":"a\"?"`);
  expect(cleaned).toBe(1);
  expect(member.of('')).toBe('');
  for (let n = 0; n < 10_000; n++) member.of(`client ${n}`);
  member.of('a"x');
  expect(cleaned).toBe(10_003);
  // What a client may make as long as its message is encoded each time, and kept nowhere.
  for (let n = 0; n < 2; n++) member.of('y'.repeat(257));
  expect(cleaned).toBe(10_005);
  expect(new LineMember('argument').of('CANARY')).not.toContain('CANARY');
});
