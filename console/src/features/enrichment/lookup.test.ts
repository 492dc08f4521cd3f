import { expect, it } from 'vitest';
import { guessKind } from './lookup';

it('a value is looked up as what it looks like', () => {
  const cases: Record<string, string> = {
    'CVE-2021-44228': 'cve',
    'https://example.com/a': 'url',
    '10.1.2.3': 'ip',
    ' 2001:db8::1 ': 'ip',
    '00:1a:2b:3c:4d:5e': 'mac',
    d41d8cd98f00b204e9800998ecf8427e: 'hash',
    'ana@corp.example': 'email',
    'CORP\\ana': 'user',
    ana: 'user',
    'example.com': 'domain',
    'db-01': 'host',
    '': 'host',
  };
  for (const [value, kind] of Object.entries(cases)) expect([value, guessKind(value)]).toEqual([value, kind]);
});
