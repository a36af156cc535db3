import type { QueryClient } from '@tanstack/react-query';
import { type AnyRouter, createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { Loading } from '../ui/states.js';
import { NotFound } from './not-found.js';
import { Shell } from './shell.js';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const SCREENS = [
  createRoute({
    getParentRoute: () => root,
    path: '/',
    component: lazyRouteComponent(() => import('../screens/home/home.screen.js'), 'HomeScreen'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/gateways',
    validateSearch: textsOf('q', 'state', 'drift', 'tag'),
    component: lazyRouteComponent(() => import('../screens/gateways/gateways.screen.js'), 'GatewaysScreen'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/gateways/register',
    validateSearch: textsOf('url'),
    component: lazyRouteComponent(() => import('../screens/register/register.screen.js'), 'RegisterScreen'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/gateways/$ref',
    validateSearch: textsOf('tab'),
    component: lazyRouteComponent(() => import('../screens/gateway/gateway.screen.js'), 'GatewayScreen'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/gateways/$ref/verify',
    component: lazyRouteComponent(() => import('../screens/register/verify.screen.js'), 'VerifyScreen'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/gateways/$ref/review/$vid',
    validateSearch: textsOf('q', 'change', 'status', 'item'),
    component: lazyRouteComponent(() => import('../screens/review/review.screen.js'), 'ReviewScreen'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/catalogue',
    validateSearch: textsOf('q', 'kind', 'gateway', 'tag', 'item'),
    component: lazyRouteComponent(() => import('../screens/catalogue/catalogue.screen.js'), 'CatalogueScreen'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/servers',
    validateSearch: textsOf('q', 'gateway', 'tag'),
    component: lazyRouteComponent(() => import('../screens/servers/servers.screen.js'), 'ServersScreen'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/servers/new',
    validateSearch: textsOf('gateway'),
    component: lazyRouteComponent(() => import('../screens/composer/new-server.screen.js'), 'NewServerScreen'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/servers/$ref',
    validateSearch: textsOf('tab'),
    component: lazyRouteComponent(() => import('../screens/composer/server.screen.js'), 'ServerScreen'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/connect',
    validateSearch: textsOf('server', 'client', 'way'),
    component: lazyRouteComponent(() => import('../screens/connect/connect.screen.js'), 'ConnectScreen'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/try',
    validateSearch: textsOf('server', 'kind', 'item'),
    component: lazyRouteComponent(() => import('../screens/try/try.screen.js'), 'TryScreen'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/activity',
    validateSearch: textsOf('window', 'server', 'gateway', 'key', 'outcome', 'failed'),
    component: lazyRouteComponent(() => import('../screens/activity/activity.screen.js'), 'ActivityScreen'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/audit',
    validateSearch: textsOf('actor', 'operation', 'target', 'from', 'to', 'entry'),
    component: lazyRouteComponent(() => import('../screens/audit/audit.screen.js'), 'AuditScreen'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/keys',
    validateSearch: textsOf('state', 'role', 'server', 'ending', 'key'),
    component: lazyRouteComponent(() => import('../screens/keys/keys.screen.js'), 'KeysScreen'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/administrators',
    validateSearch: textsOf('administrator'),
    component: lazyRouteComponent(
      () => import('../screens/administrators/administrators.screen.js'),
      'AdministratorsScreen',
    ),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/settings',
    validateSearch: textsOf('tab', 'q', 'set'),
    component: lazyRouteComponent(() => import('../screens/settings/settings.screen.js'), 'SettingsScreen'),
  }),
] as const;

const routes = root.addChildren([...SCREENS]);

/** The screens by their addresses below `/console`. Each is read when somebody goes there. */
export function newRouter(_queries: QueryClient): AnyRouter {
  return createRouter({
    routeTree: routes,
    basepath: '/console',
    defaultPendingComponent: Loading,
    defaultPreload: 'intent',
    scrollRestoration: true,
  });
}

/** Search parameters that are texts: unknown and empty ones are dropped. */
function textsOf<Name extends string>(
  ...names: Name[]
): (search: Record<string, unknown>) => Partial<Record<Name, string>> {
  return (search) => {
    const found: Partial<Record<Name, string>> = {};
    for (const name of names) {
      const value = search[name];
      if (typeof value === 'string' && value !== '') found[name] = value;
      // The router reads `q=12` and `failed=true` as a number and a boolean.
      if (typeof value === 'number' || typeof value === 'boolean') found[name] = String(value);
    }
    return found;
  };
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createRouter<typeof routes, 'never', false>>;
  }
}
