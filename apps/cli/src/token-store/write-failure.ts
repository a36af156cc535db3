import { CliError } from '../errors/cli.error.js';

/** Whether it is an error of the operating system with this code. */
export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** What a file could not be written for, in words: a full disk, a quota, a file system for reading alone, rights. Other errors stay. */
export function notWritten(error: unknown, path: string): unknown {
  const isOfSystem = error instanceof Error && 'code' in error && 'syscall' in error && typeof error.code === 'string';
  if (!isOfSystem) return error;
  const text = `${path} can not be written (${String(error.code)}); what was there is unchanged`;
  return new CliError('unexpected', 'store_unwritable', text, [
    'Is the disk full, or is it for reading alone? Another folder: set XDG_CONFIG_HOME.',
  ]);
}
