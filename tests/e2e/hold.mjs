// A legal hold is set and ended by keyboard, with a reason, and the header says that it stands.
import { api, check, equal, test, until } from './harness.mjs';
import { sendAlerts, word } from './seed.mjs';

test('an incident is put under legal hold and released, with reasons', async (open) => {
  await sendAlerts(2, { source: `${word}-hold`, severity: 'critical', host: `${word}-hold-1` });
  const { items } = await until('an incident', async () => {
    await api('/api/v1/incidents/rebuild', { method: 'POST' });
    const page = await api('/api/v1/incidents?sort=newest&limit=1');
    return page.items.length > 0 && page;
  });
  const { id } = items[0];
  const held = async () => (await api(`/api/v1/incidents/${id}`)).hold;
  const page = await open(`/incidents/${id}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  equal(await page.getByRole('button', { name: 'Legal hold' }).count(), 0, 'a mark before there is a hold');
  await page.keyboard.press('Shift+L');
  const dialog = page.getByRole('dialog', { name: 'Legal hold' });
  check(
    await dialog.getByRole('button', { name: 'Put under legal hold' }).isDisabled(),
    'no reason, no hold',
  );
  await dialog.getByLabel('Reason').fill('case 12 <b>x</b>');
  await dialog.getByRole('button', { name: 'Put under legal hold' }).click();
  await page.getByRole('button', { name: 'Legal hold' }).waitFor();
  equal((await held()).reason, 'case 12 <b>x</b>', 'the stored reason');
  await page.getByRole('button', { name: 'Legal hold' }).click();
  await dialog.getByText('case 12 <b>x</b>').waitFor();
  await dialog.getByLabel('Why it ends').fill('the case is closed');
  await dialog.getByRole('button', { name: 'End legal hold' }).click();
  await page.getByRole('button', { name: 'Legal hold', exact: true }).waitFor({ state: 'detached' });
  equal(await held(), null, 'the hold after its end');
});
