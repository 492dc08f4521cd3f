import { describe, expect, it } from 'vitest';
import { tactics, techniques } from './attackTable';
import { readTable } from './attack';

describe('the ATT&CK table', () => {
  const table = readTable(tactics, techniques);

  it('is in kill-chain order', () => {
    const ids = table.tactics.map((tactic) => tactic.id);
    expect(ids.indexOf('TA0001')).toBeLessThan(ids.indexOf('TA0040'));
    expect(ids[0]).toBe('TA0043');
  });

  it('knows names and the tactics they serve', () => {
    expect(table.techniques.get('T1490')?.name).toBe('Inhibit System Recovery');
    const shorts = new Set(table.tactics.map((tactic) => tactic.short));
    for (const [id, { tactics: of }] of table.techniques)
      expect(
        of.some((short) => shorts.has(short)),
        id,
      ).toBe(true);
  });
});
