import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { SeededRandom } from '../../support/faults/random.js';

const VERBS = ['create', 'get', 'list', 'update', 'delete', 'search', 'add', 'remove', 'send', 'find', 'read', 'write', 'merge', 'close', 'open', 'assign', 'export', 'import', 'run', 'cancel']; // prettier-ignore
const NOUNS = ['issue', 'pull_request', 'repository', 'comment', 'page', 'document', 'message', 'channel', 'user', 'team', 'project', 'task', 'board', 'sprint', 'label', 'file', 'folder', 'branch', 'commit', 'release', 'invoice', 'customer', 'order', 'payment', 'report', 'dashboard', 'alert', 'incident', 'deployment', 'pipeline', 'secret_scan', 'webhook', 'calendar_event', 'contact', 'deal', 'ticket', 'query', 'table', 'column', 'record']; // prettier-ignore
const VOCABULARY = 4_000;
const DESCRIPTION_WORDS = 30;
const PART = 1_000;

/** How much there is to search. */
export interface Size {
  gateways: number;
  itemsOfEach: number;
  servers: number;
}

/** Catalogues as a registry stores them: names of the usual form, and descriptions whose words are as unequal as those of a language. */
export class Catalogues {
  private readonly random = new SeededRandom(20_261_130);
  private readonly words = Array.from({ length: VOCABULARY }, () => this.newWord());

  constructor(private readonly sql: pg.Client) {}

  async fill({ gateways, itemsOfEach, servers }: Size): Promise<void> {
    const ids: string[] = [];
    for (let n = 0; n < gateways; n += 1) ids.push(await this.gateway(n, itemsOfEach));
    for (let n = 0; n < servers; n += 1) await this.server(n, this.random.shuffled(ids).slice(0, 3));
  }

  /** A word that seldom occurs, if at all. */
  rareWord(): string {
    return this.words.at(-1 - Math.floor(this.random.next() * 500)) ?? '';
  }

  private async gateway(n: number, items: number): Promise<string> {
    const id = randomUUID();
    await this.sql.query(
      `insert into gateway (id, slug, name, tags, listing, drift, enabled, last_attempt, last_applied_attempt, blocks, version, mac,
          created_at, updated_at) values ($1, $2, $2, '["tag-${n % 10}"]', 'catalogue', 'auto', true, 1, 1, '["x"]', 1, '', now(), now())`,
      [id, `gateway-${n}`],
    );
    const rows = Array.from({ length: items }, (_, ordinal) => ({ ordinal, ...this.item(ordinal) }));
    for (let from = 0; from < rows.length; from += PART)
      await this.sql.query(
        `insert into catalogue_item (gateway_id, ordinal, kind, own, definition, stale)
          select $1, ordinal, kind, own, definition, false
            from json_to_recordset($2::json) as r (ordinal int, kind text, own text, definition json)`,
        [id, JSON.stringify(rows.slice(from, from + PART))],
      );
    return id;
  }

  private item(n: number): { kind: string; own: string; definition: object } {
    const [verb, noun] = [this.random.one(VERBS), this.random.one(NOUNS)];
    const description = Array.from({ length: DESCRIPTION_WORDS }, () => this.word()).join(' ');
    const own = n % 3 === 0 ? camelCase(`${verb}_${noun}_${n}`) : `${verb}_${noun}_${n}`;
    return { kind: 'tool', own, definition: { name: own, title: `${verb} a ${noun}`, description, inputSchema: {} } };
  }

  /** Virtual servers that expose all items of some gateways. */
  private async server(n: number, gateways: string[]): Promise<void> {
    const id = randomUUID();
    await this.sql.query(
      `insert into virtual_server (id, slug, live_slug, name, access, short_form, items, include, left_out, revision, version, mac,
          created_at, updated_at) values ($1, $2, $2, $2, '"key"', '{}', '[]', '[]', '[]', 1, 1, '', now(), now())`,
      [id, `server-${n}`],
    );
    await this.sql.query(
      `insert into exposed_name (server_id, kind, exposed, gateway_id, own, chosen, current)
        select $1, kind, own || '-' || left(gateway_id::text, 8), gateway_id, own, false, true
          from catalogue_item where gateway_id = any($2)`,
      [id, gateways],
    );
  }

  /** The n-th word is as frequent as 1/n, as in a language. */
  private word(): string {
    return this.words[Math.floor(VOCABULARY ** this.random.next()) - 1] ?? 'the';
  }

  private newWord(): string {
    const syllable = (): string => this.random.one([...'bcdfghklmnprst']) + this.random.one([...'aeiou']);
    return Array.from({ length: 2 + Math.floor(this.random.next() * 3) }, syllable).join('');
  }
}

function camelCase(name: string): string {
  return name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
