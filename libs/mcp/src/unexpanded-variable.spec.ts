import { describe, expect, it } from 'vitest';
import { unexpandedVariable } from './unexpanded-variable.js';

describe('unexpandedVariable', () => {
  it.each([
    ['${LETHE_KEY}', '${NAME}'],
    ['${LETHE_KEY:-none}', '${NAME:-default}'],
    ['$LETHE_KEY', '$NAME'],
    ['{env:LETHE_KEY}', '{env:NAME}'],
    ['{file:./key}', '{file:PATH}'],
    ['${{ secrets.LETHE_KEY }}', '${{ secrets.NAME }}'],
    ['{{LETHE_KEY}}', '{{NAME}}'],
    ['${env:LETHE_KEY}', '${env:NAME}'],
    ['${input:lethe-key}', '${env:NAME}'],
    ['$env:LETHE_KEY', '$env:NAME'],
    ['%LETHE_KEY%', '%NAME%'],
    ['$(cat key)', '$(COMMAND)'],
  ])('finds %s, alone and behind a scheme', (value, notation) => {
    expect(unexpandedVariable(value)).toBe(notation);
    expect(unexpandedVariable(`Bearer ${value}`)).toBe(notation);
    expect(unexpandedVariable(`Basic ${value}`)).toBe(notation);
  });

  it.each([
    ...['', 'Bearer', 'Bearer token', 'sk-a$b{c}d', 'Bearer $2b$10$abcdefghijklmnopqrstuv', '$ecret', 'pa$$WORD'],
    ...['{"type":"service_account"}', '100%', '%', '}', 'a}', '${', '${}', '$', 'x${A}', '${A}x', '${A}${B}', '(a)'],
    `\${${'A'.repeat(300)}}`,
  ])('takes %j for a secret', (value) => {
    expect(unexpandedVariable(value)).toBeUndefined();
  });
});
