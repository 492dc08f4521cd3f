// Attacker-written text made safe to look at: what cannot be seen is spelled out, addresses cannot be clicked or
// pasted by accident, and nothing is longer than its place.

export interface Piece {
  text: string;
  marked: boolean; // stands for a character that would not be seen as it is
}

export const kHostileCap = 400;

// C0/C1 controls, soft hyphen, bidi and zero-width characters, line and paragraph separators, tag characters.
const unseen =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]|[\ud800-\udfff]/gu;

function codePoint(char: string): string {
  return `⟦U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟧`;
}

// `lines` keeps line feeds and tabs, for blocks of raw text.
export function piecesOf(text: string, cap = kHostileCap, lines = false): Piece[] {
  const cut = capped(text, cap);
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of cut.text.matchAll(unseen)) {
    if (lines && (match[0] === '\n' || match[0] === '\t')) continue;
    if (match.index > from) pieces.push({ text: cut.text.slice(from, match.index), marked: false });
    pieces.push({ text: codePoint(match[0]), marked: true });
    from = match.index + match[0].length;
  }
  if (from < cut.text.length) pieces.push({ text: cut.text.slice(from), marked: false });
  if (cut.left > 0) pieces.push({ text: `… ${cut.left} more characters`, marked: true });
  return pieces;
}

export function visible(text: string, cap = kHostileCap): string {
  return piecesOf(text, cap)
    .map((piece) => piece.text)
    .join('');
}

function capped(text: string, cap: number): { text: string; left: number } {
  if (text.length <= cap) return { text, left: 0 };
  // Never cut a surrogate pair in two.
  const end = /[\ud800-\udbff]/.test(text.charAt(cap - 1)) ? cap - 1 : cap;
  return { text: text.slice(0, end), left: text.length - end };
}

const ipv4 = /(?<![\w.[])(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?![\w]|\.\d)/g;
const url = /\b(https?|ftp):\/\/([^\s/?#"'<>]+)/gi;
const email = /([\w.+-]+)@([\w-]+(?:\.[\w-]+)+)/g;

function isPrivate(a: number, b: number): boolean {
  return (
    a === 10 ||
    a === 127 ||
    a === 0 ||
    (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && b === 168) ||
    (a === 169 && b === 254)
  );
}

function brokenHost(host: string): string {
  const dot = host.lastIndexOf('.');
  return dot < 0 || host.includes('[.]') ? host : `${host.slice(0, dot)}[.]${host.slice(dot + 1)}`;
}

// In free text: addresses with a scheme, public IPv4 addresses and mail addresses. Bare names stay: "invoice.iso"
// is a file far more often than a host.
export function defang(text: string): string {
  return text
    .replace(url, (_, scheme: string, host: string) => `${scheme.replace(/t/gi, 'x')}://${brokenHost(host)}`)
    .replace(email, (_, name: string, host: string) => `${name}[@]${host}`)
    .replace(ipv4, (whole, a: string, b: string, c: string, d: string) =>
      [a, b, c, d].some((part) => Number(part) > 255) || isPrivate(Number(a), Number(b))
        ? whole
        : `${a}.${b}.${c}[.]${d}`,
    );
}

// One value whose kind is known.
export function defangAs(kind: string, value: string): string {
  if (kind === 'domain') return brokenHost(value);
  if (kind === 'ip' && value.includes(':')) return value.replace(/:(?=[^:]*$)/, '[:]');
  return kind === 'url' || kind === 'ip' || kind === 'email' ? defang(value) : value;
}
