/** Server tests: pure units beside the code, and integration tests on a real PostgreSQL under server/test. */
export default {
  rootDir: 'server',
  testEnvironment: 'node',
  // Real processes and databases, on machines that may be busy.
  testTimeout: 60_000,
  // Most of a test's time is waiting for processes and the database, not computing.
  maxWorkers: 3,
  // Modules of a test file stay in memory; a worker that has had many is replaced.
  workerIdleMemoryLimit: '1GB',
  testMatch: ['<rootDir>/src/**/*.spec.ts', '<rootDir>/test/**/*.spec.ts'],
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
          keepClassNames: true,
        },
        module: { type: 'es6' },
        sourceMaps: true,
      },
    ],
  },
  coverageProvider: 'v8',
  // The command and the start of the server are run as processes of their own, which Jest's coverage does not see.
  collectCoverageFrom: ['src/**/*.ts', '!src/**/*.spec.ts', '!src/main.ts', '!src/cli/**', '!src/startup/**'],
  coverageDirectory: '../coverage/server',
};
