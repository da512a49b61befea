/**
 * Who may import whom: one entry a module, in the order of the table in ARCHITECTURE.md. What an entry does not name is refused, for
 * types as for values. `npm run check` reads this file through scripts/borders.ts; test/architecture/imports.test.ts breaks every border once.
 *
 * - `files`, `except`: the beginnings of the paths that the entry is about
 * - `ours`: the files of this project that they may import
 * - `types`: files of which they may import the types and nothing else
 * - `packages`: npm packages; absent = any package
 * - `node`: whether they may import what Node brings along
 */
const EVERY_MODULE_BUT_THE_PAGES = [
  ...[
    'domain/',
    'commands/',
    'texts/',
    'notifications/',
    'policies/',
    'calendars/',
    'config/',
    'workflows/',
    'activities/',
    'adapters/',
    'store/',
    'client/',
    'api/',
  ],
  ...['inbound-mail/', 'verifier/', 'scenarios/', 'worker/', 'embedded/', 'cli/', 'bench/', 'scripts/'],
];

const MODULES = [
  { name: 'domain', files: ['domain/'], ours: ['domain/'], packages: ['canonicalize', '@noble/hashes'], node: false },
  { name: 'texts', files: ['texts/'], ours: ['texts/', 'domain/'], packages: ['intl-messageformat'], node: false },
  { name: 'notifications', files: ['notifications/'], ours: ['notifications/', 'texts/', 'domain/'], packages: [], node: false },
  { name: 'policies', files: ['policies/'], ours: ['policies/', 'domain/', 'calendars/'], packages: ['zod', 'yaml'], node: true },
  {
    name: 'calendars',
    files: ['calendars/'],
    ours: ['calendars/', 'domain/'],
    packages: ['temporal-polyfill', 'date-holidays', 'chinese-days'],
    node: true,
  },
  {
    name: 'store',
    files: ['store/'],
    ours: ['store/', 'domain/', 'calendars/'],
    packages: ['@mikro-orm/core', '@mikro-orm/migrations', '@mikro-orm/postgresql', 'pg', 'kysely', 'zod', 'csv-parse'],
    node: true,
  },
  {
    name: 'workflows',
    files: ['workflows/'],
    ours: ['workflows/', 'domain/'],
    packages: ['@temporalio/workflow'],
    node: false,
  },
  {
    name: 'activities',
    files: ['activities/'],
    ours: ['activities/', 'adapters/(ports|failures)\\.ts$', 'domain/', 'texts/', 'notifications/', 'store/', 'workflows/contracts.ts'],
    packages: ['@temporalio/activity', '@temporalio/common', 'zod'],
    node: false,
  },
  { name: 'adapters', files: ['adapters/'], ours: ['adapters/', 'domain/'], node: true },
  {
    name: 'client',
    files: ['client/'],
    ours: [
      ...['client/', 'commands/', 'domain/', 'config/', 'workflows/contracts.ts'],
      ...['store/log/inbox.ts', 'store/register/people.ts', 'store/connection/orm.ts', 'store/outbox/messages.ts', 'store/schema/entities/'],
    ],
    packages: ['@temporalio/client', '@temporalio/common', '@temporalio/envconfig'],
    node: true,
  },
  {
    name: 'verifier',
    files: ['verifier/'],
    except: ['verifier/main.ts', 'verifier/entry/'],
    ours: ['verifier/(?!entry/)', 'commands/', 'domain/', 'texts/'],
    packages: [
      ...['zod', 'canonicalize', '@noble/hashes', 'pkijs', 'asn1js', 'jose'],
      ...['quickjs-emscripten-core', '@jitl/quickjs-wasmfile-release-sync'],
    ],
    node: false,
  },
  { name: 'verifier-entry', files: ['verifier/main.ts', 'verifier/entry/'], ours: ['verifier/', 'commands/', 'domain/', 'texts/'], node: true },
  {
    name: 'api',
    files: ['api/'],
    ours: ['api/', 'client/', 'commands/', 'store/', 'domain/', 'texts/', 'verifier/(?!entry/)', 'config/'],
    types: ['adapters/ports.ts'],
    node: true,
  },
  {
    name: 'inbound-mail',
    files: ['inbound-mail/'],
    ours: ['inbound-mail/', 'store/', 'domain/', 'config/'],
    node: true,
  },
  { name: 'commands', files: ['commands/'], ours: ['commands/', 'domain/'], packages: ['zod'], node: false },
  { name: 'web', files: ['web/'], ours: ['web/', 'domain/', 'texts/'], types: ['api/schemas/', 'commands/forms.ts'], node: false },
  { name: 'config', files: ['config/'], ours: ['config/'], packages: ['zod'], node: true },
  { name: 'scenarios', files: ['scenarios/'], except: ['scenarios/runner/'], ours: ['scenarios/', 'domain/'], packages: ['zod', 'yaml'], node: true },
  {
    name: 'composition-root',
    files: ['cli/', 'worker/', 'embedded/', 'scenarios/runner/', 'bench/', 'scripts/'],
    ours: EVERY_MODULE_BUT_THE_PAGES,
    node: true,
  },
];

/** Tests, and what stands at the top or outside the program, import what they like. */
const FREE = ['test/', 'tools/', '[^/]+$'];

const starts = (paths) => paths.map((path) => `^${path}`);
const ofPackages = (names = ['']) => names.map((name) => (name === '' ? '^node_modules/' : `^node_modules/${name}/`));

function border({ name, files, except = [], ours, types = [], packages, node }) {
  const from = { path: starts(files), ...(except.length > 0 && { pathNot: starts(except) }) };
  const allowed = [...starts(ours), ...starts(types), ...ofPackages(packages)];
  return [
    { name, severity: 'error', from, to: { pathNot: allowed, ...(node && { dependencyTypesNot: ['core'] }) } },
    ...(types.length === 0
      ? []
      : [{ name: `${name}-types`, severity: 'error', from, to: { path: starts(types), dependencyTypesNot: ['type-only'] } }]),
  ];
}

export default {
  forbidden: [
    ...MODULES.flatMap(border),
    // A new folder is closed until it has an entry above.
    { name: 'no-entry', severity: 'error', from: { pathNot: starts([...MODULES.flatMap(({ files }) => files), ...FREE]) }, to: {} },
    { name: 'circle', severity: 'error', from: {}, to: { circular: true } },
  ],
  options: {
    // TypeScript 7 has no JavaScript API that could be asked.
    parser: 'swc',
    // Type imports count as imports.
    tsPreCompilationDeps: true,
    doNotFollow: { path: '^node_modules/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js'],
    },
  },
};
