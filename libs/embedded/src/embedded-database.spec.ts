import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedDatabase, startEmbeddedDatabase } from './embedded-database.js';

/** Messages of a client: https://www.postgresql.org/docs/18/protocol-message-formats.html */
function message(type: string, body = ''): Buffer {
  const head = Buffer.alloc(type.length + 4);
  head.write(type);
  head.writeInt32BE(body.length + 4, type.length);
  return Buffer.concat([head, Buffer.from(body, 'latin1')]);
}
const STARTUP = message('', '\0\x03\0\0user\0postgres\0database\0postgres\0\0');
const SSL_REQUEST = message('', '\x04\xd2\x16\x2f');
const CANCEL_REQUEST = message('', '\x04\xd2\x16\x2e\0\0\0\0\0\0\0\0');
const FLUSH = message('H');
const SYNC = message('S');
const TERMINATE = message('X');
const EXECUTION = Buffer.concat([message('B', '\0'.repeat(8)), message('E', '\0'.repeat(5))]);
const parse = (sql: string) => message('P', `\0${sql}\0\0\0`);
const query = (sql: string) => message('Q', `${sql}\0`);

const PARSED = '1\0\0\0\x04';
const READY = 'Z\0\0\0\x05';

/** A client that sends its messages one by one. */
class RawClient {
  readonly socket: Socket;
  private received = '';

  constructor(url: string) {
    this.socket = connect(join(decodeURIComponent(new URL(url).hostname), '.s.PGSQL.5432'));
    this.socket.on('data', (chunk: Buffer) => (this.received += chunk.toString('latin1')));
  }

  /** What was received until and with `part`, since the last call. */
  async until(part: string): Promise<string> {
    while (!this.received.includes(part)) await once(this.socket, 'data');
    const all = this.received;
    this.received = '';
    return all;
  }

  send(...messages: Buffer[]): void {
    this.socket.write(Buffer.concat(messages));
  }
}

describe('the embedded database', () => {
  const dir = mkdtempSync(join(tmpdir(), 'lethe-embedded-'));
  const others: pg.Client[] = [];
  let database: EmbeddedDatabase;
  let other: pg.Client;

  async function driver(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    others.push(client);
    return client;
  }

  async function session(): Promise<RawClient> {
    const client = new RawClient(database.url);
    client.send(STARTUP);
    await client.until(READY);
    return client;
  }

  /** By then, the database has read what others sent before. */
  async function allIsRead(): Promise<void> {
    const client = new RawClient(database.url);
    client.send(SSL_REQUEST);
    await client.until('N');
    client.socket.destroy();
  }

  beforeAll(async () => {
    database = await startEmbeddedDatabase(join(dir, 'data'));
    other = await driver();
    await other.query('create table thing (text text)');
  }, 60_000);
  afterAll(async () => {
    await Promise.all(others.map((client) => client.end()));
    await database?.close();
    rmSync(dir, { recursive: true, force: true });
  });

  it('answers the parts of a query as one, whatever others ask in between', async () => {
    const client = await session();
    client.send(parse(`select 'mine'`), FLUSH);
    await client.until(PARSED);
    const theirs = other.query('select $1::text as text', ['theirs']);
    await allIsRead();
    client.send(EXECUTION, SYNC);
    expect(await client.until(READY)).toContain('mine');
    expect((await theirs).rows).toEqual([{ text: 'theirs' }]);
    client.socket.destroy();
  });

  it('ignores after an error only what the same client sends', async () => {
    const client = await session();
    client.send(parse('select nonsense'), FLUSH);
    await client.until('42703');
    const theirs = other.query('select $1::text as text', ['theirs']);
    await allIsRead();
    client.send(EXECUTION, SYNC, query('select 7'));
    expect(await client.until('SELECT 1')).not.toContain('theirs');
    expect((await theirs).rows).toEqual([{ text: 'theirs' }]);
    client.socket.destroy();
  });

  it.each([
    ['during a query', [parse('select 1'), FLUSH], PARSED],
    ['after an error', [parse('select nonsense'), FLUSH], '42703'],
    ['in a transaction', [query('begin'), query(`insert into thing values ('lost')`)], 'INSERT 0 1'],
    [
      'during a query of a transaction',
      [query('begin'), query(`insert into thing values ('lost')`), parse('select 1'), FLUSH],
      PARSED,
    ],
  ])('undoes what a client has begun that leaves %s', async (_when, messages, reached) => {
    for (const leave of [
      (client: RawClient) => client.socket.destroy(),
      (client: RawClient) => client.send(TERMINATE),
      // Not of the protocol.
      (client: RawClient) => client.send(Buffer.from('GET / HTTP/1.1\r\n\r\n')),
    ]) {
      const client = await session();
      client.send(...messages);
      await client.until(reached);
      const theirs = other.query('select $1::text as text', ['theirs']);
      await allIsRead();
      leave(client);
      expect((await theirs).rows).toEqual([{ text: 'theirs' }]);
      expect((await other.query('select * from thing')).rows).toEqual([]);
      client.socket.destroy();
    }
  });

  it('drops what a client has sent that leaves before its turn', async () => {
    const client = await session();
    await other.query('begin');
    client.send(query(`insert into thing values ('never')`));
    await allIsRead();
    client.socket.destroy();
    await allIsRead();
    await other.query('commit');
    expect((await other.query('select * from thing')).rows).toEqual([]);
  });

  it('closes the connection of a request to cancel at once', async () => {
    await other.query('begin');
    const client = new RawClient(database.url);
    client.send(CANCEL_REQUEST);
    await once(client.socket.resume(), 'close');
    await other.query('commit');
  });

  it('serves clients whose messages come in many parts', async () => {
    const clients = await Promise.all(Array.from({ length: 6 }, () => driver()));
    const lengths = clients.map(async (client, index) => {
      const text = 'x'.repeat(400_000 + index);
      const seen: unknown[] = [];
      for (let round = 0; round < 5; round += 1) {
        const isWriter = index < 2;
        if (isWriter) await client.query('begin');
        if (isWriter) await client.query('insert into thing values ($1)', [text]);
        const { rows } = await client.query('select length($1) as length', [text]);
        if (isWriter) await client.query('rollback');
        seen.push(rows);
      }
      return seen;
    });
    const expected = clients.map((_client, index) => Array.from({ length: 5 }, () => [{ length: 400_000 + index }]));
    expect(await Promise.all(lengths)).toEqual(expected);
  });
});
