/** The browser of the scripted person: cookies, redirects, and the forms of a device code. */
export class Browser {
  private readonly cookies = new Map<string, string>();

  /** @param onRedirect changes where the browser goes, such as to the redirect URI with other parameters */
  constructor(private readonly onRedirect: (url: URL) => URL = (url) => url) {}

  /** Opens a page and follows every redirect. Returns the last URL. */
  async open(url: string, init: RequestInit = {}): Promise<{ url: URL; status: number; text: string }> {
    let [next, options] = [new URL(url), init];
    for (let hops = 0; hops < 20; hops += 1) {
      const headers = { ...(options.headers as object), cookie: this.cookieHeader() };
      const response = await fetch(next, { ...options, headers, redirect: 'manual' });
      for (const line of response.headers.getSetCookie()) this.keep(line);
      const location = response.headers.get('location');
      if (location === null) return { url: next, status: response.status, text: await response.text() };
      next = this.onRedirect(new URL(location, next));
      options = {};
    }
    throw new Error('too many redirects');
  }

  /** Types a user code and confirms it. */
  async confirm(verificationUrl: string, code: string): Promise<void> {
    const { text } = await this.open(verificationUrl);
    const [, xsrf = ''] = /name="xsrf" value="([^"]+)"/.exec(text) ?? [];
    const post = (fields: Record<string, string>) =>
      this.open(verificationUrl, { method: 'POST', body: new URLSearchParams({ xsrf, user_code: code, ...fields }) });
    await post({});
    await post({ confirm: 'yes' });
  }

  private cookieHeader(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  private keep(line: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (value === '') this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}
