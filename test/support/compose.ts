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
  /** Those it is connected to, in alphabetical order. */
  networks: string[];
  /** Without one of them, it starts always. */
  profiles: string[];
  stopGraceSeconds: number;
  limitsMemory: boolean;
  /** Whether its log has a largest size and a largest number of files. */
  limitsLog: boolean;
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
  networks?: string[];
  network_mode?: string;
  profiles?: string[];
  stop_grace_period?: string;
  logging?: { options?: Record<string, string> };
}

/** Seconds after which an engine kills a service that sets nothing. */
const STOP_GRACE_SECONDS = 10;

/** The services of docker-compose.yml, its variables filled in as compose fills them in from an .env file. */
export async function readCompose(variables: Record<string, string>): Promise<Record<string, ComposeService>> {
  return parseCompose(await readFile(join(ROOT, 'docker-compose.yml'), 'utf8'), variables);
}

/** Pure part of `readCompose`. Throws for a required variable that is not given. */
export function parseCompose(text: string, variables: Record<string, string>): Record<string, ComposeService> {
  const { services } = parse(text, { merge: true }) as { services: Record<string, RawService> };
  return Object.fromEntries(Object.entries(services).map(([name, raw]) => [name, serviceOf(raw, variables)]));
}

/** Names of the networks that lead outside of the machine. */
export function openNetworks(text: string): string[] {
  const { networks } = parse(text) as { networks: Record<string, { internal?: boolean } | null> };
  return Object.keys(networks).filter((name) => networks[name]?.internal !== true);
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
    // Without a list, compose connects a service to a network of all such services.
    networks: (raw.networks ?? [raw.network_mode ?? 'default']).toSorted(),
    profiles: raw.profiles ?? [],
    stopGraceSeconds: secondsOf(raw.stop_grace_period),
    limitsMemory: raw.mem_limit !== undefined,
    limitsLog: ['max-file', 'max-size'].every((option) => raw.logging?.options?.[option] !== undefined),
  };
}

function secondsOf(period: string | undefined): number {
  return period === undefined ? STOP_GRACE_SECONDS : Number(/^(\d+)s$/.exec(period)?.[1]);
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
