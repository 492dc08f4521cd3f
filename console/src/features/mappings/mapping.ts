// A draft of a mapping and of its sample, and what the server says of them.
import type { Problem } from '@/shared/api/wire';

export interface Trial {
  mapping: string;
  payload: string;
}

export const example: Trial = {
  mapping: `source: acme-edr
records: data.items
title: event.name
id: event.id
time: event.when
severity:
  path: event.level
  default: medium
  values: {P1: critical, P2: high, P3: medium}
command_line: process.cmd
entities:
  - {path: host.name, kind: host, role: target, transform: lower}
  - {path: user, kind: user, role: target, transform: without_domain}
  - {path: remote.ip, kind: ip, role: source, indicator: observed}
`,
  payload: `{"data": {"items": [{
  "event": {"id": "E-1", "name": "Odd logon", "level": "P2", "when": "2026-11-21T02:14:07Z"},
  "host": {"name": "WS-114"},
  "user": "CORP\\\\j.ro",
  "remote": {"ip": "203.0.113.9"}
}]}}
`,
};

const kKey = 'tocsin.mapping';

export function loadTrial(): Trial {
  const none: Trial = { mapping: '', payload: '' };
  try {
    const found = JSON.parse(localStorage.getItem(kKey) ?? 'null') as Partial<Trial> | null;
    return typeof found?.mapping === 'string' && typeof found.payload === 'string'
      ? { mapping: found.mapping, payload: found.payload }
      : none;
  } catch {
    return none;
  }
}

// Whether this browser keeps it.
export function saveTrial(trial: Trial): boolean {
  try {
    localStorage.setItem(kKey, JSON.stringify(trial));
    return true;
  } catch {
    return false;
  }
}

export interface Place {
  line: number; // from 1
  column: number; // from 1
}

// Where in the mapping the server found the fault, if it says so.
export function placeOf(problem: Partial<Problem>): Place | null {
  for (const { pointer } of problem.errors ?? []) {
    const match = /^mapping:(\d+):(\d+)/.exec(pointer);
    if (match) return { line: Number(match[1]), column: Number(match[2]) };
  }
  return null;
}

// The characters of that line from the column on; what the text does not have is cut off.
export function rangeOf(text: string, { line, column }: Place): [from: number, to: number] {
  const lines = text.split('\n');
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const end = Math.min(text.length, before + (lines[line - 1]?.length ?? 0));
  return [Math.min(end, before + column - 1), end];
}
