import { describe, expect, it } from 'vitest';
import type { Fact } from '@/shared/api/wire';
import { bySubject, spokenSource, whereKept } from './known';

const fact = (name: string, value: string, from: string, subject: string): Fact => ({
  name,
  value,
  from,
  subject,
  as_of: '2026-01-02T09:00:00.000Z',
  at: '2026-01-04T12:00:00.000Z',
});

const facts = [
  fact('asset', 'db-01', 'asset_table', 'DB-01.corp.example'),
  fact('asset_owner', 'Finance', 'asset_table', 'DB-01.corp.example'),
  fact('network', 'Servers & more', 'asset_table', '10.1.2.3'),
  fact('network_zone', 'servers', 'asset_table', '10.1.2.3'),
  fact('user', 'alice', 'user_table', 'CORP\\alice'),
  fact('privileged', 'true', 'user_table', 'CORP\\alice'),
  fact('ioc_match', 'C2', 'intel_list: ACME: CERT', '198.51.100.7'),
  fact('not_an_indicator', 'resolver', 'warning_list: Public DNS', '8.8.8.8'),
  fact('network_class', 'public', 'IANA', '8.8.8.8'),
  fact('known_exploited', 'true', 'cisa_kev (shipped ids)', 'CVE-2021-44228'),
  fact('created_by', 'local-admin', 'console', ''),
];

describe('facts', () => {
  it('are shown by what they are about, in the order they came', () => {
    const groups = bySubject(facts);
    expect(groups.map((group) => group.subject)).toEqual([
      'DB-01.corp.example',
      '10.1.2.3',
      'CORP\\alice',
      '198.51.100.7',
      '8.8.8.8',
      'CVE-2021-44228',
      '',
    ]);
    expect(groups.reduce((n, group) => n + group.own.length, 0)).toBe(facts.length);
  });

  it('lead to the row, list or part behind them', () => {
    expect(facts.map((one) => whereKept(one, facts))).toEqual([
      '/enrichment/assets?q=db-01&name=db-01',
      '/enrichment/assets?q=db-01&name=db-01',
      '/enrichment/assets?q=Servers+%26+more&name=Servers+%26+more',
      '/enrichment/assets?q=Servers+%26+more&name=Servers+%26+more',
      '/enrichment/users?q=alice&name=alice',
      '/enrichment/users?q=alice&name=alice',
      '/enrichment/intel?name=ACME%3A+CERT',
      '/enrichment/warning-lists?name=Public+DNS',
      null,
      '/enrichment',
      null,
    ]);
  });

  it('name their source in words', () => {
    expect(
      ['asset_table', 'intel_list: ACME: CERT', 'iana_registry', 'cisa_kev (shipped ids)'].map(spokenSource),
    ).toEqual(['asset table', 'intel list ACME: CERT', 'IANA registry', 'CISA KEV (shipped ids)']);
  });
});
