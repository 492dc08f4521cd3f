import { describe, expect, it } from 'vitest';
import {
  age,
  confidenceWord,
  duration,
  percent,
  probabilityWord,
  sentence,
  slaText,
  suggestionCell,
  suggestionLine,
  total,
} from './words';

describe('probability words', () => {
  it.each([
    [0, 'almost no chance'],
    [0.049, 'almost no chance'],
    [0.05, 'very unlikely'],
    [0.2, 'unlikely'],
    [0.45, 'roughly even'],
    [0.55, 'likely'],
    [1 - 0.2, 'very likely'],
    [0.95, 'almost certain'],
    [1, 'almost certain'],
  ])('%f is %s', (p, word) => {
    expect(probabilityWord(p)).toBe(word);
  });

  it('writes whole per cents with honest ends', () => {
    expect([0, 0.004, 0.01, 0.914, 0.996, 1].map(percent)).toEqual([
      '0%',
      '<1%',
      '1%',
      '91%',
      '>99%',
      '100%',
    ]);
  });

  it('says which way the suggestion points', () => {
    expect(suggestionCell({ verdict: 'true_positive', fp_probability: 0.09 })).toBe('Real, 91%');
    expect(suggestionCell({ verdict: 'false_positive', fp_probability: 0.96 })).toBe('False, 96%');
    expect(suggestionCell({ verdict: 'undecided', fp_probability: 0.5 })).toBe('No verdict');
    expect(suggestionLine({ verdict: 'true_positive', fp_probability: 0.09 })).toBe(
      'Real attack: very likely, 91%',
    );
  });

  it('keeps confidence apart', () => {
    expect([0.49, 0.5, 0.79, 0.8].map(confidenceWord)).toEqual(['low', 'moderate', 'moderate', 'high']);
  });
});

describe('times and numbers', () => {
  it.each([
    [0, 'under 1 ms'],
    [340, '340 ms'],
    [40_000, '40 s'],
    [6 * 60_000, '6 min'],
    [(3 * 60 + 4) * 60_000, '3 h 04 min'],
    [51 * 3_600_000, '2 d 3 h'],
  ])('%d ms is %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });

  it('has one unit in cells', () => {
    expect([5_000, 21 * 60_000, 3 * 3_600_000, 72 * 3_600_000].map(age)).toEqual([
      '5 s',
      '21 min',
      '3 h',
      '3 d',
    ]);
    expect(slaText(360_000)).toBe('6 min left');
    expect(slaText(-240_000)).toBe('4 min over');
  });

  it('keeps the plus of capped totals and a ? for the unknown', () => {
    expect([total(1204), total('10000+'), total(undefined)]).toEqual(['1,204', '10,000+', '?']);
  });
});

describe('sentence', () => {
  it('begins with a capital and ends with a stop', () => {
    expect(['is needed: a title ', 'Why?', '', '5 rows'].map(sentence)).toEqual([
      'Is needed: a title.',
      'Why?',
      '',
      '5 rows.',
    ]);
  });
});
