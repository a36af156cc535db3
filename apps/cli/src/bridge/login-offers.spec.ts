import { expect, it } from 'vitest';
import { LoginOffers, type LoginWish } from './login-offers.js';

const target: LoginWish = {
  server: 'https://lethe.example/servers/team/mcp',
  gateway: 'wiki',
  origin: 'https://wiki.example',
};

it('asks for more scopes of a gateway three times, and for a login that is missing as often as it is', async () => {
  const offers = new LoginOffers((_wish, screens) => Promise.resolve().then(() => screens.page('https://as.example/auth', new AbortController().signal)));
  const ask = async (wish: LoginWish): Promise<string> => {
    const { message, done } = await offers.begin(wish);
    await done;
    return message;
  };
  for (const scope of ['a', 'a b', 'a b c']) {
    expect(await ask({ ...target, scope })).toContain(`Sign in again for wiki, which asks for more: ${scope}. The page is at https://as.example`);
  }
  await expect(ask({ ...target, scope: 'a b c d' })).rejects.toMatchObject({ code: 'scopes_again' });
  expect(await ask(target)).toContain('Sign in for wiki');
}); // prettier-ignore
