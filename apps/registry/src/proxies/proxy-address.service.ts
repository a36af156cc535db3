import { isLoopback, Settings } from '@lethe/platform';
import { Inject, Injectable } from '@nestjs/common';

/** Injection token of the URL of a proxy in this process, undefined until it listens and if there is none. */
export const OWN_PROXY = Symbol('OwnProxy');

/** Tells where a browser page of this registry reaches the proxies. */
@Injectable()
export class ProxyAddress {
  constructor(
    @Inject(Settings) private readonly settings: Settings,
    @Inject(OWN_PROXY) private readonly ownProxy: () => string | undefined,
  ) {}

  /**
   * `LETHE_PUBLIC_URL`; otherwise a proxy in this process, by the loopback name with which the page has reached the registry:
   * the proxy accepts no other one. Undefined if neither is known.
   * @param host the `Host` of the page's request, which is checked before anything of it comes back
   */
  seenFrom(host: string | undefined): string | undefined {
    const { publicUrl } = this.settings;
    if (publicUrl !== undefined) return publicUrl.replace(/\/+$/, '');
    const own = this.ownProxy();
    const name = host === undefined ? undefined : /^(\[::1\]|[\w.-]+)(?::\d{1,5})?$/.exec(host)?.[1]?.toLowerCase();
    if (own === undefined || name === undefined || !isLoopback(name.replaceAll(/[[\]]/g, ''))) return undefined;
    return `http://${name}:${new URL(own).port || '80'}`;
  }
}
