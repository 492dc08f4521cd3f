import { describe, expect, it } from 'vitest';
import { defang, defangAs, piecesOf, visible } from './hostile';

describe('hostile text', () => {
  it('spells out bidi, zero-width, control and tag characters', () => {
    expect(visible('invoice\u202Efdp.exe')).toBe('invoice⟦U+202E⟧fdp.exe');
    expect(visible('a\u200Bb\u0000c\u001b[31m')).toBe('a⟦U+200B⟧b⟦U+0000⟧c⟦U+001B⟧[31m');
    expect(visible('x\u{E0041}y')).toBe('x⟦U+E0041⟧y');
    expect(visible('one\ntwo')).toBe('one⟦U+000A⟧two');
  });

  it('keeps ordinary text of any script as it is', () => {
    for (const text of ['Zürich 東京 Ελλάδα العربية 🚨', 'plain']) expect(visible(text)).toBe(text);
  });

  it('spells out a lone surrogate and keeps a pair whole at the cap', () => {
    expect(visible('\ud800')).toBe('⟦U+D800⟧');
    expect(visible('ab🚨cd', 3)).toBe('ab… 4 more characters');
  });

  it('caps the length and says by how much', () => {
    const pieces = piecesOf('x'.repeat(1000), 100);
    expect(pieces[0]?.text).toHaveLength(100);
    expect(pieces[1]).toEqual({ text: '… 900 more characters', marked: true });
  });

  it('keeps lines and tabs in blocks only', () => {
    expect(piecesOf('a\n\tb\r', 100, true).map((piece) => piece.text)).toEqual(['a\n\tb', '⟦U+000D⟧']);
  });

  it('never makes markup of markup', () => {
    expect(visible('<img src=x onerror=alert(1)>')).toBe('<img src=x onerror=alert(1)>');
  });
});

describe('defang', () => {
  it.each([
    ['from 198.51.100.7 to 10.0.0.4', 'from 198.51.100[.]7 to 10.0.0.4'],
    ['get https://evil.example/a?b=1.2.3.4', 'get hxxps://evil[.]example/a?b=1.2.3[.]4'],
    ['mail j.ro@corp.example', 'mail j.ro[@]corp.example'],
    ['version 1.2.3 and 999.1.1.1', 'version 1.2.3 and 999.1.1.1'],
    ['invoice.iso', 'invoice.iso'],
    ['8.8.8[.]8 hxxp://a[.]b', '8.8.8[.]8 hxxp://a[.]b'],
  ])('%s', (text, safe) => {
    expect(defang(text)).toBe(safe);
    expect(defang(safe)).toBe(safe);
  });

  it('knows kinds', () => {
    expect(defangAs('domain', 'c2.evil.example')).toBe('c2.evil[.]example');
    expect(defangAs('ip', '2001:db8::7')).toBe('2001:db8:[:]7');
    expect(defangAs('sha256', 'ab.cd')).toBe('ab.cd');
    expect(defangAs('host', 'ws-114.corp.example')).toBe('ws-114.corp.example');
  });
});
