import { spawn } from 'node:child_process';

/**
 * Shows a web page in the person's browser, without a shell. Resolves to false if the program can't be started.
 * @param url checked: it becomes an argument of a program
 */
export async function openPage(browser: string, url: string): Promise<boolean> {
  const { href } = new URL(url);
  const first = browser === 'rundll32' ? ['url.dll,FileProtocolHandler'] : [];
  const child = spawn(browser, [...first, href], { stdio: 'ignore', detached: true, shell: false });
  return new Promise((resolve) => {
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}
