import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from './processes.js';

/** The users of deploy/nats/nats.conf. */
export const NATS_USERS = ['registry', 'connector', 'proxy', 'operator'] as const;
export type NatsUser = (typeof NATS_USERS)[number];

export function natsPasswords(): Record<NatsUser, string> {
  const password = (): string => `pw_${randomBytes(18).toString('hex')}`;
  return { registry: password(), connector: password(), proxy: password(), operator: password() };
}

/** The variable of the environment that holds a user's password. */
export function passwordVariable(user: NatsUser): string {
  return `NATS_${user.toUpperCase()}_PASSWORD`;
}

/** The text of deploy/nats/nats.conf with these passwords in place of its variables; address and folder are the caller's. */
export async function natsConfiguration(passwords: Record<NatsUser, string>): Promise<string> {
  let text = await readFile(join(ROOT, 'deploy/nats/nats.conf'), 'utf8');
  for (const user of NATS_USERS) text = text.replace(`$${passwordVariable(user)}`, JSON.stringify(passwords[user]));
  return text;
}
