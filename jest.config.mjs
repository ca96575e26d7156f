/*
 * Jest runs what the compiler made, as ES modules: build first, and start Node with --experimental-vm-modules.
 * `--selectProjects unit` needs nothing; `--selectProjects servers` needs NATS_URL, REDIS_URL and DATABASE_URL.
 */
const NEEDS_SERVERS = '\\.(int|e2e)\\.spec\\.js$';

const common = {
  roots: ['libs', 'services', 'cli', 'infra', 'tests', 'examples'].map((folder) => `<rootDir>/${folder}`),
  testEnvironment: 'node',
  transform: {},
};

export default {
  watchman: false,
  // What waits says by itself what it waited for in vain; how long real servers take is the machine's matter.
  testTimeout: 90_000,
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['**/dist/**/*.spec.js'],
      testPathIgnorePatterns: ['/node_modules/', NEEDS_SERVERS],
    },
    {
      ...common,
      displayName: 'servers',
      testMatch: ['**/dist/**/*.int.spec.js', '**/dist/**/*.e2e.spec.js'],
    },
  ],
};
