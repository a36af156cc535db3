export function bundleChild(root: string, folder: string): Promise<import('esbuild').Metafile>;
