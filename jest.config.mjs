// Unit tests stand beside nothing: they mirror the tree under test/. One swc transform, no type check here (npm run types does it).
const transformed = (tsx) => ['@swc/jest', { jsc: { experimental: { keepImportAttributes: true }, parser: { syntax: 'typescript', tsx }, target: 'es2022' }, module: { type: 'es6' } }];

/** Not a setting of projects for hooks, whatever Jest's types say. */
const testTimeout = 60_000;

const settings = {
  testTimeout,
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  transform: { '^.+\\.(ts|mjs)$': transformed(false), '^.+\\.tsx$': transformed(true) },
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
};

/** These run for each CRM: once for each, so that the runs share the processors (test/kit/crm.ts). */
const forEachCrm = ['**/test/scenarios/**/*.test.ts', '**/test/accidents/**/*.test.ts'];

export default {
  testTimeout,
  testSequencer: '<rootDir>/test/kit/longestFirst.mjs',
  projects: [
    { ...settings, displayName: 'Dynamics 365', testMatch: forEachCrm, globals: { crmsUnderTest: ['dataverse'] } },
    { ...settings, displayName: 'Salesforce', testMatch: forEachCrm, globals: { crmsUnderTest: ['salesforce'] } },
    { ...settings, displayName: 'all', testMatch: ['**/*.test.ts', '**/*.test.tsx'], testPathIgnorePatterns: ['/node_modules/', '/test/scenarios/', '/test/accidents/'] },
  ],
};
