// Who may import whom (ARCHITECTURE.md). Each rule has a name, and test/architecture seeds a violation of each one.
const SOURCE = '(?<!\\.spec)\\.tsx?$';

/**
 * The rooms (folders under `apps/<app>/src`) of each app, from the top floor to the ground. A room imports only itself and
 * rooms of the floors below; rooms of one floor do not know each other. Files beside the rooms are above them all. A room
 * may be a folder in a room (`handshake/client`).
 */
const FLOORS = {
  registry: [
    ['activity', 'connect', 'events', 'explain', 'overview', 'search', 'status', 'transfer'],
    ['publishing', 'keys', 'audit', 'console', 'document', 'admins/api'],
    ['servers'],
    ['verifications', 'probes', 'kept'],
    ['changes'],
    ['catalogue'],
    ['gateways'],
    ['idempotency', 'connectors', 'proxies'],
    ['admins'],
    ['audit/trail'],
    ['rest', 'rows'],
  ],
  cli: [
    ['commands'],
    ['bridge'],
    ['login'],
    ['doctor', 'mcp', 'refresher'],
    ['credential', 'verification', 'oauth'],
    ['registry', 'token-store'],
    ['terminal', 'command-line'],
    ['errors', 'settings'],
  ],
  console: [
    ['app'],
    [
      ...['screens/activity', 'screens/administrators', 'screens/audit', 'screens/catalogue', 'screens/composer'],
      ...['screens/connect', 'screens/gateway', 'screens/gateways', 'screens/home', 'screens/keys', 'screens/register'],
      ...['screens/review', 'screens/servers', 'screens/settings', 'screens/sign-in', 'screens/try'],
    ],
    // What several screens show: a state, a schema as a form, a plot.
    ['parts'],
    ['editing'],
    ['ui'],
    ['session', 'sealing'],
    ['api'],
    ['text'],
  ],
  demo: [['upstream', 'token/holder', 'token/minter'], ['processes'], ['search'], ['clients']],
  connector: [
    ['reservations', 'probes'],
    ['door'],
    ['handshakes'],
    ['reports'],
    ['slots'],
    ['identity'],
    ['child'],
    ['processes'],
    ['handshake'],
    ['handshake/secret-scan'],
    ['handshake/catalogue'],
    ['handshake/eras'],
    ['handshake/client'],
    ['handshake/outcome'],
    ['discovery'],
  ],
  proxy: [
    // Only the root chooses the fast path.
    ['dispatch', 'http/fast'],
    ['notifications/get-stream', 'notifications/subscriptions'],
    ['notifications/sources'],
    ['notifications'],
    ['calls'],
    ['calls/http-sse'],
    ['calls/relay', 'calls/translation'],
    ['server-requests', 'lists'],
    ['upstream/http-sse'],
    ['upstream'],
    ['telemetry'],
    ['request'],
    ['replicas'],
    ['sessions'],
    ['protocol', 'credentials', 'limits'],
    ['auth'],
    ['routes/snapshot'],
    ['routes/table'],
    ['routes/content'],
    ['http'],
    ['http/response'],
    ['http/request', 'workers'],
  ],
};

/**
 * The packages that services and command are made of. The build bundles them, so they are development dependencies, but for those
 * that it can't bundle. Each has its reason in docs/operations/dependencies.md.
 */
const PRODUCTION = [
  '@electric-sql/pglite',
  '@fastify/static',
  '@inquirer/password',
  '@mikro-orm/core',
  '@mikro-orm/migrations',
  '@mikro-orm/nestjs',
  '@mikro-orm/postgresql',
  '@modelcontextprotocol/client',
  '@modelcontextprotocol/sdk',
  '@nats-io/jetstream',
  '@nats-io/kv',
  '@nats-io/transport-node',
  '@nestjs/common',
  '@nestjs/core',
  '@nestjs/microservices',
  '@nestjs/platform-fastify',
  '@nestjs/swagger',
  'ajv',
  'any-ascii',
  'canonicalize',
  'class-transformer',
  'class-validator',
  'commander',
  'fastify',
  'ipaddr.js',
  'jose',
  'lru-cache',
  'oauth4webapi',
  'pg',
  'pino',
  'prom-client',
  'reflect-metadata',
  'rxjs',
  'undici',
  'yaml',
  'zod',
];

