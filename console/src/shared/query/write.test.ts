import { describe, expect, it } from 'vitest';
import { likeThis, suppressionOf } from './write';

const alert = {
  source: 'suricata',
  type: 'port_scan',
  title: 'x'.repeat(300),
  entities: [
    { kind: 'ip', value: '198.51.100.7' },
    { kind: 'user', value: 'CORP\\svc scan' },
  ],
};

describe('the search of alerts like one', () => {
  it('names its kind and whom it is about, with what would not be read as itself in quotes', () => {
    expect(likeThis(alert)).toBe('source:suricata type:port_scan user:"CORP\\\\svc scan"');
    expect(likeThis({ ...alert, entities: [] })).toBe('source:suricata type:port_scan');
  });

  it('leads to a suppression whose name the server takes', () => {
    const asked = new URLSearchParams(suppressionOf(alert).split('?')[1]);
    expect(asked.get('q')).toBe(likeThis(alert));
    expect(asked.get('name')).toHaveLength(100);
  });
});
