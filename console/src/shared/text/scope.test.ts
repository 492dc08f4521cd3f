import { describe, expect, it } from 'vitest';
import { isPart, namesIn, scopeText } from './scope';

describe('scope', () => {
  it('reads names between commas, each once', () => {
    expect(namesIn(' dmz, finance ,,dmz ,')).toEqual(['dmz', 'finance']);
    expect(namesIn(' , ')).toEqual([]);
  });

  it('says what is seen', () => {
    expect(scopeText(null)).toBe('the whole tenant');
    expect(scopeText({ sources: [], asset_groups: [] })).toBe('the whole tenant');
    expect(scopeText({ sources: ['okta'], asset_groups: ['dmz', 'lab'] })).toBe(
      'only source okta and asset groups dmz, lab',
    );
    expect(isPart({ sources: [] })).toBe(false);
    expect(isPart({ asset_groups: ['dmz'] })).toBe(true);
  });
});
