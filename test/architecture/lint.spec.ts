import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import { beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const eslint = new ESLint({ cwd: root });

/** A piece of code that each rule must refuse in a source file: `[rule, code]`. */
const REFUSED: [rule: string, code: string][] = [
  ['no-restricted-syntax', 'export const port = process.env.PORT;'],
  ['no-restricted-syntax', 'export default class Registry {}'],
  ['no-restricted-syntax', 'export const f = (x: string) => x as unknown as number;'],
  ['no-restricted-syntax', "console.log('said');"],
  ['no-restricted-syntax', 'export class C { m(@Body() dto: Dto | undefined): void {} }'],
  ['@typescript-eslint/no-explicit-any', 'export const f = (x: any): number => 1;'],
  ['@typescript-eslint/no-floating-promises', 'Promise.resolve(1);'],
  ['@typescript-eslint/no-unsafe-assignment', "export const x: number = JSON.parse('1');"],
  ['@typescript-eslint/no-non-null-assertion', 'export const f = (x?: string) => x!.length;'],
  ['no-restricted-imports', "import axios from 'axios'; export const a = axios;"],
  ['no-restricted-imports', "import { got } from 'got'; export const a = got;"],
  ['no-restricted-imports', "import { connect } from 'nats'; export const a = connect;"],
  ['no-restricted-imports', "import { inner } from '@lethe/sealing/inner'; export const a = inner;"],
  ['max-lines', '\n'.repeat(251)],
  ['max-lines-per-function', `export function f(): void {\n${'  f();\n'.repeat(41)}}`],
];

/** A function that is written to a member where it stands: what it costs is in docs/adr/0017. */
const ASSIGNS_A_FUNCTION = 'export const f = (x: { done?: () => void }): void => { x.done = () => undefined; };';

async function rulesBrokenBy(code: string, file: string): Promise<(string | null)[]> {
  const [result] = await eslint.lintText(code, { filePath: `${root}${file}` });
  return result?.messages.map((message) => message.ruleId) ?? [];
}

describe('the lint rules', () => {
  // The first text loads the types of the whole project, which takes as long as the machine is busy with others.
  beforeAll(() => rulesBrokenBy('', 'libs/platform/src/errors.ts'), 120_000);

  for (const [rule, code] of REFUSED) {
    it(`${rule} refuses ${JSON.stringify(code.slice(0, 60))}`, async () => {
      expect(await rulesBrokenBy(code, 'libs/platform/src/errors.ts')).toContain(rule);
    });
  }

  it('refuse a function that is written to a member, in the proxy alone', async () => {
    expect(await rulesBrokenBy(ASSIGNS_A_FUNCTION, 'apps/proxy/src/mcp-endpoint.ts')).toContain('no-restricted-syntax');
    expect(await rulesBrokenBy(ASSIGNS_A_FUNCTION, 'libs/platform/src/errors.ts')).not.toContain(
      'no-restricted-syntax',
    );
  });

  it('let a spec be longer than a source file', async () => {
    expect(await rulesBrokenBy('\n'.repeat(300), 'test/architecture/lint.spec.ts')).not.toContain('max-lines');
  });
});
