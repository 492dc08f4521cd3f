// A QR code as one SVG path, drawn here: no picture is fetched and nothing leaves the browser.
import qrcode from 'qrcode-generator';

export interface QrPath {
  size: number; // modules on a side, with the quiet zone
  path: string;
}

const kQuiet = 4;

// Level M, the smallest version that holds the text; throws above 2,331 bytes.
export function qrPath(text: string): QrPath {
  const code = qrcode(0, 'M');
  code.addData(text);
  code.make();
  const count = code.getModuleCount();
  const runs: string[] = [];
  for (let row = 0; row < count; row += 1)
    for (let from = 0; from < count; from += 1) {
      if (!code.isDark(row, from)) continue;
      let to = from + 1;
      while (to < count && code.isDark(row, to)) to += 1;
      runs.push(`M${from + kQuiet} ${row + kQuiet}h${to - from}v1h-${to - from}z`);
      from = to;
    }
  return { size: count + 2 * kQuiet, path: runs.join('') };
}
