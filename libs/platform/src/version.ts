/** The version of the services, that of the whole project. */
export const VERSION = '0.1.0';
