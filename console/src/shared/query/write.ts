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
