// How the desk does: figures from decisions that were made here, the rows behind them, time range and shift in the address.
import { api, becomes, check, equal, shot, test, until } from './harness.mjs';
import { faults, fitsSideways, settled } from './looks.mjs';
import { sendAlerts, word } from './seed.mjs';

const patch = (id, json) => api(`/api/v1/alerts/${id}`, { method: 'PATCH', json });

// Decided and closed ones, so that the desk has figures.
async function decisions() {
  const alerts = await sendAlerts(4, { source: 'edr', type: `${word}_desk`, alert_type: `${word}_desk` });
  for (const [i, { id }] of alerts.entries())
    await patch(id, { verdict: i === 0 ? 'true_positive' : 'false_positive', status: 'closed' });
  return alerts.map(({ id }) => id);
}

const shiftNow = () => String(Math.floor(new Date().getUTCHours() / 8) * 8).padStart(2, '0');

test('every figure of the desk opens its rows, and its sample is theirs', async (open) => {
  const ids = await decisions();
  const figures = (await api('/api/v1/measures?days=7')).figures;
  const triage = figures.find(({ name }) => name === 'alert_minutes_to_triage');
  check(triage.count >= ids.length, 'alerts were triaged');
  const page = await open('/desk?days=7');
  const main = page.getByRole('main');
  const table = main.locator('table').first();
  await becomes(() => table.locator('tbody tr').count(), figures.length, 'figures');
  const row = table.locator('tr', { hasText: 'Time to triage, alerts' });
  await row.getByText(/Reached: 4 min/).waitFor();
  await row.getByRole('button', { name: /, sample\. Its rows/ }).click();
  await page.waitForURL(/figure=alert_minutes_to_triage/);
  const panel = page.getByRole('complementary', { name: 'Rows of the figure' });
  await panel.locator(`a[href="/alerts/${ids[0]}"]`).waitFor();
  equal(await panel.locator('tbody tr').count(), triage.count, 'rows of the sample');
  await page.keyboard.press('j');
  await page.waitForURL(/figure=(?!alert_minutes_to_triage)/);
  await page.keyboard.press('Escape');
  await panel.waitFor({ state: 'detached' });
  await shot(page, 'desk');
});

test('time range and shift of the desk live in the address, and a shift has its own figures', async (open) => {
  await decisions();
  const other = shiftNow() === '00' ? '08' : '00';
  const page = await open('/queue');
  await settled(page);
  await page.keyboard.press('g');
  await page.keyboard.press('k');
  await page.waitForURL(/\/desk$/);
  await page.getByRole('combobox', { name: 'Time', exact: true }).selectOption('1');
  await page.waitForURL(/days=1/);
  await page.getByRole('combobox', { name: 'Shift' }).selectOption(shiftNow());
  await page.waitForURL(new RegExp(`shift=${shiftNow()}`));
  const row = page.locator('main tr', { hasText: 'Time to resolve, alerts' });
  const sample = row.getByRole('button', { name: /, sample\. Its rows/ });
  const before = await until('the sample of the shift', async () => Number(await sample.textContent()));
  check(before >= 4, 'closed alerts of this shift');
  await page.reload();
  await becomes(async () => Number(await sample.textContent()), before, 'the sample after a reload');
  await page.getByRole('combobox', { name: 'Shift' }).selectOption(other);
  await row.getByText(/^No data yet\. Nothing was closed/).waitFor();
  const [csv] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Export CSV, all shifts' }).click(),
  ]);
  check(csv.suggestedFilename().endsWith('.csv'), `the name of the file: ${csv.suggestedFilename()}`);
});

test('a person of the desk opens what was decided by that person', async (open) => {
  await decisions();
  const page = await open('/desk');
  const people = page.getByRole('region', { name: 'By person' });
  await people.getByRole('button').first().click();
  await page.waitForURL(/who=/);
  const panel = page.getByRole('complementary', { name: 'Rows of the figure' });
  await panel.getByText('Only of').waitFor();
  await panel.getByRole('button', { name: 'Of everybody' }).click();
  await panel.getByText('Only of').waitFor({ state: 'detached' });
  const rules = page.getByRole('region', { name: 'By rule' });
  const name = rules.getByRole('link', { name: `${word}_desk` });
  await name.first().click();
  await page.waitForURL(/queue\?list=alerts/);
  await page.locator('[role=grid] [role=row][id]').first().waitFor();
});

for (const colorScheme of ['dark', 'light'])
  test(`the desk has no serious fault of accessibility and fits a phone, ${colorScheme}`, async (open) => {
    await decisions();
    const path = '/desk?figure=alert_minutes_to_triage';
    for (const viewport of [
      { width: 1440, height: 900 },
      { width: 390, height: 844 },
    ]) {
      const page = await open(path, { colorScheme, viewport });
      await settled(page);
      await page
        .getByRole('complementary', { name: 'Rows of the figure' })
        .locator('tbody tr')
        .first()
        .waitFor();
      equal(await faults(page), [], `desk ${viewport.width}`);
      await fitsSideways(page, `desk ${viewport.width}`);
      await shot(page, `desk-${colorScheme}-${viewport.width}`);
    }
  });
