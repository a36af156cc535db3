import { config } from 'zod';

// The page's policy has no `eval`: without this, zod tries it at its first schema, and the browser reports it. It has to be
// imported before the SDK, which makes schemas when it is loaded.
config({ jitless: true });
