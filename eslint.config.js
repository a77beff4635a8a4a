import js from '@eslint/js';
import globals from 'globals';

/** Text of a designer must never become a program, neither in the browser nor in the helper. */
const noTextAsProgram = {
  'no-eval': 'error',
  'no-implied-eval': 'error',
  'no-new-func': 'error',
  'no-restricted-globals': [
    'error',
    { name: 'eval', message: 'Text never becomes a program here.' },
    { name: 'Function', message: 'Text never becomes a program here.' },
  ],
};

export default [
  { ignores: ['**/dist/', '**/node_modules/', 'var/', '.venv/'] },
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2022, sourceType: 'module' },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      ...noTextAsProgram,
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-var': 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: ['service/web/frontend/**/*.js'],
    languageOptions: { globals: globals.browser },
    rules: {
      // Pages allow scripts of their own origin only, and speak to people by the page itself.
      'no-alert': 'error',
      'no-console': ['error', { allow: ['warn', 'error'] }],
      'no-script-url': 'error',
    },
  },
  {
    files: ['service/feel/helper/**/*.js', '*.config.js', '**/*.config.js'],
    languageOptions: { globals: globals.node },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: { globals: globals.node, sourceType: 'commonjs' },
  },
];
