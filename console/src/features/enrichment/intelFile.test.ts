import { expect, it } from 'vitest';
import { sniffText } from './intelFile';

it('a file of indicators tells its format and a name', () => {
  const stix = JSON.stringify({ type: 'bundle', id: 'bundle--1', objects: [] }, null, 2);
  expect(sniffText(stix, 'acme.stix2')).toEqual({ format: 'stix', name: 'acme' });
  const misp = JSON.stringify({ Event: { info: 'Phishing wave', Attribute: [] } });
  expect(sniffText(misp, '1234.json')).toEqual({ format: 'misp', name: 'Phishing wave' });
  expect(sniffText(JSON.stringify({ response: [{}] }), 'all.json')).toEqual({ format: 'misp', name: 'all' });
  expect(sniffText('a,b\n1,2', 'table.csv')).toEqual({ format: null, name: 'table.csv' });
});
