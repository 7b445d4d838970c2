import { dirname, resolve } from 'node:path';
import angular from 'angular-eslint';
import tseslint from 'typescript-eslint';

/** Packages that do IO or tie code to a framework; what else a domain folder imports must be a pure library. */
const IMPURE = /^(node:|@nestjs\/|@angular\/|typeorm|pg$|express|graphile-worker|pino)/;
/** The one error class of the application, and the contract of executors, which holds types alone. */
const SHARED = /\/server\/src\/(problems\/domain-error|execution\/executors\/executor)\.js$/;

/** A domain folder imports domain folders and pure libraries alone, so that its rules need no IO to be tested. */
const domainImports = {
  meta: { type: 'problem', schema: [], messages: { impure: '"{{source}}" is not part of a domain folder.' } },
  create: (context) => ({
    ImportDeclaration(node) {
      const source = node.source.value;
      const path = resolve(dirname(context.filename), source);
      const allowed = source.startsWith('.')
        ? /\/domain\//.test(path) || SHARED.test(path)
        : !IMPURE.test(source);
      if (!allowed) context.report({ node, messageId: 'impure', data: { source } });
    },
  }),
};

const LIMITS = {
  'max-lines': ['error', { max: 200, skipBlankLines: true, skipComments: true }],
  'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
};

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'coverage/',
      '.angular/',
      '.orchestrator/',
      '**/generated/',
      'test-results/',
      'playwright-report/',
    ],
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' },
    rules: {
      ...LIMITS,
      eqeqeq: 'error',
      // Deprecated by its authors only so that it stands out.
      '@typescript-eslint/no-deprecated': [
        'error',
        { allow: [{ from: 'package', package: 'openid-client', name: 'allowInsecureRequests' }] },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // DTO classes describe the shape of literals; nothing depends on their prototype.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-misused-spread': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // The classes of NestJS and Angular are often their decorators alone.
      '@typescript-eslint/no-extraneous-class': [
        'error',
        { allowWithDecorator: true, allowStaticOnly: true },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'TSEnumDeclaration', message: 'Use a union type or a const object.' },
      ],
    },
  },
  {
    files: ['server/src/**/*.ts'],
    ignores: ['server/src/config/**', '**/*.spec.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only server/src/config reads the environment.' },
      ],
    },
  },
  {
    files: ['**/domain/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    plugins: { orchestrator: { rules: { 'domain-imports': domainImports } } },
    rules: {
      'orchestrator/domain-imports': 'error',
      'no-restricted-globals': ['error', 'process', 'fetch', 'setTimeout', 'setInterval'],
    },
  },
  {
    files: ['**/*.spec.ts', 'server/test/**/*.ts', 'e2e/**/*.ts'],
    rules: {
      'max-lines': 'off',
      'max-lines-per-function': 'off',
      // Matchers such as expect.any() are typed as any by the test library.
      '@typescript-eslint/no-unsafe-assignment': 'off',
    },
  },
  {
    files: ['server/src/persistence/migrations/*.ts'],
    rules: { 'max-lines': 'off', 'max-lines-per-function': 'off' },
  },
  {
    files: ['web/**/*.ts'],
    extends: [angular.configs.tsRecommended],
    processor: angular.processInlineTemplates,
    rules: {
      '@angular-eslint/component-selector': ['error', { type: 'element', prefix: 'o', style: 'kebab-case' }],
      '@angular-eslint/directive-selector': ['error', { type: 'attribute', prefix: 'o', style: 'camelCase' }],
      '@angular-eslint/component-class-suffix': 'off',
      '@angular-eslint/directive-class-suffix': 'off',
      '@angular-eslint/prefer-on-push-component-change-detection': 'error',
      '@angular-eslint/prefer-signals': 'error',
    },
  },
  {
    files: ['web/**/*.html'],
    extends: [angular.configs.templateRecommended, angular.configs.templateAccessibility],
  },
);
