// The texts of xss_payloads.mjs, put into every field that takes a text.
import { payloads } from './xss_payloads.mjs';

const kAtOnce = 6;

// In groups, so that thousands of small requests neither take minutes nor hit the limit of one client at once.
export async function each(items, act) {
  const done = [];
  for (let i = 0; i < items.length; i += kAtOnce)
    done.push(...(await Promise.all(items.slice(i, i + kAtOnce).map(act))));
  return done;
}

export const some = (every) => payloads.filter(({ number }) => number % every === 0);
const short = (text, length) => [...text].slice(0, length).join('').trim() || 'x';

const alertOf = ({ text, number }) => ({
  id: `xss-${number}-${text}`,
  source: 'generic',
  alert_type: text,
  rule: text,
  rule_name: text,
  title: `${text} (${number})`,
  message: text,
  description: text,
  severity: 'critical',
  asset_tier: 'crown_jewel',
  user: `${number} ${text}`,
  host: `${number} ${text}`,
  source_url: text,
  url: text,
  vendor_status: text,
  vendor_verdict: text,
  tags: [short(text, 90)],
  process: { command_line: text, parent: text, hash: text },
  command_line: text,
  file_name: text,
  entities: ['user', 'host', 'domain', 'url', 'email', 'file', 'process', 'account', 'cloud_resource'].map(
    (kind) => ({ kind, value: `${number} ${text}`, role: 'related' }),
  ),
  note: text,
  reported_by: text,
  raw: { [text]: text, nested: [{ [text]: [text] }] },
});

const mailOf = ({ text, number }) =>
  [
    `From: "${text.replace(/["\r\n]/g, '')}" <a${number}@example.org>`,
    `To: victim@example.com`,
    `Subject: ${text.replace(/[\r\n]/g, ' ')}`,
    'Date: Sun, 04 Jan 2026 12:00:00 +0000',
    `Message-ID: <xss-${number}@example.org>`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    'Content-Type: text/html',
    '',
    text,
    '--b',
    'Content-Type: application/octet-stream',
    `Content-Disposition: attachment; filename="${text.replace(/["\r\n\\]/g, '')}.html"`,
    '',
    'x',
    '--b--',
    '',
  ].join('\r\n');

