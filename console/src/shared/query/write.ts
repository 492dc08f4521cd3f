// Query text from names and values, whatever the values hold.

// A value that the grammar would not read as itself stands in quotes.
export function quoted(value: string): string {
  const plain =
    /^[\w.@/-]+$/.test(value) && !/^(AND|OR|NOT|-.*|has|cidr)$/.test(value) && !value.includes('..');
  return plain ? value : `"${value.replace(/[\\"]/g, '\\$&')}"`;
}

export function term(field: string, value: string): string {
  return `${field}:${quoted(value)}`;
}

type Where = readonly (readonly [field: string, value: string])[];

// The address of the alerts for which all of it holds; closed ones too.
export function alertsWhere(...where: Where): string {
  const q = where.map(([field, value]) => term(field, value)).join(' ');
  return `/queue?list=alerts&q=${encodeURIComponent(q)}`;
}

interface Alike {
  source: string;
  type: string;
  entities: readonly { kind: string; value: string }[];
}

// The search of alerts like this one: its kind, and the first host, user or address that it names, which keeps the search
// from finding what the same tool says of others.
export function likeThis(alert: Alike): string {
  const about = ['host', 'user', 'ip']
    .map((kind) => alert.entities.find((one) => one.kind === kind))
    .find((one) => one !== undefined);
  return [
    term('source', alert.source),
    term('type', alert.type),
    ...(about ? [term(about.kind, about.value)] : []),
  ].join(' ');
}

// Where such alerts are kept out of the queue.
export function suppressionOf(alert: Alike & { title: string }): string {
  const asked = new URLSearchParams({ add: '1', q: likeThis(alert), name: alert.title.slice(0, 100) });
  return `/suppressions?${asked}`;
}
