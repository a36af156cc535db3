export function builtFrom(root: string, isWanted?: (part: string) => boolean): string[];
