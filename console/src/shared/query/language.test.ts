import { describe, expect, it } from 'vitest';
import type { QueryField } from '@/shared/api/wire';
import { faultRange, faultText, mended, offersAt } from './language';

const field = (name: string, values: string[] = [], aliases: string[] = []): QueryField => ({
  name,
  aliases,
  type: 'choice',
  operators: [':'],
  values,
  description: 'What it is',
  example: `${name}:x`,
});
const fields = [
  field('severity', ['info', 'low', 'high'], ['sev']),
  field('source'),
  field('status', ['new', 'open']),
];

describe('a fault', () => {
  const fault = {
    column: 7,
    detail: 'unknown field "sevrity"',
    hint: 'did you mean "severity"?; put it in quotes to search for the text',
  };

  it('is worded with its column and what to do', () => {
    expect(faultText(fault)).toBe(
      'Unknown field "sevrity", column 7. Did you mean "severity"? Or put it in quotes to search for the text.',
    );
    expect(faultText({ ...fault, hint: '' })).toBe('Unknown field "sevrity", column 7.');
  });

  it('points at the word, and is mended there', () => {
    expect(faultRange('words sevrity:high', fault)).toEqual([6, 13]);
    expect(mended('words sevrity:high', fault)).toEqual({ word: 'severity', text: 'words severity:high' });
    expect(mended('words sevrity:high', { ...fault, hint: 'write a word' })).toBeNull();
  });

  it('counts characters, not code units, and never points outside', () => {
    expect(faultRange('🚨 x:1', { ...fault, column: 3 })).toEqual([3, 4]);
    expect(faultRange('a OR', { ...fault, column: 5 })).toEqual([3, 4]);
    expect(faultRange('', { ...fault, column: 1 })).toEqual([0, 0]);
  });
});

describe('what is offered', () => {
  const names = (text: string, caret = text.length) =>
    offersAt(text, caret, fields).items.map((one) => one.name);

  it('is a field while its name is typed, by any of its names', () => {
    expect(names('s')).toEqual(['severity', 'source', 'status']);
    expect(names('words -sev')).toEqual(['severity']);
    expect(names('(st')).toEqual(['status']);
    expect(names('zzz')).toEqual([]);
    expect(names('')).toEqual([]);
  });

  it('is a value after the sign, for each of a list', () => {
    expect(names('severity:')).toEqual(['info', 'low', 'high']);
    expect(names('severity>=h')).toEqual(['high']);
    expect(names('sev:low,h')).toEqual(['high']);
    expect(names('source:')).toEqual([]);
    expect(names('severity:high')).toEqual([]);
  });

  it('replaces only what was typed of it', () => {
    expect(offersAt('a sev b', 5, fields)).toMatchObject({ from: 2, items: [{ insert: 'severity:' }] });
    expect(offersAt('sev:low,h', 9, fields)).toMatchObject({ from: 8, items: [{ insert: 'high ' }] });
  });

  it('is nothing inside quotes', () => {
    expect(names('title:"sev')).toEqual([]);
  });
});
