/** The version of the `lethe` command, that of the whole project. */
export const VERSION = '0.1.0';
