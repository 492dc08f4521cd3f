// The words of the design's writing rules: probabilities, confidence, durations, counts.

export type Verdict = 'true_positive' | 'benign_positive' | 'false_positive' | 'undecided';

const bands: readonly [number, string][] = [
  [0.95, 'almost certain'],
  [0.8, 'very likely'],
  [0.55, 'likely'],
  [0.45, 'roughly even'],
  [0.2, 'unlikely'],
  [0.05, 'very unlikely'],
  [0, 'almost no chance'],
];

// Lower bound inclusive. 1e-9: 1 - 0.2 must count as 0.8.
export function probabilityWord(p: number): string {
  return bands.find(([from]) => p + 1e-9 >= from)?.[1] ?? 'almost no chance';
}

export function percent(p: number): string {
  const whole = Math.round(p * 100);
  if (p > 0 && p < 0.01) return '<1%';
  if (p < 1 && p > 0.99) return '>99%';
  return `${whole}%`;
}

export function confidenceWord(confidence: number): 'low' | 'moderate' | 'high' {
  if (confidence < 0.5) return 'low';
  return confidence < 0.8 ? 'moderate' : 'high';
}

interface Suggestion {
  verdict: Verdict;
  fp_probability: number;
}

// For a table cell: "Real, 91%", "False, 96%", "Allowed, 80%", "No verdict".
export function suggestionCell({ verdict, fp_probability }: Suggestion): string {
  if (verdict === 'true_positive') return `Real, ${percent(1 - fp_probability)}`;
  if (verdict === 'false_positive') return `False, ${percent(fp_probability)}`;
  if (verdict === 'benign_positive') return `Allowed, ${percent(fp_probability)}`;
  return 'No verdict';
}

// For a line of its own: "Real attack: very likely, 91%".
export function suggestionLine({ fp_probability }: Suggestion): string {
  const real = 1 - fp_probability;
  return `Real attack: ${probabilityWord(real)}, ${percent(real)}`;
}

export const verdictWords: Record<Verdict, string> = {
  true_positive: 'Real attack',
  benign_positive: 'Real but allowed',
  false_positive: 'False alarm',
  undecided: 'Undecided',
};

// "40 s", "6 min", "3 h 04 min", "2 d 3 h"; below one second "120 ms".
export function duration(ms: number): string {
  if (ms < 0.5) return 'under 1 ms';
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${String(minutes % 60).padStart(2, '0')} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

// One unit only, for table cells: "21 min", "3 h", "2 d".
export function age(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return `${Math.max(0, Math.floor(ms / 1000))} s`;
  if (minutes < 60) return `${minutes} min`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1440)} d`;
}

export function slaText(dueMs: number): string {
  return dueMs >= 0 ? `${duration(dueMs)} left` : `${duration(-dueMs)} over`;
}

const numbers = new Intl.NumberFormat('en');

// The API counts to 10,000 and says "10000+" beyond.
export function total(value: number | string | undefined): string {
  if (value === undefined) return '?';
  if (typeof value === 'string')
    return value.endsWith('+') ? `${numbers.format(Number(value.slice(0, -1)))}+` : value;
  return numbers.format(value);
}

export function count(n: number, one: string, many = `${one}s`): string {
  return `${numbers.format(n)} ${n === 1 ? one : many}`;
}

// "is needed: a title" → "Is needed: a title."
export function sentence(text: string): string {
  const trimmed = text.trim();
  const capital = trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
  return capital === '' || /[.!?]$/.test(capital) ? capital : `${capital}.`;
}

// Snake-case words of the wire as a person reads them: "in_progress" → "In progress".
export function plain(word: string): string {
  const spaced = word
    .replace(/_/g, ' ')
    .replace(/\b(ip|url|cve|mac|dns|tls|mfa|ioc|asn)\b/gi, (name) => name.toUpperCase());
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

const kinds: Record<string, string> = { md5: 'MD5', sha1: 'SHA-1', sha256: 'SHA-256', email: 'E-mail' };

// Of an entity or an indicator.
export function kindWord(kind: string): string {
  return kinds[kind] ?? plain(kind);
}
