// Sources, and a mapping tried on a sample.
import { api, becomes, check, equal, shot, test, until } from './harness.mjs';
import { sendAlerts, word } from './seed.mjs';

const mapping = `source: ${word}-acme\nrecords: items\ntitle: name\nid: id\nseverity: level\n`;
const sample = JSON.stringify({
  items: [
    { id: '1', name: `${word} odd logon`, level: 'high' },
    { id: '2', name: `${word} odd process`, level: 'low' },
  ],
});

test('sources say when they were heard, and their numbers lead to the rows', async (open) => {
  const source = `${word}-vendor`;
  await sendAlerts(3, { source });
  const page = await open('/sources');
  const row = page.getByRole('row').filter({ hasText: source });
  await row.getByText('● Heard').waitFor();
  await until('three stored', async () => (await row.getByRole('link', { name: '3 alerts' }).count()) === 1);
  await row.getByRole('button', { name: source }).click();
  await page.waitForURL(/source=source/);
  const panel = page.getByRole('complementary', { name: 'Source' });
  await panel.getByText('not configured, so its silence cannot be judged').waitFor();
  await page.reload();
  await panel.getByText('not configured, so its silence cannot be judged').waitFor();
  await page.keyboard.press('Escape');
  await panel.waitFor({ state: 'detached' });
  await row.getByRole('link', { name: '3 alerts' }).click();
  await page.waitForURL(/\/queue/);
  await until('its rows', async () => (await page.locator('[role=grid] [role=row][id]').count()) === 3);
});

test('a silent and an unknown source are never shown as well', async (open) => {
  const page = await open('/queue');
  const { items } = await api('/api/v1/sources');
  const [known] = items.filter((source) => source.kind === 'source');
  check(known, 'no source to start from');
  const change = { last_minute: 0, last_hour: 0, unreadable: 0, dropped: 0, cut: 0, errors: 0 };
  const made = [
    { ...known, ...change, name: 'never', state: 'unknown', last_record_at: null, alerts_stored: 0 },
    { ...known, ...change, name: 'quiet', state: 'silent', silent_since: '2026-01-01T00:00:00.000Z' },
    { ...known, ...change, name: 'losing', state: 'unknown', dropped: 7, unreadable: 2, dead_letters: 2 },
  ];
  await page.route('**/api/v1/sources', (route) => route.fulfill({ json: { items: made } }));
  await page.goto(page.url().replace(/\/queue.*/, '/sources'));
  const row = (name) => page.getByRole('row').filter({ hasText: name });
  await row('never').getByText('? Unknown').waitFor();
  await row('never').getByText('never heard').waitFor();
  await row('never').getByText('? none').waitFor();
  await row('quiet')
    .getByText(/▲ Silent \d+ d/)
    .waitFor();
  await row('losing').getByText('▲ 7 lost unread, 2 unreadable').waitFor();
  await row('losing').getByRole('link', { name: '2 dead letters' }).waitFor();
  equal(await page.getByText('● Heard').count(), 0, 'sources called heard');
  await shot(page, 'sources-silent');
  await page.keyboard.press('f');
  await page.waitForURL(/only=faults/);
  await row('never').waitFor({ state: 'detached' });
  await row('quiet').waitFor();
});

test('sources that cannot be read say so, and trying again works', async (open) => {
  const page = await open('/queue');
  let broken = true;
  await page.route('**/api/v1/sources', (route) =>
    broken
      ? route.fulfill({
          status: 400,
          contentType: 'application/problem+json',
          body: JSON.stringify({ title: 'Bad', detail: 'the list is torn', hint: 'run doctor' }),
        })
      : route.continue(),
  );
  await page.goto(page.url().replace(/\/queue.*/, '/sources'));
  await page.getByText('The list could not be read. The list is torn. Run doctor.').waitFor();
  broken = false;
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('columnheader', { name: 'Last record' }).first().waitFor();
});

test('a mapping is tried by keyboard; a fault leads to its line; nothing is stored', async (open) => {
  const stored = async () => (await api('/api/v1/stats')).alerts.by_source[`${word}-acme`] ?? 0;
  const page = await open('/mappings');
  await page.getByText(/^Paste a mapping and a sample/).waitFor();
  await page.keyboard.press('m');
  await page.getByLabel('Mapping, YAML').fill(mapping.replace('title:', 'titel:'));
  await page.getByLabel('Sample, as the source sends it').fill(sample);
  await page.keyboard.press('Control+Enter');
  const go = page.getByRole('button', { name: /^Go to line 3, column / });
  await go.waitFor();
  await shot(page, 'mapping-fault');
  await go.click();
  const chosen = await page
    .getByLabel('Mapping, YAML')
    .evaluate((field) => field.value.slice(0, field.selectionStart).split('\n').length);
  equal(chosen, 3, 'line of the selection');
  await page.getByLabel('Mapping, YAML').fill(mapping);
  await page.keyboard.press('Control+Enter');
  const result = page.getByRole('region', { name: 'What it makes of the sample' });
  await result.getByText('2 records').waitFor();
  await result.getByText(`${word} odd logon`).first().waitFor();
  await shot(page, 'mapping-tried');
  await result.getByRole('combobox', { name: /^Record/ }).selectOption('1');
  await page.waitForURL(/record=1/);
  await result.getByText(`${word} odd process`).first().waitFor();
  equal(await stored(), 0, 'alerts stored by a trial');
  await page.reload();
  await becomes(() => page.getByLabel('Mapping, YAML').inputValue(), mapping, 'the draft after a reload');
});

test('a dead letter becomes the sample of a mapping', async (open) => {
  const body = `{"${word}": "cut off`;
  await fetch(new URL('/api/v1/webhooks/wazuh', process.env.BASE_URL ?? 'http://127.0.0.1:8000'), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body,
  });
  const letter = await until('a dead letter', async () => {
    const { items } = await api('/api/v1/dead-letters?limit=20');
    for (const { id } of items) if ((await api(`/api/v1/dead-letters/${id}`)).body === body) return id;
  });
  const page = await open('/sources');
  const row = page.getByRole('row').filter({ has: page.getByRole('button', { name: 'wazuh', exact: true }) });
  await row.getByRole('link', { name: /^\d+ dead letters?$/ }).click();
  await page.getByRole('heading', { name: 'Dead letters', level: 1 }).waitFor();
  await page.goto(new URL(`/dead-letters/${letter}`, page.url()).href);
  await page.getByRole('link', { name: 'Try a mapping on it' }).click();
  await page.waitForURL(new RegExp(`letter=${letter}`));
  await until(
    'the body is the sample',
    async () => (await page.getByLabel('Sample, as the source sends it').inputValue()) === body,
  );
});
