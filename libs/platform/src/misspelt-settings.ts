import { nearestWord } from '@lethe/mcp';
import { SETTINGS_TABLE } from './settings-table.js';

const PREFIX = 'LETHE_';
/** Variables of the `lethe` command. */
const OF_THE_COMMAND = ['LETHE_URL', 'LETHE_TOKEN'];

/**
 * A line for each `LETHE_…` variable that is no setting but nearly has the name of one, and would be ignored otherwise.
 * Others are somebody's own (`LETHE_KEY` in a client's configuration, the variables that Kubernetes makes of a service).
 */
export function misspeltSettings(env: NodeJS.ProcessEnv): string[] {
  const settings = SETTINGS_TABLE.map(({ variable }) => variable);
  const known = new Set([...settings, ...OF_THE_COMMAND]);
  const prefixed = settings.filter((variable) => variable.startsWith(PREFIX)).map(bare);
  return Object.keys(env)
    .filter((name) => name.startsWith(PREFIX) && !known.has(name) && env[name] !== '')
    .flatMap((name) => {
      const near = nearestWord(bare(name), prefixed);
      const meant = settings.includes(bare(name)) ? bare(name) : near && `${PREFIX}${near}`;
      return meant === undefined ? [] : [`${name}: not a setting; did you mean ${meant}?`];
    });
}

/** The prefix, which all of them have, would make short names look alike. */
function bare(name: string): string {
  return name.slice(PREFIX.length);
}
