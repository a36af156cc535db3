// The rules of CONTRIBUTING.md that can be checked automatically. Every message says what to do instead.
import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import tseslint from 'typescript-eslint';

const readsEnvironment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'Take the setting from `Settings` (libs/platform); only a main.ts passes `process.env` to `readSettings`.',
};
const exportsDefault = {
  selector: 'ExportDefaultDeclaration',
  message: 'Export by name: `export class X`, `export function x`.',
};
const doubleAssertion = {
  selector: 'TSAsExpression > TSAsExpression',
  message: 'Narrow with a check (`typeof`, `in`, a validated class) instead of asserting twice.',
};
const shouts = {
  selector: "CallExpression[callee.object.name='console']",
  message:
    'Log through the injected logger: its serializers are allow-lists. Only the CLI and the demo speak to a terminal.',
};
const hidesClass = {
  selector:
    'Identifier:has(> Decorator[expression.callee.name=/^(Body|Query|Param|Payload)$/]) > TSTypeAnnotation > TSUnionType',
  message: 'Name one class: of a union nothing is left at run time, so the validation pipe would check nothing.',
};
const sourceSyntax = [exportsDefault, doubleAssertion, hidesClass];
/** V8 allocates a function that is written to a member where it stands in the old generation (docs/adr/0017). */
const assignsFunction = {
  selector: 'AssignmentExpression[left.type="MemberExpression"][right.type=/^(ArrowFunction|Function)Expression$/]',
  message:
    'Give the function to a constant first: as it is, V8 keeps all that it refers to until the next major collection.',
};

/** Texts of the console stand in its tables, ready to be translated. */
const untranslated = [
  {
    selector: 'JSXText[value=/[A-Za-z]{2,}/]',
    message: 'Name the text in a `texts(...)` table and show `text(TABLE.name)`.',
  },
  {
    selector:
      'JSXAttribute[name.name=/^(label|title|hint|alt|placeholder|lead|aria-label)$/] > Literal[value=/[A-Za-z]{2,}/]',
    message: 'Name the text in a `texts(...)` table and show `text(TABLE.name)`.',
  },
];
const nodeInBrowser = {
  regex: '^node:|^@lethe/(?!contracts$|mcp$)',
  message: 'A browser has no Node.js: the console takes types of @lethe/contracts and pure rules of @lethe/mcp.',
};

const bannedPackages = {
  paths: [
    { name: 'axios', message: 'Use undici: the relay needs its dispatch handlers, and one HTTP client is enough.' },
    { name: 'got', message: 'Use undici: the relay needs its dispatch handlers, and one HTTP client is enough.' },
    { name: 'node-fetch', message: 'Use undici or the built-in fetch.' },
    {
      name: 'nats',
      message: 'Use the ports of @lethe/messaging; the client behind them is @nats-io/* (docs/adr/0006).',
    },
    { name: 'jsonwebtoken', message: 'Use @lethe/sealing, which is built on jose.' },
  ],
  patterns: [
    {
      group: ['@lethe/*/*'],
      message: 'Enter a lib by its entry point, `@lethe/<lib>`, and export what is missing there.',
    },
  ],
};

