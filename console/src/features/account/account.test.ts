import { describe, expect, it } from 'vitest';
import { deviceOf } from './account';
import { qrPath } from './qr';

describe('devices', () => {
  it('are named by browser and system', () => {
    expect(
      deviceOf('Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML) Chrome/130.0.0.0 Safari/537.36'),
    ).toBe('Chrome on Linux');
    expect(deviceOf('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18 Safari/604.1')).toBe(
      'Safari on iOS',
    );
    expect(deviceOf('curl/8.5.0')).toBe('curl/8.5.0');
  });
});

// "M4 4h7v1h-7z": seven dark modules from column 4 of row 4.
function modulesOf({ size, path }: { size: number; path: string }): boolean[][] {
  const rows = Array.from({ length: size }, () => Array.from({ length: size }, () => false));
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g))
    for (let i = 0; i < Number(width); i += 1) (rows[Number(y)] as boolean[])[Number(x) + i] = true;
  return rows;
}

describe('a QR code', () => {
  const rows = modulesOf(qrPath('otpauth://totp/Tocsin:ana?secret=JBSWY3DPEHPK3PXP&issuer=Tocsin'));
  const at = (x: number, y: number) => rows[y]?.[x];

  it('has a quiet zone and the three marks that a camera looks for', () => {
    const last = rows.length - 5;
    for (const [x, y] of [
      [4, 4],
      [last - 6, 4],
      [4, last - 6],
    ] as const) {
      expect(at(x, y)).toBe(true);
      expect(at(x + 1, y + 1)).toBe(false);
      expect(at(x + 3, y + 3)).toBe(true);
    }
    expect(rows.slice(0, 4).flat().some(Boolean)).toBe(false);
    expect((rows.length - 8 - 17) % 4).toBe(0);
  });

  it('differs with its text', () => {
    expect(qrPath('a').path).not.toBe(qrPath('b').path);
  });
});
