/** Prefix of every caller's key, before `_`. */
export const CALLER_KEY_PREFIX = 'lethe_key';
/** Prefix of every administrator's token, before `_`. */
export const ADMIN_TOKEN_PREFIX = 'lethe_admin';
