export interface PackageLicence {
  key: string;
  name: string;
  version: string;
  license: string;
}

export const ALLOWED: readonly string[];

export function licencesOf(
  packages: Record<string, { version: string; license?: string }>,
  keys: readonly string[],
): PackageLicence[];

export function thirdPartyLicences(root: string, rows: readonly PackageLicence[]): string;
