// The audit: what was done is found, read field by field, exported, and its chain is checked.
import { api, becomes, check, equal, shot, test } from './harness.mjs';
import { sendAlert, word } from './seed.mjs';

const rows = (page) => page.getByRole('main').locator('table').first().locator('tbody tr').count();

async function closedAlert() {
  const alert = await sendAlert({ source: `${word}-audit` });
  await api(`/api/v1/alerts/${alert.id}`, {
    method: 'PATCH',
    json: { status: 'closed', verdict: 'false_positive', close_reason: `${word} <b>planned</b> test` },
  });
  return alert;
}

test('a change is found by its words and shows what was before and after', async (open) => {
  const alert = await closedAlert();
  const page = await open('/queue');
  await page.getByRole('heading', { name: 'Queue' }).waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('a');
  await page.getByRole('heading', { name: 'Audit', level: 1 }).waitFor();
  await page.keyboard.press('f');
  await page.keyboard.type(alert.id);
  await page.keyboard.press('Enter');
  await page.waitForURL(/text=AL-/);
  await becomes(() => rows(page), 1, 'records of the alert');
  await page.getByRole('button', { name: /^Record \d+$/ }).click();
  const panel = page.getByRole('complementary', { name: 'Record' });
  await panel.getByRole('row', { name: 'status new closed' }).waitFor();
  await panel.getByText(`${word} <b>planned</b> test`).waitFor();
  await panel.getByText('local-admin').waitFor();
  await shot(page, 'audit-record');
  await page.reload();
  await panel.getByRole('row', { name: 'verdict undecided false_positive' }).waitFor();
  await page.keyboard.press('Escape');
  await panel.waitFor({ state: 'detached' });
});

test('filters of the audit live in the address and lead from record to record', async (open) => {
  const alert = await closedAlert();
  const page = await open(`/audit?object=${alert.id}`);
  await becomes(() => rows(page), 1, 'records of the object');
  await page.keyboard.press('j');
  const panel = page.getByRole('complementary', { name: 'Record' });
  await panel.getByRole('link', { name: alert.id }).waitFor();
  await panel.getByRole('button', { name: 'All by this actor' }).click();
  await page.waitForURL(/actor=local-admin/);
  check(!page.url().includes('object='), 'one filter took the place of the other');
  await page.getByLabel('What was done').selectOption('ingest.batch');
  await page.waitForURL(/action=ingest.batch/);
  await page
    .getByRole('row')
    .filter({ hasText: `${word}-audit` })
    .first()
    .waitFor();
  await page.getByLabel('From').fill('2001-01-01');
  await page.getByLabel('Until').fill('2001-01-02');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByText('No record fits.').waitFor();
  await page.getByLabel('Until').fill('someday');
  await page.getByRole('button', { name: 'Search' }).click();
  await page
    .getByRole('alert')
    .getByText(/It is no time/)
    .waitFor();
  await page.getByRole('button', { name: 'Clear' }).click();
  await page
    .getByRole('button', { name: /^Record \d+$/ })
    .first()
    .waitFor();
});

test('the chain is checked, its heads and the records are exported', async (open) => {
  const alert = await closedAlert();
  const page = await open(`/audit?object=${alert.id}`);
  await page.getByRole('button', { name: 'Check the chain' }).click();
  await page.getByText(/✓ The chain is whole: [\d,]+ records?/).waitFor();
  await shot(page, 'audit-chain');
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Export as JSON lines' }).click(),
  ]);
  equal(file.suggestedFilename(), 'audit.ndjson', 'name of the export');
  const heads = await api('/api/v1/audit/heads');
  check(heads.public_key.startsWith('-----BEGIN PUBLIC KEY-----'), 'no public key');
  const { items } = await api(`/api/v1/audit?action=audit.export`);
  equal(items[0].actor, 'local-admin', 'who exported');
});

test('a chain that somebody worked on is said to be so', async (open) => {
  const page = await open('/queue');
  await page.route('**/api/v1/audit/verify', (route) =>
    route.fulfill({
      json: {
        sound: false,
        complete: true,
        records: 20,
        heads: 2,
        seconds: 0.1,
        more_faults: 0,
        faults: [
          {
            number: 7,
            through: 9,
            what: 'missing: deleted, or never written by the program',
            after: '2026-01-04T12:00:00.000Z',
            before: '2026-01-04T12:05:00.000Z',
          },
        ],
      },
    }),
  );
  await page.goto(page.url().replace(/\/queue.*/, '/audit'));
  await page.getByRole('button', { name: 'Check the chain' }).click();
  await page.getByText('▲ The chain was tampered with').waitFor();
  await page.getByText(/Records 7 to 9: missing/).waitFor();
});
