import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * The folder with the files of Swagger UI that the build has copied beside the bundled services. Undefined for a registry that
 * runs from its sources: then the package swagger-ui-dist is installed and has them.
 */
export function builtApiPage(): string | undefined {
  const folder = fileURLToPath(new URL('../../../../api-page', import.meta.url));
  return existsSync(folder) ? folder : undefined;
}
