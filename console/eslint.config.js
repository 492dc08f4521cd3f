import { readdirSync } from 'node:fs';
import a11y from 'eslint-plugin-jsx-a11y';
import hooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import ts from 'typescript-eslint';

// Features know shared code, never each other; only app composes them.
const noSideways = readdirSync(new URL('src/features', import.meta.url)).map((feature) => ({
  files: [`src/features/${feature}/**`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          { regex: `^@/(app|features/(?!${feature}(/|$)))`, message: 'Features import shared code only.' },
        ],
      },
    ],
  },
}));

export default ts.config(
  { ignores: ['dist', 'src/shared/api/schema.ts', 'tools/openapi-types'] },
  ts.configs.strict,
  a11y.flatConfigs.strict,
  {
    files: ['src/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': hooks },
    languageOptions: { globals: globals.browser },
    rules: {
      ...hooks.configs.recommended.rules,
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        { property: 'innerHTML', message: 'Attacker-written text is data.' },
        { property: 'dangerouslySetInnerHTML', message: 'Attacker-written text is data.' },
      ],
    },
  },
  {
    files: ['src/shared/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^@/(app|features)', message: 'Shared code stands alone.' }] },
      ],
    },
  },
  ...noSideways,
);
