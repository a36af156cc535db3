import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mintToken } from './marked-token.js';
import type { PieceHashes } from './piece-matcher.js';
import { canReadMemory, withDescendants } from './process-memory.js';
import { countCopies, countCopiesInFiles, searchFiles, searchMemory } from './search.js';

const MIB = 1024 * 1024;

describe('searching files', () => {
  let dir: string;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'lethe-search-'));
    mkdirSync(join(dir, 'below'));
  });
  afterEach(() => {
    rmSync(dir, { recursive: true, force: true });
  });

  const write = (bytes: Buffer | string): void => {
    writeFileSync(join(dir, 'below', 'file'), bytes);
  };

  it('counts each piece of a token by its hash, as bytes and as UTF-16', () => {
    const { token, hashes } = mintToken();
    write(Buffer.concat([randomBytes(999), Buffer.from(token), randomBytes(3), Buffer.from(token, 'utf16le')]));
    expect(searchFiles(dir, hashes).copies).toBe(8);
  });

  it('counts a single piece that is left of a token', () => {
    const { token, hashes } = mintToken();
    write(`x${token.slice(16, 32)}y`);
    expect(searchFiles(dir, hashes).copies).toBe(1);
  });

  it('does not count the pieces of another token', () => {
    write(mintToken().token.repeat(50));
    expect(searchFiles(dir, mintToken().hashes)).toEqual({ bytes: 3_200, copies: 0 });
  });

  it('counts a token across two chunks once, wherever the border cuts it', () => {
    const { token, hashes } = mintToken();
    for (const cut of [1, 15, 16, 31, 40, 63]) {
      write(Buffer.concat([Buffer.alloc(4 * MIB - cut), Buffer.from(token), Buffer.alloc(100)]));
      expect(searchFiles(dir, hashes).copies).toBe(4);
      expect(countCopiesInFiles(dir, Buffer.from(token))).toBe(1);
    }
  });

  it('counts whole copies once and remains of eight characters, but not of seven', () => {
    const canary = randomBytes(48).toString('base64url');
    const other = '*'.repeat(20);
    const remains = [canary, canary.slice(20, 28), canary.slice(0, 8), canary.slice(-8), canary.slice(30, 37)];
    write(remains.join(other));
    expect(countCopiesInFiles(dir, Buffer.from(canary))).toBe(4);
    write(Buffer.from(remains.join(other), 'utf16le'));
    expect(countCopiesInFiles(dir, Buffer.from(canary))).toBe(4);
  });

  it('counts nothing in random bytes', () => {
    write(randomBytes(9 * MIB));
    expect(countCopiesInFiles(dir, Buffer.from(randomBytes(48).toString('base64url')))).toBe(0);
    expect(searchFiles(join(dir, 'below', 'file'), mintToken().hashes)).toEqual({ bytes: 9 * MIB, copies: 0 });
  });
});

describe.runIf(canReadMemory())('searching memory', () => {
  const holders: ChildProcess[] = [];

  /** A process that holds a text from its standard input. */
  async function holderOf(text: string, program: string): Promise<number> {
    const holder = spawn(process.execPath, ['-e', program], { stdio: ['pipe', 'pipe', 'ignore'] });
    holders.push(holder);
    holder.stdin.write(text);
    await once(holder.stdout, 'data');
    return holder.pid ?? 0;
  }
  async function heldHashes(program: string): Promise<{ pid: number; hashes: PieceHashes }> {
    const holder = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'ignore'] });
    holders.push(holder);
    const [said] = (await once(holder.stdout, 'data')) as [Buffer];
    return { pid: holder.pid ?? 0, hashes: JSON.parse(said.toString()) as PieceHashes };
  }

  const keepIt = "process.stdin.once('data', (d) => { globalThis.kept = d.toString(); console.log('held'); });";

  afterEach(() => {
    for (const holder of holders.splice(0)) holder.kill('SIGKILL');
  });

  it('finds the pieces of a token in the process that holds it, and nothing in one that does not', async () => {
    const { token, hashes } = mintToken();
    const [pid, other] = [await holderOf(token, keepIt), await holderOf(mintToken().token, keepIt)];
    expect(searchMemory(pid, hashes).copies).toBeGreaterThanOrEqual(4);
    expect(searchMemory(other, hashes).copies).toBe(0);
    expect(searchMemory(other, hashes).bytes).toBeGreaterThan(10 * MIB);
  });

  it('finds a known text and what is left of it', async () => {
    const canary = randomBytes(48).toString('base64url');
    const pid = await holderOf(canary.slice(10, 30), keepIt);
    expect(countCopies(pid, Buffer.from(canary))).toBeGreaterThanOrEqual(1);
    expect(countCopies(pid, Buffer.from(randomBytes(48).toString('base64url')))).toBe(0);
  });

  it('leaves nothing of what it read with the searcher', async () => {
    // Like `mintToken`, in a process that reveals only the hashes.
    const holder = await heldHashes(`
      const { createHash, randomBytes } = require('node:crypto');
      globalThis.pieces = [1, 2, 3, 4].map((n) => '~L' + n + '.' + randomBytes(9).toString('base64url'));
      const pieces = globalThis.pieces.map((piece) => createHash('sha256').update('salt').update(piece).digest('hex'));
      console.log(JSON.stringify({ salt: 'salt', pieces }));
      setInterval(() => {}, 1_000);`);
    expect(searchMemory(holder.pid, holder.hashes).copies).toBeGreaterThanOrEqual(4);
    expect(searchMemory(process.pid, holder.hashes).copies).toBe(0);
  });

  it('refuses a process that is not there', () => {
    expect(() => searchMemory(2 ** 22 + 1, mintToken().hashes)).toThrow('ENOENT');
  });

  it('knows the descendants of a process', async () => {
    const program = `const c = require('node:child_process').spawn('sleep', ['60']);
      c.once('spawn', () => console.log(c.pid)); process.on('exit', () => c.kill());
      process.stdin.once('data', () => {});`;
    const pid = await holderOf('x', program);
    expect(withDescendants(pid).length).toBe(2);
    expect(withDescendants(process.pid)).toContain(pid);
    for (const child of withDescendants(pid).slice(1)) process.kill(child);
  });
});
