import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, type ServiceProcess, startCommand } from '../processes.js';
import type { PodTemplate } from './objects.js';
import type { SecretFiles } from './secrets-api.js';

/** What a pod finds here in place of what it would find in a cluster. */
export interface Surroundings {
  /** Secrets, by their names. */
  secrets: ReadonlyMap<string, SecretFiles>;
  /** Variables that differ: ports and the address to listen on. */
  env?: Record<string, string>;
}

/**
 * Runs the only container of a pod as a process: its command, its variables and the files of its Secrets. Its folders are in
 * `home`; the image's folder is the checkout. A Secret that does not exist has no files, as an optional one.
 */
export function startPod({ spec }: PodTemplate, home: string, { secrets, env = {} }: Surroundings): ServiceProcess {
  const [container] = spec.containers;
  if (!container) throw new Error('a pod without a container');
  for (const { name, mountPath } of container.volumeMounts ?? []) {
    const folder = join(home, mountPath);
    mkdirSync(folder, { recursive: true });
    const secret = spec.volumes?.find((volume) => volume.name === name)?.secret;
    const files = Object.entries(secrets.get(secret?.secretName ?? '') ?? {});
    for (const [file, text] of files) writeFileSync(join(folder, file), text, { mode: 0o440 });
  }
  const here = (value: string): string => {
    const isMounted = container.volumeMounts?.some(({ mountPath }) => `${value}/`.startsWith(`${mountPath}/`));
    return isMounted ? join(home, value) : value;
  };
  const variables = (container.env ?? []).map(({ name, value, valueFrom }) => {
    const { name: secret = '', key = '' } = valueFrom?.secretKeyRef ?? {};
    return [name, here(value ?? secrets.get(secret)?.[key] ?? '')];
  });
  const command = [...(container.command ?? []), ...(container.args ?? [])].map(here);
  const image = { NODE_ENV: 'production' };
  return startCommand(command, home, { ...image, ...Object.fromEntries(variables), ...env }, {
    name: container.name,
    cwd: ROOT,
  }); // prettier-ignore
}