/** The rules of one app's rooms: one for each room, and one for rooms that are on no floor. Type imports count. */
function floors(app, levels) {
  const source = `^apps/${app}/src/`;
  const rooms = levels.flat();
  // A room without the rooms in it.
  const folder = (room) => {
    const inner = rooms.filter((other) => other.startsWith(`${room}/`)).map((other) => other.slice(room.length + 1));
    return `${source}${room}/${inner.length > 0 ? `(?!(?:${inner.join('|')})/)` : ''}`;
  };
  const rules = levels.flatMap((level, index) =>
    level.map((room) => ({
      name: `${app}-${room.replaceAll('/', '-')}-imports-only-rooms-below`,
      comment: `Move the code to a lower room, or let ${room} own an abstract class that a higher room implements.`,
      severity: 'error',
      from: { path: folder(room) },
      to: { path: `^apps/${app}/`, pathNot: [room, ...levels.slice(index + 1).flat()].map(folder) },
    })),
  );
  const unlisted = {
    name: `${app}-has-no-room-without-a-floor`,
    comment: 'Give the room its place in FLOORS, in this file.',
    severity: 'error',
    from: { path: `${source}[^/]+/`, pathNot: rooms.map(folder) },
    to: {},
  };
  return [...rules, unlisted];
}

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'contracts-and-mcp-know-nothing',
      comment: 'The shared language and the wire rules import no other lib; move the code up instead.',
      severity: 'error',
      from: { path: '^libs/(contracts|mcp)/' },
      to: { path: '^libs/', pathNot: '^libs/(contracts|mcp)/' },
    },
    {
      name: 'contracts-stand-alone',
      comment: 'mcp may import contracts, not the other way round.',
      severity: 'error',
      from: { path: '^libs/contracts/' },
      to: { path: '^libs/(?!contracts/)' },
    },
    {
      name: 'second-layer-libs-know-only-contracts-and-mcp',
      comment: 'egress, sealing and platform are the second layer and do not import each other.',
      severity: 'error',
      from: { path: '^libs/(egress|sealing|platform)/' },
      to: { path: '^libs/', pathNot: ['^libs/(contracts|mcp)/', '^libs/$1/'] },
    },
    {
      name: 'oauth-knows-only-what-its-requests-need',
      comment: 'oauth signs with sealing and connects with egress; pass what else is needed as a parameter.',
      severity: 'error',
      from: { path: '^libs/oauth/' },
      to: { path: '^libs/', pathNot: '^libs/(contracts|mcp|egress|sealing|oauth)/' },
    },
    {
      name: 'messaging-knows-no-persistence',
      comment: 'The bus works without a database; the registry connects the outbox and the bus.',
      severity: 'error',
      from: { path: '^libs/messaging/' },
      to: { path: '^libs/persistence/' },
    },
    {
      name: 'console-imports-only-what-a-browser-has',
      comment: 'The console takes @lethe/contracts and @lethe/mcp; everything else it asks of the admin API.',
      severity: 'error',
      from: { path: '^apps/console/src/', pathNot: '\\.spec\\.tsx?$' },
      to: { path: '^libs/(?!contracts/|mcp/)' },
    },
    {
      name: 'libs-import-no-app',
      comment: 'Libs are below apps; pass what is needed as a parameter.',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^apps/' },
    },
    {
      name: 'apps-import-no-other-app',
      comment:
        'Services communicate over the bus, with the messages of @lethe/contracts. Only standalone starts all three.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/', pathNot: '^apps/standalone/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'standalone-hosts-only-the-three-services',
      comment: 'standalone starts registry, connector and proxy by their <name>.app.ts, and nothing else of them.',
      severity: 'error',
      from: { path: '^apps/standalone/' },
      to: { path: '^apps/(?!standalone/)', pathNot: '^apps/(registry|connector|proxy)/src/\\1\\.app\\.ts$' },
    },
    {
      name: 'proxy-imports-no-nest',
      comment: 'The proxy is assembled by hand (ADR 0029): its memory and its start have no room for a framework.',
      severity: 'error',
      from: { path: '^apps/proxy/' },
      to: { path: ['node_modules/@nestjs/', 'node_modules/rxjs/', 'node_modules/reflect-metadata/'] },
    },
    {
      name: 'proxy-has-no-database',
      comment: 'The proxy serves from manifests in memory; what it needs is published to it.',
      severity: 'error',
      from: { path: '^apps/proxy/' },
      to: { path: ['^libs/(persistence|embedded)/', 'node_modules/(@mikro-orm|pg|kysely|@electric-sql)/'] },
    },
    {
      name: 'only-the-registry-has-a-database',
      comment: 'The connector stores nothing after a handshake.',
      severity: 'error',
      from: { path: '^apps/(connector|cli|demo)/' },
      to: { path: ['^libs/(persistence|embedded)/', 'node_modules/(@mikro-orm|pg|kysely|@electric-sql)/'] },
    },
    {
      name: 'libs-are-entered-by-their-entry-point',
      comment: 'Import `@lethe/<lib>` and export what is missing from its index.ts.',
      severity: 'error',
      from: { pathNot: '^libs/' },
      to: { path: '^libs/', pathNot: '^libs/[^/]+/src/index\\.ts$' },
    },
    {
      name: 'libs-enter-each-other-by-their-entry-point',
      comment: 'Import `@lethe/<lib>` and export what is missing from its index.ts.',
      severity: 'error',
      from: { path: '^libs/([^/]+)/' },
      to: { path: '^libs/', pathNot: ['^libs/$1/', '^libs/[^/]+/src/index\\.ts$'] },
    },
    {
      name: 'libs-are-entered-by-their-name',
      comment: 'Write `@lethe/<lib>`, not a relative path into libs/.',
      severity: 'error',
      from: { path: '^(apps|test)/' },
      to: { path: '^libs/', dependencyTypes: ['local'], dependencyTypesNot: ['aliased', 'aliased-tsconfig'] },
    },
    {
      name: 'pure-libs-import-no-nest',
      comment: 'contracts, mcp, egress, sealing and oauth work without Nest; except decorators of class-validator.',
      severity: 'error',
      from: { path: '^libs/(contracts|mcp|egress|sealing|oauth)/' },
      to: { path: ['node_modules/@nestjs/', 'node_modules/fastify/', 'node_modules/rxjs/'] },
    },
    {
      name: 'pure-libs-do-no-network',
      comment: 'contracts and mcp are rules over values: no I/O.',
      severity: 'error',
      from: { path: `^libs/(contracts|mcp)/.*${SOURCE}` },
      to: { path: '^(node:)?(fs|fs/promises|net|tls|http|https|http2|dns|dns/promises|child_process|worker_threads)$' },
    },
    {
      name: 'only-messaging-knows-the-bus',
      comment: 'Use the ports of @lethe/messaging, so that the embedded bus stays the same code.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: ['^libs/messaging/', '\\.spec\\.ts$'] },
      to: { path: 'node_modules/@nats-io/' },
    },
    {
      name: 'services-know-no-controllers',
      comment: 'controller | handler | responder | job -> service -> entity, never back.',
      severity: 'error',
      from: { path: '\\.service\\.ts$' },
      to: { path: '\\.(controller|handler|responder|job)\\.ts$' },
    },
    {
      name: 'entities-know-no-services',
      comment: 'controller | handler | responder | job -> service -> entity, never back.',
      severity: 'error',
      from: { path: '\\.entity\\.ts$' },
      to: { path: '\\.(controller|handler|responder|job|service|module)\\.ts$' },
    },
    {
      name: 'source-imports-no-tests',
      comment: 'Specs and test support are not shipped.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '\\.spec\\.ts$' },
      to: { path: ['\\.spec\\.ts$', '^test/'] },
    },
    {
      name: 'source-imports-production-packages-only',
      comment: 'What is imported is bundled and shipped: add the package to PRODUCTION, in this file, or do without.',
      severity: 'error',
      from: { path: '^(apps/(?!console/)|libs/)', pathNot: '\\.spec\\.ts$' },
      to: {
        path: 'node_modules/',
        pathNot: `node_modules/(?:${PRODUCTION.join('|').replaceAll('.', '\\.')})/`,
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'no-undeclared-package',
      comment: 'Declare it in package.json, with its reason in docs/operations/dependencies.md.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-import-without-target',
      comment: 'The import resolves to nothing.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    ...Object.entries(FLOORS).flatMap(([app, levels]) => floors(app, levels)),
    {
      name: 'no-circles',
      comment: 'Two files that need each other, if only by their types, are one file, or need a third.',
      severity: 'error',
      from: { path: '^(apps|libs)/' },
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '^dist'] },
    // The programs of the lab run where their libraries are installed, not here.
    exclude: { path: ['^dist', '^test/lab/(clients/libraries|servers/programs)/.*\\.mjs$'] },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
    },
  },
};

// For test/architecture. Not enumerable, because dependency-cruiser refuses keys it does not know.
Object.defineProperties(module.exports, { FLOORS: { value: FLOORS }, PRODUCTION: { value: PRODUCTION } });
