/** URL of a PostgreSQL on which every test makes a database of its own; set by `startServices`. */
export const POSTGRES_URL = 'LETHE_TEST_POSTGRES_URL';

/** Path of the nats-server that tests start; set by `startServices`. */
export const NATS_SERVER = 'LETHE_TEST_NATS_SERVER';

/** Path of the Chromium that tests of the console drive; set by `startServices`. */
export const CHROMIUM = 'LETHE_TEST_CHROMIUM';
