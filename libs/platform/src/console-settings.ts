import { onOff, optional, set, text } from './setting-kinds.js';

/** Settings of the console, the web page that the registry serves. */
export const CONSOLE_SETTINGS = {
  console: set(onOff(), 'on', {
    variable: 'LETHE_CONSOLE',
    group: 'console',
    about: 'on | off; off serves nothing of the console, the web page at /console of the registry',
  }),
  consoleOidcClientId: optional(text(), {
    variable: 'LETHE_CONSOLE_OIDC_CLIENT_ID',
    group: 'console',
    about:
      'Public client (code and PKCE) of LETHE_ADMIN_OIDC_ISSUER with which administrators sign in at the console; its redirect URI is <registry>/console/callback',
    example: 'lethe-console',
  }),
  consoleOidcScope: set(text(), 'openid', {
    variable: 'LETHE_CONSOLE_OIDC_SCOPE',
    group: 'console',
    about: 'Scopes that the console asks this issuer for, separated by spaces; openid must be one of them',
  }),
};
