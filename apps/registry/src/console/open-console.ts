import type { Logger, Settings } from '@lethe/platform';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ProxyAddress } from '../proxies/proxy-address.service.js';
import { builtConsole, readConsole } from './console-files.js';
import { ConsoleStatus } from './console-status.service.js';
import { serveConsole } from './console.route.js';
import { SignIn } from './sign-in.service.js';

/**
 * Serves the console of this build, if it is switched on and was built. Called before the registry listens.
 * @returns whether it is served
 */
export async function openConsole(
  app: NestFastifyApplication,
  { settings, consoleFolder = builtConsole() }: { settings: Settings; consoleFolder?: string },
  logger: Logger,
): Promise<boolean> {
  if (!settings.console) return false;
  const files = await readConsole(consoleFolder);
  if (!files) {
    logger.warn('The console is not in this build, so /console is not served; npm run build makes it');
    return false;
  }
  const [signIn, proxies] = [app.get(SignIn), app.get(ProxyAddress)];
  serveConsole(app.getHttpAdapter().getInstance(), {
    files,
    connectsTo: async (host) => {
      const { oidc } = await signIn.describe(new Date());
      return [proxies.seenFrom(host), oidc?.tokenEndpoint];
    },
  });
  app.get(ConsoleStatus).isServed = true;
  return true;
}
