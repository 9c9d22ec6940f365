// House rules as lint: what the type checker cannot see. The import borders themselves are tested in test/architecture.test.ts.
import js from '@eslint/js';
import powerApps from '@microsoft/eslint-plugin-power-apps';
import tseslint from 'typescript-eslint';

const impure = [
  { object: 'Date', property: 'now', message: 'core has no clock; pass the time in' },
  { object: 'Math', property: 'random', message: 'core has no randomness; pass it in' },
];

export default tseslint.config(
  { ignores: ['node_modules/', 'dist/', 'data/', '.cache/', 'coverage/', 'controls/out/', 'controls/*/generated/'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-console': 'error',
      eqeqeq: 'error',
      'no-restricted-syntax': ['error', { selector: 'TSEnumDeclaration', message: 'no enums: use a union of strings' }],
    },
  },
  {
    files: ['core/**/*.ts'],
    rules: {
      'no-restricted-properties': ['error', ...impure],
      'no-restricted-globals': ['error', 'process', 'fetch', 'setTimeout', 'setInterval', 'crypto', 'Buffer', 'Xrm', 'window'],
      'no-restricted-syntax': [
        'error',
        { selector: 'TSEnumDeclaration', message: 'no enums: use a union of strings' },
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'core has no clock; pass the time in' },
      ],
    },
  },
  {
    files: ['core/**/*.ts', 'plugins-proxy/journey/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: 'TSEnumDeclaration', message: 'no enums: use a union of strings' },
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'pass the time in' },
        { selector: 'Literal[value=/dataverse|dynamics|salesforce/i]', message: 'core and journey know no CRM by name' },
        { selector: 'TemplateElement[value.raw=/dataverse|dynamics|salesforce/i]', message: 'core and journey know no CRM by name' },
        { selector: 'Identifier[name=/dataverse|dynamics|salesforce/i]', message: 'core and journey know no CRM by name' },
      ],
    },
  },
  {
    // What Microsoft's solution checker would find in an environment: every rule that there is, each an error.
    files: ['controls/**/*.{ts,tsx}', 'webresources/**/*.{ts,tsx}'],
    plugins: { '@microsoft/power-apps': powerApps },
    languageOptions: { parserOptions: { jsxPragma: 'h' } },
    rules: Object.fromEntries(Object.keys(powerApps.rules).map((rule) => [`@microsoft/power-apps/${rule}`, 'error'])),
  },
  // A form has no other place for a fault to be found.
  { files: ['webresources/guarded.ts'], rules: { 'no-console': 'off' } },
  { files: ['**/*.mjs', 'bench/**', 'sandbox/start.ts', 'sandbox/trip/**', 'sandbox/pages/browser/**', 'plugins-proxy/cli/**'], languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly', Buffer: 'readonly', setTimeout: 'readonly', fetch: 'readonly' } }, rules: { 'no-console': 'off' } },
);
