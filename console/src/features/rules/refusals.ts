export interface Place {
  file: string;
  line: number | null;
  column: number | null;
}

// "rules/a.yml:12:5" → its parts; a file's own name may hold colons.
export function placeOf(where: string): Place {
  const parts = /^(.*?)(?::(\d+))(?::(\d+))?$/s.exec(where);
  if (!parts) return { file: where, line: null, column: null };
  return {
    file: parts[1] ?? where,
    line: Number(parts[2]),
    column: parts[3] === undefined ? null : Number(parts[3]),
  };
}
