// Every route, in both themes and on small screens: no serious fault of accessibility, nothing cut off sideways.
import { api, becomes, check, equal, shot, test } from './harness.mjs';
import { faults, fitsSideways, settled } from './looks.mjs';
import { makeIncident, word } from './seed.mjs';

const tabs = [
  'timeline',
  'graph',
  'alerts',
  'entities',
  'attack',
  'iocs',
  'similar',
  'playbooks',
  'checklist',
  'queries',
  'analyses',
  'notes',
  'activity',
];

// A row, a list with a long name, and facts on the alert that bear them.
async function knowledge(host) {
  const { id: asset } = await api('/api/v1/assets', {
    method: 'POST',
    json: {
      name: host,
      addresses: ['10.6.0.1', '10.6.0.2', '10.6.1.0/24'],
      owner: 'Finance '.repeat(20).trim(),
    },
  });
  const { id: list } = await api(`/api/v1/intel/lists?name=${word}-${'y'.repeat(80)}`, {
    method: 'POST',
    json: {
      type: 'bundle',
      id: 'bundle--5d0092c5-5f74-4287-9642-33f4c354e56d',
      objects: [
        {
          type: 'indicator',
          id: 'indicator--5d0092c5-5f74-4287-9642-33f4c354e56e',
          created: '2026-01-02T00:00:00Z',
          modified: '2026-01-02T00:00:00Z',
          valid_from: '2026-01-02T00:00:00Z',
          pattern_type: 'stix',
          pattern: `[domain-name:value = '${'z'.repeat(60)}.${word}.example']`,
        },
      ],
    },
  });
  return { asset, list };
}

let known = null;
async function routes() {
  const host = `${word}-${'x'.repeat(60)}`;
  known ??= {
    ...(await knowledge(host)),
    host,
    source: word,
    ...(await makeIncident({
      title: `${word} a long title ${'with many words '.repeat(8)}`,
      host,
      source: word,
    })),
  };
  return [
    ['queue-incidents', '/queue'],
    ['queue-alerts', '/queue?list=alerts&peek=1'],
    ...tabs.map((tab) => [`incident-${tab}`, `/incidents/${known.id}/${tab}`]),
    ['incident-evidence', `/incidents/${known.id}/timeline?ev=${known.alert}%23/title`],
    ['alert', `/alerts/${known.alert}`],
    ['dead-letters', '/dead-letters'],
    [
      'incident-graph-tables',
      `/incidents/${known.id}/graph?as=table&node=host:${encodeURIComponent(known.host)}`,
    ],
    ['incident-graph-node', `/incidents/${known.id}/graph?node=host:${encodeURIComponent(known.host)}`],
    ['sources', '/sources'],
    ['source', `/sources?source=source:${known.source}`],
    ['rules', '/rules'],
    ['rules-files', '/rules/files'],
    ['rules-coverage', '/rules/coverage'],
    ['suppressions', '/suppressions'],
    ['suppression-new', `/suppressions?add=1&q=source:${known.source}`],
    ['mappings', '/mappings'],
    ['jobs', '/jobs'],
    ['audit', '/audit'],
    ['audit-record', '/audit?record=1&action=ingest.batch'],
    ['enrichment', '/enrichment'],
    ['enrichment-lookup', `/enrichment?kind=host&value=${known.host}`],
    ['enrichment-assets', '/enrichment/assets'],
    ['enrichment-asset', `/enrichment/assets?row=${known.asset}`],
    ['enrichment-asset-new', '/enrichment/assets?add=row'],
    ['enrichment-csv', '/enrichment/assets?add=csv&mode=replace'],
    ['enrichment-users', `/enrichment/users?q=${word}none`],
    ['enrichment-intel-list', `/enrichment/intel?row=${known.list}`],
    ['enrichment-intel-import', '/enrichment/intel?add=list'],
    ['enrichment-intel-delete', `/enrichment/intel?drop=${known.list}`],
    ['enrichment-warning-lists', '/enrichment/warning-lists'],
    ['upload', '/upload'],
    ['new-alert', '/alerts/new'],
    ['not-here', '/nowhere/at/all'],
  ];
}

for (const colorScheme of ['dark', 'light'])
  test(`axe finds nothing serious on any route, ${colorScheme}`, async (open) => {
    const page = await open('/queue', { colorScheme });
    for (const [name, path] of await routes()) {
      await page.goto(new URL(path, page.url()).href);
      await settled(page);
      equal(await faults(page), [], name);
      await shot(page, `${name}-${colorScheme}`);
    }
  });

test('axe finds nothing serious in dialogs', async (open) => {
  const page = await open('/queue?list=alerts&q=');
  await page.locator('[role=grid] [role=row][id]').first().waitFor();
  for (const key of ['e', 'v', '?', 'Control+k']) {
    await page.keyboard.press(key);
    await page.locator('dialog[open]').waitFor();
    equal(await faults(page), [], `dialog of ${key}`);
    await page.keyboard.press('Escape');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
  }
});

for (const [width, height] of [
  [390, 844],
  [320, 640],
])
  test(`nothing needs sideways scrolling at ${width} px`, async (open) => {
    const page = await open('/queue', {
      viewport: { width, height },
      hasTouch: true,
    });
    for (const [name, path] of await routes()) {
      await page.goto(new URL(path, page.url()).href);
      await settled(page);
      await fitsSideways(page, name);
      if (width === 390) await shot(page, `phone-${name}`);
    }
  });

test('targets are at least 24 px high and wide on the queue', async (open) => {
  const page = await open('/queue?list=alerts&q=');
  await page.locator('[role=grid] [role=row][id]').first().waitFor();
  const small = await page.evaluate(() =>
    [...document.querySelectorAll('button, select, input:not([type=checkbox])')]
      .map((element) => ({
        name: element.textContent || element.getAttribute('aria-label'),
        box: element.getBoundingClientRect(),
      }))
      .filter(({ box }) => box.width > 0 && (box.width < 24 || box.height < 24))
      .map(({ name, box }) => `${name} ${box.width}x${box.height}`),
  );
  equal(small, [], 'too small');
});

test('the skip link leads to the content, and the focus can be seen', async (open) => {
  const page = await open('/queue');
  await page.getByRole('heading', { name: 'Queue' }).waitFor();
  await page.keyboard.press('Tab');
  await becomes(
    () => page.evaluate(() => document.activeElement.textContent),
    'Skip to content',
    'first stop',
  );
  await page.keyboard.press('Enter');
  await becomes(() => page.evaluate(() => document.activeElement.id), 'main', 'focus after the skip link');
  await page.keyboard.press('Tab');
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  equal(outline, 'solid', 'outline of the element in focus');
});
