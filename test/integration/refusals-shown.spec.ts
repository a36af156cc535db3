import { beforeAll, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { connectLegacy } from '../support/mcp-clients.js';
import { BELIEVES_FORWARDED, fromSomewhere } from '../support/proxy/caller-addresses.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import type { Refusal } from '../support/scripted-clients/client-wire.js';
import { REFUSED_CLIENTS, type Shown } from '../support/scripted-clients/refused-clients.js';
import { ScriptedClient } from '../support/scripted-clients/scripted-client.js';

/** What a person must read who configured the client so. */
const MISTAKES: [name: string, headers: Record<string, string>, says: RegExp][] = [
  ['no key', {}, /No Authorization header was sent: set it in the client to Bearer and a caller key of Lethe/],
  [
    'a wrong key',
    { authorization: 'Bearer lethe_key_0190c0de-0000-7000-8000-0000000000aa_aaaaaaaaaaaaaaaaaaaa' },
    /The caller key in the Authorization header is not known here: copy the whole key again/,
  ],
  [
    'a variable that was not replaced',
    { authorization: 'Bearer ${LETHE_KEY}' },
    /The Authorization header contains a variable, written as \$\{NAME\}.*set the variable/,
  ],
];
const NO_SIGN_IN = /put a caller key of Lethe into the Authorization header/;

describeProxies('clients that are refused', { count: 1, env: BELIEVES_FORWARDED }, ({ proxies, keep, publish }) => {
  beforeAll(() => publish({ slug: 'refuses', access: 'key', gateways: [] }));

  const cases = REFUSED_CLIENTS.flatMap((client) => MISTAKES.map((mistake) => ({ client, mistake })));
  it.each(cases)('$client.name shows what to do about $mistake.0', async ({ client, mistake: [, headers, says] }) => {
    verifies('callers.refusal-says-why');
    const asking = keep(
      new ScriptedClient(
        client,
        `${proxies.url}/servers/refuses/mcp`,
        { ...headers, ...fromSomewhere(), 'x-upstream-a': 'b' },
        {},
      ),
    );
    expect(await asking.connect()).toBeUndefined();
    const { refusals } = asking;
    const ofEndpoint = refusals.filter(({ status }) => status === 401);
    expect(ofEndpoint.length).toBeGreaterThan(0);
    for (const { text, challenge } of ofEndpoint) {
      const { message } = JSON.parse(text).error;
      expect(message).toMatch(says);
      expect(challenge).toContain(`"${message}"`);
    }
    const shown =
      'authorization' in headers ? client.showsOfWrongKey : (client.showsWithoutKey ?? client.showsOfWrongKey);
    if (shown !== 'nothing') expect(shownOf(refusals, shown)).toMatch(shown === 'registration' ? NO_SIGN_IN : says);
  });

  it.each(MISTAKES)('the official client shows what to do about %s', async (_, headers, says) => {
    verifies('callers.refusal-says-why');
    await expect(
      connectLegacy(`${proxies.url}/servers/refuses/mcp`, { ...headers, ...fromSomewhere() }),
    ).rejects.toThrow(says);
  });
});

function shownOf(refusals: readonly Refusal[], shown: Exclude<Shown, 'nothing'>): string {
  const wanted = refusals.findLast(({ what, status }) =>
    shown === 'registration' ? what === 'POST /register' : status === 401,
  );
  if (shown === 'challenge') return wanted?.challenge ?? '';
  if (shown === 'message') return JSON.parse(wanted?.text ?? '').error.message;
  return wanted?.text ?? '';
}
