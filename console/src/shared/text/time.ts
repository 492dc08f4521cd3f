// Times as the design writes them: 2026-11-21 and 02:14:07.120, in UTC or the reader's own zone.

type Zone = 'utc' | 'mine';

function parts(at: Date, zone: Zone): Record<string, string> {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone === 'utc' ? 'UTC' : undefined,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    hourCycle: 'h23',
  });
  return Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
}

export function dateText(iso: string, zone: Zone): string {
  const p = parts(new Date(iso), zone);
  return `${p['year']}-${p['month']}-${p['day']}`;
}

export function clockText(iso: string, zone: Zone, ms = false): string {
  const p = parts(new Date(iso), zone);
  return `${p['hour']}:${p['minute']}:${p['second']}${ms ? `.${p['fractionalSecond']}` : ''}`;
}

export function fullText(iso: string, zone: Zone): string {
  return `${dateText(iso, zone)} ${clockText(iso, zone)} ${zoneText(zone)}`;
}

export function zoneText(zone: Zone): string {
  return zone === 'utc' ? 'UTC' : Intl.DateTimeFormat().resolvedOptions().timeZone;
}
