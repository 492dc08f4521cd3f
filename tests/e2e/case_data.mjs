// What people tell the agents: added, refused at the field, and removed, over the real policy, changes and advisories.
import { api, becomes, check, equal, shot, test } from './harness.mjs';
import { faults, fitsSideways, settled } from './looks.mjs';
import { word } from './seed.mjs';

const policy = () => api('/api/v1/settings/customer-policy');

async function openForm(page, section, button) {
  await page.getByRole('region', { name: section }).getByRole('button', { name: button }).click();
  return page.getByRole('dialog');
}

test('an allow entry is refused at its field, added and removed again, and the rest of the policy stays', async (open) => {
  await api('/api/v1/settings/customer-policy', {
    method: 'PUT',
    json: { settings: { auto_block: 'never' } },
  });
  const page = await open('/admin/case-data');
  await page.getByText('Empty. Add what is expected here').waitFor();
  const dialog = await openForm(page, 'Allow list', 'Add an entry…');
  const value = dialog.getByRole('textbox', { name: 'Host, user, address or network' });
  await value.fill('0.0.0.0/0');
  await dialog
    .getByRole('textbox', { name: 'Reason' })
    .fill('Vulnerability scanner <img src=x onerror=alert(1)>');
  await page.keyboard.press('Enter');
  await becomes(() => value.getAttribute('aria-invalid'), 'true', 'the wrong network is told at its field');
  equal((await policy()).allow_list, [], 'nothing was added');
  equal(await faults(page), [], 'the dialog with an error');
  await value.fill(`${word}-scanner`);
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  await page.getByText('Vulnerability scanner <img src=x onerror=alert(1)>').waitFor();
  await openForm(page, 'Rate limits', 'Add a limit…');
  await dialog.getByRole('textbox', { name: 'Name' }).fill('sign-ins');
  const most = dialog.getByRole('textbox', { name: 'At most a minute' });
  await most.fill('many');
  await page.keyboard.press('Enter');
  await becomes(() => most.getAttribute('aria-invalid'), 'true', 'what is no number is told at its field');
  await most.fill('60');
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  const now = await policy();
  equal([now.allow_list[0].value, now.rate_limits[0].per_minute], [`${word}-scanner`, 60], 'both are set');
  equal(now.settings, { auto_block: 'never' }, 'what was not touched stays');
  await page.getByRole('button', { name: `Remove ${word}-scanner` }).click();
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  equal((await policy()).allow_list.length, 1, 'Enter alone removes nothing');
  await page.getByRole('button', { name: `Remove ${word}-scanner` }).click();
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
  await page.getByText('Empty. Add what is expected here').waitFor();
  equal((await policy()).rate_limits.length, 1, 'the limit stays');
});

test('a maintenance window and a change are told with their times', async (open) => {
  const page = await open('/admin/case-data');
  const dialog = await openForm(page, 'Maintenance windows', 'Add a window…');
  await dialog.getByLabel('Title').fill(`${word} patch night`);
  await dialog.getByLabel('From, in UTC').fill('2026-12-18T22:00');
  await dialog.getByLabel('Until, in UTC').fill('2026-12-19T02:00');
  await dialog.getByLabel('Hosts, users, services or networks').fill('web-01, web-02');
  await dialog.getByRole('button', { name: 'Add' }).click();
  await page.getByRole('cell', { name: `${word} patch night`, exact: true }).waitFor();
  const set = (await policy()).maintenance_windows.find(({ title }) => title.startsWith(word));
  equal([set.from.slice(0, 19), set.resources], ['2026-12-18T22:00:00', ['web-01', 'web-02']], 'the window');
  await openForm(page, 'Changes', 'Tell of a change…');
  await page.keyboard.press('Tab');
  await dialog.getByLabel('Summary').fill(`${word} web 4.2 to production`);
  await page.keyboard.press('Enter');
  await becomes(() => dialog.getByLabel('Kind').getAttribute('aria-invalid'), 'true', 'the kind is missing');
  await dialog.getByLabel('Kind').fill('deployment');
  await page.keyboard.press('Enter');
  await page.getByRole('cell', { name: `${word} web 4.2 to production`, exact: true }).waitFor();
});

test('an advisory is read for what it names, and removed', async (open) => {
  const page = await open('/admin/case-data');
  const dialog = await openForm(page, 'Advisories', 'Add an advisory…');
  await dialog.getByLabel('Title').fill(`${word} wave`);
  await dialog.getByLabel('Published by').fill('CERT-Bund');
  await dialog.getByLabel('Text').fill('CVE-2024-3400 is used; systems call 203.0.113.9 (T1190).');
  await dialog.getByRole('button', { name: 'Add' }).click();
  const row = page.getByRole('region', { name: 'Advisories' }).locator('tr', { hasText: `${word} wave` });
  await row.getByText(/CVE-2024-3400/i).waitFor();
  await shot(page, 'case-data');
  await row.getByRole('button', { name: `Remove ${word} wave` }).click();
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
  await row.waitFor({ state: 'detached' });
  const { items } = await api('/api/v1/advisories');
  check(!items.some(({ title }) => title.startsWith(word)), 'it is gone');
});

for (const colorScheme of ['dark', 'light'])
  test(`case data has no serious fault of accessibility and fits a phone, ${colorScheme}`, async (open) => {
    await api('/api/v1/advisories', {
      method: 'POST',
      json: { title: `${word} ${'long words '.repeat(10)}`, published_by: 'CERT', text: 'CVE-2024-3400' },
    });
    for (const viewport of [
      { width: 1440, height: 900 },
      { width: 390, height: 844 },
    ]) {
      const page = await open('/admin/case-data', { colorScheme, viewport });
      await settled(page);
      equal(await faults(page), [], `case data ${viewport.width}`);
      await fitsSideways(page, `case data ${viewport.width}`);
      await shot(page, `case-data-${colorScheme}-${viewport.width}`);
    }
  });
