import { RoutesApplied } from '@lethe/contracts';
import { describe, expect, it } from 'vitest';
import { LiveProxies } from './live-proxies.service.js';

const entry = { bucket: 'lethe-servers', key: 's', revision: 7 };
const notice = (proxy: string, applied: string[] = [], isLeaving = false): RoutesApplied =>
  Object.assign(new RoutesApplied(), { proxy, applied, isLeaving });

describe('a published entry', () => {
  it('is confirmed when every live proxy has this revision or a later one, in whatever order they say so', async () => {
    const proxies = new LiveProxies();
    proxies.note(notice('a', ['lethe-servers s 7']));
    proxies.note(notice('b', ['lethe-servers s 6', 'lethe-callers s 9']));
    let isConfirmed = false;
    const waited = proxies.confirmed([entry], 10_000).then((result) => (isConfirmed = result));
    proxies.note(notice('a', ['lethe-servers other 8']));
    await new Promise(setImmediate);
    expect(isConfirmed).toBe(false);
    proxies.note(notice('b', ['lethe-servers s 8']));
    expect(await waited).toBe(true);
    expect(await proxies.confirmed([entry], 0)).toBe(true);
  });

  it('is not confirmed while one of them says nothing, unless that one leaves', async () => {
    const proxies = new LiveProxies();
    proxies.note(notice('a', ['lethe-servers s 7']));
    proxies.note(notice('silent'));
    expect(await proxies.confirmed([entry], 20)).toBe(false);
    const waited = proxies.confirmed([entry], 10_000);
    proxies.note(notice('silent', [], true));
    expect(await waited).toBe(true);
  });

  it('is not waited for at proxies that open no kept credentials if it is one', async () => {
    const proxies = new LiveProxies();
    const kept = { bucket: 'lethe-kept', key: 'g', revision: 7 };
    proxies.note(notice('opens-none/1'));
    expect(await proxies.confirmed([kept], 0)).toBe(true);
    proxies.note(Object.assign(notice('opens/1'), { opensKept: true }));
    expect([await proxies.confirmed([kept], 0), proxies.behind([kept])]).toEqual([false, ['opens']]);
    proxies.note(Object.assign(notice('opens/1', ['lethe-kept g 7']), { opensKept: true }));
    expect(await proxies.confirmed([kept], 0)).toBe(true);
  });

  it('is missing on the hosts of those that have an older revision or said nothing, once for all workers of a host', () => {
    const proxies = new LiveProxies();
    expect(proxies.behind([entry])).toEqual([]);
    proxies.note(notice('up-to-date/1', ['lethe-servers s 7']));
    proxies.note(notice('late/1', ['lethe-servers s 6']));
    for (const id of ['silent/1', 'silent/2', 'of-an-older-version']) proxies.note(notice(id));
    expect(proxies.behind([entry])).toEqual(['late', 'silent']);
    expect(proxies.behind([])).toEqual([]);
  });

  it('is not confirmed when the registry ends meanwhile', async () => {
    const proxies = new LiveProxies();
    proxies.note(notice('silent'));
    const waited = proxies.confirmed([entry], 60_000);
    proxies.onModuleDestroy();
    expect(await waited).toBe(false);
    expect(await proxies.confirmed([entry], 60_000)).toBe(false);
  });

  it('is confirmed by a first proxy that comes meanwhile, and does not wait long for one', async () => {
    const proxies = new LiveProxies();
    expect(await proxies.confirmed([entry], 20)).toBe(false);
    const waited = proxies.confirmed([entry], 10_000);
    proxies.note(notice('first', ['lethe-servers s 7']));
    expect(await waited).toBe(true);
  });

  it('waits for no more than a thousand proxies', async () => {
    const proxies = new LiveProxies();
    for (let n = 0; n < 1_000; n += 1) proxies.note(notice(`p${n}`, ['lethe-servers s 7']));
    proxies.note(notice('one-more'));
    expect(await proxies.confirmed([entry], 0)).toBe(true);
    proxies.note(notice('p0', [], true));
    proxies.note(notice('one-more'));
    expect(await proxies.confirmed([entry], 0)).toBe(false);
  });

  it('is forgotten after many others of one proxy', async () => {
    const proxies = new LiveProxies();
    proxies.note(notice('a', ['lethe-servers s 7']));
    proxies.note(
      notice(
        'a',
        Array.from({ length: 5_000 }, (_, n) => `lethe-servers t${n} 8`),
      ),
    );
    expect(await proxies.confirmed([entry], 0)).toBe(false);
    expect(await proxies.confirmed([{ ...entry, key: 't0', revision: 8 }], 0)).toBe(true);
  });
});

describe('what proxies serve', () => {
  it('is known from what they applied, and from the last comparison of all routes', () => {
    const proxies = new LiveProxies();
    proxies.note(notice('applied/1', ['lethe-servers s 7']));
    proxies.note(notice('older/1', ['lethe-servers s 6']));
    proxies.note(Object.assign(notice('compared/1'), { confirmedRevision: 9 }));
    proxies.note(notice('compared/1'));
    proxies.note(notice('silent/1'));
    expect(proxies.serving(entry)).toEqual([
      { host: 'applied', revision: 7, opensKept: false },
      { host: 'older', revision: 6, opensKept: false },
      { host: 'compared', revision: 7, opensKept: false },
      { host: 'silent', revision: undefined, opensKept: false },
    ]);
    const [, compared] = proxies.states();
    expect(compared).toMatchObject({ host: 'compared', confirmedRevision: 9 });
  });
});
