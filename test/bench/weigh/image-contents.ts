/** Where a stage of the Dockerfile works; what is copied from there is at the same path in a checkout. */
const WORK_FOLDER = '/lethe/';
const FROM = /^FROM /m;

/**
 * Paths, of a checkout that is built, of what the last stage of its Dockerfile copies.
 * @throws Error for a Dockerfile that copies nothing
 */
export function copiedPaths(dockerfile: string): string[] {
  const last = dockerfile.split(FROM).at(-1) ?? '';
  const paths = [...last.matchAll(/^COPY (?:--\S+ )*(.+) \S+$/gm)].flatMap(([, sources = '']) => sources.split(' '));
  if (paths.length === 0) throw new Error('the Dockerfile copies nothing');
  return paths.map((path) => (path.startsWith(WORK_FOLDER) ? path.slice(WORK_FOLDER.length) : path));
}

/**
 * What npm is given for the packages of the image.
 * @throws Error for a Dockerfile without such a stage
 */
export function installArguments(dockerfile: string): string[] {
  const stage = dockerfile.split(FROM).find((text) => /^[^\n]* AS dependencies$/m.test(text)) ?? '';
  const found = /^RUN npm (ci [^&\n]+)/m.exec(stage)?.[1];
  if (found === undefined) throw new Error('the Dockerfile has no stage that installs dependencies');
  return found.trim().split(' ');
}
