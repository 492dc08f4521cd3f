// Names of ATT&CK ids, from the table that ships with the server (data/attack, MITRE's notice beside it).
import { useQuery } from '@tanstack/react-query';

export interface AttackTable {
  tactics: readonly { id: string; name: string; short: string }[]; // in kill-chain order
  techniques: ReadonlyMap<string, { name: string; tactics: readonly string[] }>; // tactics by short name
}

const killChain =
  'TA0043 TA0042 TA0001 TA0002 TA0003 TA0004 TA0005 TA0006 TA0007 TA0008 TA0009 TA0011 TA0010 TA0040';

export function useAttackTable(): AttackTable | undefined {
  return useQuery({ queryKey: ['attack-table'], queryFn: loadTable, staleTime: Infinity }).data;
}

async function loadTable(): Promise<AttackTable> {
  const { tactics, techniques } = await import('./attackTable');
  return readTable(tactics, techniques);
}

export function readTable(tacticsCsv: string, techniquesCsv: string): AttackTable {
  const place = (id: string) => (killChain.includes(id) ? killChain.indexOf(id) : killChain.length);
  return {
    tactics: rowsOf(tacticsCsv)
      .map(([id = '', name = '', short = '']) => ({ id, name, short }))
      .sort((a, b) => place(a.id) - place(b.id)),
    techniques: new Map(
      rowsOf(techniquesCsv).map(([id = '', name = '', tactics = '']) => [
        id,
        { name, tactics: tactics.split(';') },
      ]),
    ),
  };
}

function rowsOf(csv: string): string[][] {
  const lines = csv.split('\n').filter((line) => line.trim() !== '');
  return lines
    .slice(1)
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((cell) =>
        (cell[1] ?? cell[2] ?? '').replace(/""/g, '"').trim(),
      ),
    );
}
