export function bundleChild(root: string, folder: string): Promise<void>;