export default tseslint.config(
  { ignores: ['dist/', 'apps/console/src/api/schema.ts', 'coverage/', '.lethe/', 'node_modules/'] },
  js.configs.recommended,
  { languageOptions: { globals: globals.node } },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true, allowStaticOnly: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      // A message or DTO class declares its fields with `!`; class-validator fills and checks them.
      '@typescript-eslint/no-non-null-assertion': 'error',
      // Views and texts are spread on purpose: plain copies of fields, characters of ASCII texts.
      '@typescript-eslint/no-misused-spread': 'off',
      // Its flow analysis forgets that a field can change during an await.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // Contract classes and DTOs have only fields: a literal with the same fields is as good as an instance.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // `fetchJson<T>()` at a trust boundary names the type that our own other side sends.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      // `return reject(response, 404);` is the most readable form of an early return.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // Nest modules register classes that no code constructs itself, and ports need async signatures without await.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/consistent-type-definitions': 'off',
      'no-restricted-imports': ['error', bannedPackages],
      'no-restricted-syntax': ['error', ...sourceSyntax, readsEnvironment, shouts],
      'no-console': 'off',
      eqeqeq: 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: ['apps/**/*.ts', 'libs/**/*.ts', 'apps/**/*.tsx'],
    ignores: ['**/*.spec.ts'],
    rules: {
      'max-lines': ['error', { max: 250 }],
      'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
      complexity: ['error', 15],
    },
  },
  {
    files: ['apps/proxy/src/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: { 'no-restricted-syntax': ['error', ...sourceSyntax, readsEnvironment, shouts, assignsFunction] },
  },
  {
    files: ['apps/console/src/**/*.{ts,tsx}'],
    ...reactHooks.configs.flat.recommended,
    // It says that the React Compiler leaves a component alone; there is no compiler here.
    rules: { ...reactHooks.configs.flat.recommended.rules, 'react-hooks/incompatible-library': 'off' },
  },
  {
    files: ['apps/console/src/**/*.{ts,tsx}'],
    languageOptions: { globals: globals.browser },
    rules: {
      'no-restricted-syntax': ['error', ...sourceSyntax, readsEnvironment, shouts, ...untranslated],
      'no-restricted-imports': ['error', { ...bannedPackages, patterns: [...bannedPackages.patterns, nodeInBrowser] }],
    },
  },
  {
    // A test of the page may compare it with what runs elsewhere.
    files: ['apps/console/src/**/*.spec.{ts,tsx}'],
    rules: { 'no-restricted-imports': ['error', bannedPackages] },
  },
  {
    files: ['apps/console/src/**/*.tsx'],
    ignores: ['**/*.spec.tsx'],
    // A component is a tree: it is longer than a function of steps, and not harder to read.
    rules: { 'max-lines-per-function': ['error', { max: 80, skipBlankLines: true, skipComments: true }] },
  },
  {
    // The options of a query have a type of the library's that says more than anybody would write.
    files: ['apps/console/src/api/*.ts'],
    rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' },
  },
  {
    // The only files that may read the environment: the entry files of processes.
    files: ['apps/*/src/main.ts', 'apps/*/src/**/main.ts'],
    rules: { 'no-restricted-syntax': ['error', ...sourceSyntax, shouts] },
  },
  {
    files: ['apps/cli/**/*.ts', 'apps/demo/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...sourceSyntax, readsEnvironment] },
  },
  {
    files: ['apps/cli/src/main.ts', 'apps/demo/src/**/main.ts'],
    rules: { 'no-restricted-syntax': ['error', ...sourceSyntax] },
  },
  {
    files: ['test/**/*.ts', '**/*.spec.ts'],
    rules: {
      'no-restricted-syntax': ['error', exportsDefault],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/explicit-module-boundary-types': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    // The fixture has features that the suite of the older era still requires, such as logging.
    // So does the relay that the benchmark compares with: it is built of the SDK's low-level server on purpose. And so is
    // the upstream of the lab whose lists have pages.
    files: [
      'test/conformance/upstream/**/*.ts',
      'test/bench/calls/sdk.process.ts',
      'test/lab/clients/world/many-upstream.ts',
    ],
    rules: { '@typescript-eslint/no-deprecated': 'off' },
  },
  {
    // Dynamic registration is deprecated in the specification, and what most servers have. `oauth4webapi` marks its
    // permission for http so; our `fetch` gives it to loopback alone.
    files: ['apps/cli/src/oauth/{oauth-library,registration}.ts', 'apps/console/src/session/oidc.ts'],
    rules: { '@typescript-eslint/no-deprecated': 'off' },
  },
  {
    // Tools read these by their default export.
    files: ['*.config.ts', '*.config.mjs', 'apps/console/vite.config.ts', 'test/support/build-once.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['**/*.{js,mjs,cjs}', 'vitest.config.ts', 'apps/console/vite.config.ts'],
    extends: [tseslint.configs.disableTypeChecked],
  },
);
