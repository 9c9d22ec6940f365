// Unit tests stand beside nothing: they mirror the tree under test/. One swc transform, no type check here (npm run types does it).
const transformed = (tsx) => ['@swc/jest', { jsc: { experimental: { keepImportAttributes: true }, parser: { syntax: 'typescript', tsx }, target: 'es2022' }, module: { type: 'es6' } }];

export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts', '**/*.test.tsx'],
  transform: { '^.+\\.(ts|mjs)$': transformed(false), '^.+\\.tsx$': transformed(true) },
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  testTimeout: 60000,
};
