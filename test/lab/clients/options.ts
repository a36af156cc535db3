import { parseArgs } from 'node:util';

/** What the command line says. */
export interface Options {
  /** Ids of clients; empty: all. */
  only: string[];
  /** Clients start `lethe bridge` instead of being given a URL. */
  isBridge: boolean;
  /** A folder whose packages are used again; undefined: a temporary one. */
  folder: string | undefined;
  /** Prints what the clients printed and what arrived. */
  isVerbose: boolean;
  /** The packages are installed, and this is the process that runs the clients. */
  isInside: boolean;
  /** That process has no network but loopback. */
  isIsolated: boolean;
}

/** @throws Error for what is not understood */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string', default: '' },
      bridge: { type: 'boolean', default: false },
      folder: { type: 'string' },
      verbose: { type: 'boolean', default: false },
      inside: { type: 'boolean', default: false },
      isolated: { type: 'boolean', default: false },
    },
  });
  return {
    only: values.only.split(',').filter((id) => id !== ''),
    isBridge: values.bridge,
    folder: values.folder,
    isVerbose: values.verbose,
    isInside: values.inside,
    isIsolated: values.isolated,
  };
}
