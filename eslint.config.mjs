import { createProjectGraphAsync } from '@nx/devkit';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

// Without a graph of the packages the boundary rule is skipped with a warning: make it first, and fail if it cannot be made.
process.env.NX_DAEMON = 'false';
await createProjectGraphAsync({ exitOnError: false });

/** Which package may use which: `events <- sealing, journal, store <- runtime, stage <- services`. Nothing else. */
const scope = (name, ...uses) => ({
  sourceTag: `scope:${name}`,
  onlyDependOnLibsWithTags: uses.map((use) => `scope:${use}`),
});
const type = (name, ...uses) => ({
  sourceTag: `type:${name}`,
  onlyDependOnLibsWithTags: uses.map((use) => `type:${use}`),
});

const depConstraints = [
  scope('events', 'events'),
  scope('sealing', 'sealing', 'events'),
  scope('journal', 'journal', 'events'),
  scope('store', 'store', 'events'),
  scope('runtime', 'runtime', 'events', 'sealing'),
  // A stage logs and measures by way of runtime, which knows nothing of stages.
  scope('stage', 'stage', 'events', 'sealing', 'journal', 'store', 'runtime'),
  // A service never imports another: stages reach each other by events alone.
  type('service', 'lib'),
  type('cli', 'lib'),
  // The one composition root.
  type('infra', 'lib', 'service'),
  // The simulation drives the stages themselves.
  type('tests', 'lib', 'infra', 'service'),
  type('examples', 'lib'),
];

const environmentReaders = ['libs/runtime/src/settings.ts', 'libs/runtime/src/otel-environment.ts'];

export default tseslint.config(
  { ignores: ['**/node_modules/', '**/dist/', 'coverage/', '.nx/', '.tollgate/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{ts,mjs}'],
    extends: [tseslint.configs.strict, tseslint.configs.stylistic],
    plugins: { '@nx': nx },
    // Nest injects by the classes of constructors: an import that only they use is no import of a type.
    languageOptions: { parserOptions: { emitDecoratorMetadata: true, experimentalDecorators: true } },
    rules: {
      '@nx/enforce-module-boundaries': ['error', { depConstraints, allow: [], enforceBuildableLibDependency: false }],
      // Past a package's index there is no door.
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['@tollgate/*/*', '!@tollgate/infra/servers'],
              message: 'Import the package, not what is inside it.',
            },
          ],
        },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      // Nest's classes are injected by type and may be empty but for their decorator.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/consistent-indexed-object-style': 'off',
      '@typescript-eslint/consistent-type-definitions': 'off',
      // `void | Promise<void>` is what a handler may return.
      '@typescript-eslint/no-invalid-void-type': 'off',
      // A port's type says void where an implementation has nothing to do.
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'no-eval': 'error',
      'no-implicit-coercion': ['error', { boolean: false }],
      'no-param-reassign': 'error',
      'prefer-const': 'error',
    },
  },
  {
    // One schema, one object, read once: whoever else read the environment would have settings that nobody documents.
    files: ['libs/**/*.ts', 'services/**/*.ts'],
    ignores: environmentReaders,
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Settings are read by libs/runtime only.' },
      ],
    },
  },
  {
    files: ['**/*.mjs', 'cli/**', 'infra/**', 'examples/**', 'tests/**'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.spec.ts', 'tests/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  prettier,
);
