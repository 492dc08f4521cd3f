import { expect, it } from 'vitest';
import { pointed } from './pointer';

it('follows a JSON pointer and nothing that is inherited', () => {
  const alert = { entities: [{ value: 'ws-114' }], raw: { 'a/b': { '~': 1 } } };
  expect(pointed(alert, '/entities/0/value')).toBe('ws-114');
  expect(pointed(alert, '/raw/a~1b/~0')).toBe(1);
  expect(pointed(alert, '')).toBe(alert);
  expect(pointed(alert, '/entities/9')).toBeUndefined();
  expect(pointed(alert, '/constructor')).toBeUndefined();
});
