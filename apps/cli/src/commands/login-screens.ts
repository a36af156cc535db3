import type { LoginScreens } from '../login/log-in.js';
import { askSecret } from '../terminal/ask-secret.js';
import { openPage } from '../terminal/open-page.js';
import type { Terminal } from '../terminal/terminal.js';

/** What a person sees of a login. @param browser undefined: the page is printed, for a browser elsewhere */
export function loginScreens(terminal: Terminal, browser: string | undefined): LoginScreens {
  return {
    firstUse({ gateway, resource, issuer, isVerified }) {
      const known = isVerified ? 'Lethe has verified both, and they are remembered.' : 'Both are remembered.';
      terminal.note(`First login for ${gateway}: a token for ${resource}, from ${issuer}. ${known}`);
    },
    async page(url, ended) {
      if (browser !== undefined && (await openPage(browser, url))) {
        terminal.note('Sign in in your browser. If none has opened, go to:');
        terminal.note(url);
        return undefined;
      }
      terminal.note('Sign in at:');
      terminal.note(url);
      if (!terminal.isInteractive) return undefined;
      terminal.note('If your browser then shows an error, because it is on another machine, paste the URL that it ended at.');
      // It contains the code, which is a secret for as long as it was not used.
      return askSecret(terminal, 'URL:', ended);
    },
    code({ url, code, completeUrl }) {
      terminal.note(`Go to ${url} on any device, and type the code ${code}`);
      if (completeUrl !== undefined) terminal.note(`Or go to ${completeUrl}`);
    },
  };
} // prettier-ignore
