/** The services of the image: `APP` selects the entry file; the health check uses the port. */
export const APPS = {
  registry: { entry: 'dist/apps/registry/src/main.js', port: process.env.REGISTRY_PORT || 4400 },
  connector: { entry: 'dist/apps/connector/src/main.js', port: process.env.CONNECTOR_PORT || 4700 },
  proxy: { entry: 'dist/apps/proxy/src/main.js', port: process.env.PROXY_PORT || 4500 },
  standalone: { entry: 'dist/apps/standalone/src/main.js', port: process.env.REGISTRY_PORT || 4400 },
  'demo-upstream': { entry: 'dist/apps/demo/src/upstream/main.js', port: process.env.DEMO_UPSTREAM_PORT || 4900 },
};

/** The app that `APP` selects; ends the process with a clear line if there is none. */
export function chosenApp() {
  const app = APPS[process.env.APP ?? ''];
  if (app !== undefined) return app;
  console.error(`APP: must be one of ${Object.keys(APPS).join(', ')}`);
  process.exit(2);
}