export const put = {
  async alerts(call) {
    const made = await each(payloads, (one) => call('POST', '/api/v1/alerts', alertOf(one)));
    return made.map(({ id }) => id);
  },
  sources: (call) =>
    each(payloads, ({ text, number }) =>
      call(
        'POST',
        '/api/v1/alerts',
        { id: `from-${number}`, source: text, title: `of a source ${number}`, severity: 'low' },
        undefined,
        [422],
      ),
    ),
  mails: (call) =>
    each(payloads, (one) =>
      call('POST', '/api/v1/webhooks/email', mailOf(one), 'message/rfc822', [400, 422]),
    ),
  // Each is kept as it came, with the reason why it is no JSON.
  letters: (call) =>
    each(payloads, ({ text }) =>
      call('POST', '/api/v1/webhooks/falco', `{"rule": ${text}`, 'application/json', [400, 422]),
    ),
  changes: (call, ids) =>
    each(payloads, ({ text, number }) =>
      call('PATCH', `/api/v1/alerts/${ids[number]}`, {
        tags: [short(text, 100)],
        assignee: short(text, 200),
        close_reason: text,
      }),
    ),
  assets: (call) =>
    each(payloads, ({ text, number }) =>
      call(
        'POST',
        '/api/v1/assets',
        {
          name: `${number} ${text}`,
          hosts: [`${number} ${text}`],
          owner: text,
          department: text,
          zone: text,
          tags: [text],
        },
        undefined,
        [400, 422],
      ),
    ),
  users: (call) =>
    each(payloads, ({ text, number }) =>
      call(
        'POST',
        '/api/v1/users',
        {
          name: `${number} ${text}`,
          aliases: [`alias ${number} ${text}`],
          department: text,
          title: text,
          manager: text,
        },
        undefined,
        [400, 422],
      ),
    ),
  // A tenant has at most 200.
  views: (call, texts = payloads.slice(0, 150)) =>
    each(texts, ({ text, number }) =>
      call(
        'POST',
        '/api/v1/views',
        { name: short(`${number} ${text}`, 100), subject: 'alerts', q: JSON.stringify(text) },
        undefined,
        [400, 422],
      ),
    ),
  people: (call) =>
    each(payloads, ({ text, number }) =>
      call(
        'POST',
        '/api/v1/people',
        {
          login: `${number}${text}`.replace(/[\s\p{C}\p{Z}]/gu, ''),
          name: text,
          password: `a passphrase of number ${number}`,
          grants: [{ role: 'viewer' }],
        },
        undefined,
        [422],
      ),
    ),
  keys: (call) =>
    each(payloads, ({ text }) =>
      call(
        'POST',
        '/api/v1/keys',
        { name: short(text, 100), role: 'ingest', source: short(text, 64) },
        undefined,
        [422],
      ),
    ),
  tenants: (call) =>
    each(payloads, ({ text, number }) =>
      call('POST', '/api/v1/tenants', { name: `xss-${number}`, title: text }),
    ),
  intel: (call) =>
    each(payloads, ({ text, number }) => {
      const name = encodeURIComponent(text.replace(/\p{C}/gu, ' '));
      return call(
        'POST',
        `/api/v1/intel/lists?name=${name}&source=${name}`,
        {
          type: 'bundle',
          id: `bundle--5d0092c5-5f74-4287-9642-${String(number).padStart(12, '0')}`,
          objects: payloads.slice(0, number % 10 === 0 ? 60 : 1).map((one, i) => ({
            type: 'indicator',
            id: `indicator--5d0092c5-5f74-4287-${String(i).padStart(4, '0')}-${String(number).padStart(12, '0')}`,
            name: one.text,
            description: one.text,
            labels: [one.text],
            created: '2026-01-02T00:00:00Z',
            modified: '2026-01-02T00:00:00Z',
            valid_from: '2026-01-02T00:00:00Z',
            pattern_type: 'stix',
            pattern: `[url:value = 'https://h${number}-${i}.example.org/${one.text.replace(/[\\'\p{C}]/gu, '')}']`,
          })),
        },
        undefined,
        [400, 422],
      );
    }),
  warnings: (call) =>
    each(some(10), ({ text }) =>
      call(
        'POST',
        '/api/v1/enrichment/warning-lists',
        {
          name: text,
          description: text,
          version: 1,
          type: 'string',
          category: text,
          list: payloads.map((one) => one.text),
        },
        undefined,
        [400, 422],
      ),
    ),
};

// Notes, actions and the rest of one incident; `incidents`: one a payload.
export async function putIntoIncident(call, id) {
  await each(payloads, ({ text }) => call('POST', `/api/v1/incidents/${id}/notes`, { text }));
  await each(payloads, ({ text }) =>
    call(
      'POST',
      `/api/v1/incidents/${id}/actions`,
      {
        action: short(text, 200),
        target: text,
        detail: text,
        simulated: text.length % 2 === 0,
      },
      undefined,
      [422],
    ),
  );
  await call('PATCH', `/api/v1/incidents/${id}`, {
    close_reason: payloads[25].text,
    analyst_notes: payloads[30].text,
  });
}

// A text for each step of as many incidents as it takes; the ids of those.
export async function putIntoChecklists(call, incidents) {
  const { manual } = await call('GET', `/api/v1/incidents/${incidents[0]}/checklist`);
  const of = (number) => incidents[Math.floor(number / manual.length)];
  await each(payloads, ({ text, number }) =>
    call('PUT', `/api/v1/incidents/${of(number)}/checklist/${manual[number % manual.length].id}`, {
      done: true,
      note: text,
    }),
  );
  return incidents.slice(0, Math.ceil(payloads.length / manual.length));
}
