import type { BuildOptions } from 'esbuild';

export function childBundle(root: string, outfile: string): BuildOptions;
