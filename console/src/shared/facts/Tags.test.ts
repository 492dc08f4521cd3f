import { expect, it } from 'vitest';
import { addTag } from './Tags';

it('adds a tag once, trimmed, up to the limit of the server', () => {
  expect(addTag(['a'], ' b ')).toEqual(['a', 'b']);
  expect(addTag(['a'], 'a')).toBeNull();
  expect(addTag(['a'], '  ')).toBeNull();
  const full = Array.from({ length: 50 }, (_, i) => `tag-${i}`);
  expect(addTag(full, 'one more')).toBeNull();
  expect(addTag(full.slice(1), 'one more')).toHaveLength(50);
});
