import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ROOT } from './processes.js';

/** What docker-compose.yml says of one service, as far as the tests look at it. */
export interface ComposeService {
  image?: string;
  environment: Record<string, string>;
  command: string[];
  volumes: string[];
  ports: string[];
  readOnly: boolean;
  /** Neither core dumps nor swap may keep what its memory holds. */
  keepsMemoryToItself: boolean;
}

interface RawService {
  image?: string;
  environment?: Record<string, string | number>;
  command?: string[];
  volumes?: string[];
  ports?: string[];
  read_only?: boolean;
  mem_limit?: string;
  memswap_limit?: string;
  ulimits?: { core?: number };
}

/** The services of docker-compose.yml, its variables filled in as compose fills them in from an .env file. */
export async function readCompose(variables: Record<string, string>): Promise<Record<string, ComposeService>> {
  return parseCompose(await readFile(join(ROOT, 'docker-compose.yml'), 'utf8'), variables);
}

/** Pure part of `readCompose`. Throws for a required variable that is not given. */
export function parseCompose(text: string, variables: Record<string, string>): Record<string, ComposeService> {
  const { services } = parse(text, { merge: true }) as { services: Record<string, RawService> };
  return Object.fromEntries(Object.entries(services).map(([name, raw]) => [name, serviceOf(raw, variables)]));
}

/** Names of the variables that must be given, for an .env file. */
export function requiredVariables(text: string): string[] {
  return [...new Set([...text.matchAll(/\$\{(\w+):\?[^}]*\}/g)].map((match) => match[1] ?? ''))].sort();
}

function serviceOf(raw: RawService, variables: Record<string, string>): ComposeService {
  const environment = Object.entries(raw.environment ?? {});
  return {
    image: raw.image,
    environment: Object.fromEntries(environment.map(([name, value]) => [name, filledIn(String(value), variables)])),
    command: raw.command ?? [],
    volumes: raw.volumes ?? [],
    ports: raw.ports ?? [],
    readOnly: raw.read_only ?? false,
    keepsMemoryToItself: raw.ulimits?.core === 0 && raw.mem_limit !== undefined && raw.memswap_limit === raw.mem_limit,
  };
}

/** `${NAME:?message}` and `${NAME:-default}` as compose understands them: an empty value counts as none. */
function filledIn(value: string, variables: Record<string, string>): string {
  return value.replace(
    /\$\{(\w+)(:[?-])?([^}]*)\}/g,
    (_whole, name: string, operator: string | undefined, rest: string) => {
      const given = variables[name];
      if (given !== undefined && given !== '') return given;
      if (operator === ':-') return rest;
      throw new Error(`docker-compose.yml needs ${name}`);
    },
  );
}
