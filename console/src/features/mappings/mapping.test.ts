import { beforeEach, describe, expect, it } from 'vitest';
import { example, loadTrial, placeOf, rangeOf, saveTrial } from './mapping';

describe('the place of a fault', () => {
  it('is read from the pointers of a problem', () => {
    expect(placeOf({ errors: [{ pointer: 'mapping:3:5', detail: '' }] })).toEqual({ line: 3, column: 5 });
    expect(placeOf({ errors: [{ pointer: '/payload', detail: '' }] })).toBeNull();
    expect(placeOf({})).toBeNull();
  });

  it('becomes a range of the text, inside of it whatever the place', () => {
    const text = 'source: a\ntitel: name\n';
    expect(text.slice(...rangeOf(text, { line: 2, column: 1 }))).toBe('titel: name');
    expect(text.slice(...rangeOf(text, { line: 2, column: 8 }))).toBe('name');
    for (const place of [
      { line: 3, column: 1 },
      { line: 9, column: 9 },
      { line: 1, column: 99 },
    ]) {
      const [from, to] = rangeOf(text, place);
      expect(from <= to && to <= text.length).toBe(true);
    }
  });
});

describe('the draft', () => {
  beforeEach(() => {
    localStorage.clear();
  });

  it('is kept, and something else under its name is not taken for one', () => {
    expect(loadTrial()).toEqual({ mapping: '', payload: '' });
    expect(saveTrial(example)).toBe(true);
    expect(loadTrial()).toEqual(example);
    localStorage.setItem('tocsin.mapping', '{"mapping":7}');
    expect(loadTrial()).toEqual({ mapping: '', payload: '' });
    localStorage.setItem('tocsin.mapping', 'no JSON');
    expect(loadTrial()).toEqual({ mapping: '', payload: '' });
  });
});
