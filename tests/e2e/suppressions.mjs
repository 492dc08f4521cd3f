// Suppressions: set from an alert after a preview, counted, stopped by what is new, reviewed, lifted and opened again.
import { api, base, becomes, check, equal, shot, test } from './harness.mjs';
import { faults, fitsSideways, settled } from './looks.mjs';
import { sendAlert, word } from './seed.mjs';

const panel = (page) => page.getByRole('complementary', { name: 'Suppression' });
const dialogOf = (page, name) => page.getByRole('dialog', { name });
const one = (id) => api(`/api/v1/suppressions/${id}`);
const inADay = () => new Date(Date.now() + 86_400_000).toISOString();

// Alerts of one scanner, which differ in nothing that a suppression watches.
const scan = (name, change = {}) =>
  sendAlert({
    source: word,
    alert_type: `${word}_${name}`,
    title: `${word} scan by ${name}`,
    host: `${word}-${name}`,
    user: `${word}-${name}`,
    ip: '198.51.100.7',
    severity: 'low',
    ...change,
  });

const suppress = (name, more = {}) =>
  api('/api/v1/suppressions', {
    method: 'POST',
    json: {
      name: `${word} ${name}`,
      reason: 'own scanner',
      q: `type:${word}_${name}`,
      expires_at: inADay(),
      ...more,
    },
  });

const called = async (id, verdict) => api(`/api/v1/alerts/${id}`, { method: 'PATCH', json: { verdict } });

test('an alert leads to a suppression: preview, set, counted, its hidden alerts found', async (open) => {
  const { id: alert } = await scan('lead');
  const page = await open(`/alerts/${alert}`);
  await page.getByRole('link', { name: 'Suppress alerts like this' }).waitFor();
  await page.keyboard.press('h');
  const dialog = dialogOf(page, 'Suppress alerts');
  const search = dialog.getByLabel('Hide alerts that this search finds');
  await becomes(
    () => search.inputValue(),
    `source:${word} type:${word}_lead host:${word}-lead`,
    'the search of alerts like it',
  );
  await dialog.getByRole('button', { name: 'What would it have hidden?' }).click();
  await dialog.getByText(/^Would have hidden 1 alert/).waitFor();
  equal(await faults(page), [], 'axe in the dialog');
  await shot(page, 'suppression-new');
  await dialog.getByRole('button', { name: 'Suppress', exact: true }).click();
  await becomes(
    () => dialog.locator('#reason-about').innerText(),
    '"reason" must not be empty.',
    'what is missing',
  );
  await dialog.getByLabel('Reason').fill('runs every night');
  await dialog.getByLabel('Reason').press('Enter');
  await dialog.waitFor({ state: 'detached' });
  await page.waitForURL(/id=SU-/);
  await panel(page).getByText('runs every night').waitFor();
  const id = new URL(page.url()).searchParams.get('id');
  await scan('lead');
  await becomes(async () => (await one(id)).hits, 1, 'what was hidden');
  await page.reload();
  await panel(page).getByRole('link', { name: '1 alert hidden' }).click();
  await page.waitForURL(/queue/);
  await page.getByRole('grid', { name: 'Alerts' }).getByText(`${word} scan by lead`).first().waitFor();
  equal(decodeURIComponent(page.url()).includes(`suppressed:${id}`), true, 'the search');
});

test('one that stopped by itself says why, and goes on after a question', async (open) => {
  await scan('stops');
  const { id } = await suppress('stops');
  const { id: shows } = await scan('stops', { user: `${word}-intruder` });
  await becomes(async () => (await one(id)).state, 'needs_review', 'a new user stops it');
  const page = await open('/suppressions?state=needs_review');
  await page.getByRole('button', { name: `${word} stops` }).click();
  const box = panel(page);
  await box.getByRole('heading', { name: 'Stopped at what it never hid before' }).waitFor();
  equal(
    await box.getByRole('link', { name: /^AL-/ }).getAttribute('href'),
    `/alerts/${shows}`,
    'the alert that showed it',
  );
  equal(await faults(page), [], 'axe');
  await shot(page, 'suppression-stopped');
  await box.getByRole('button', { name: 'Let it go on…' }).click();
  const dialog = dialogOf(page, 'Let it go on');
  await page.keyboard.press('Enter'); // the way back has the focus
  await dialog.waitFor({ state: 'detached' });
  equal((await one(id)).state, 'needs_review', 'after the way back');
  await box.getByRole('button', { name: 'Let it go on…' }).click();
  await dialog.getByRole('button', { name: 'Let it go on' }).click();
  await page.getByText('The suppression goes on, and knows what came meanwhile.').waitFor();
  equal((await one(id)).state, 'active', 'after the question');
});

test('what people called real stands first, and is hidden only when that was said', async (open) => {
  const { id: alert } = await scan('real');
  await called(alert, 'true_positive');
  const page = await open(`/suppressions?add=1&q=${encodeURIComponent(`type:${word}_real`)}`);
  const dialog = dialogOf(page, 'Suppress alerts');
  await dialog.getByLabel('Name').fill(`${word} real`);
  await dialog.getByLabel('Reason').fill('seems harmless');
  await dialog.getByRole('button', { name: 'Suppress', exact: true }).click();
  await dialog.getByText('1 alert that people called real', { exact: false }).waitFor();
  await dialog.getByRole('button', { name: 'Suppress all the same' }).waitFor();
  await dialog.getByRole('button', { name: 'What would it have hidden?' }).click();
  await dialog
    .getByRole('heading', { name: '1 alert that people called real in the last 90 days' })
    .waitFor();
  equal(
    await dialog.getByRole('link', { name: /^AL-/ }).getAttribute('href'),
    `/alerts/${alert}`,
    'the real one',
  );
  equal(await faults(page), [], 'axe');
  await dialog.getByRole('button', { name: 'Suppress, hiding 1 that were real' }).click();
  await panel(page).getByText('1 alert called real that it would have hidden').waitFor();
});

test('a suppression is edited, lifted, and what it hid is opened again, by keyboard', async (open) => {
  await scan('edit');
  const { id } = await suppress('edit');
  await scan('edit');
  await becomes(async () => (await one(id)).hits, 1, 'what was hidden');
  const page = await open(`/suppressions?id=${id}`);
  await panel(page)
    .getByText(/^\d+ users, hosts and addresses$/)
    .waitFor();
  await page.keyboard.press('e');
  const dialog = dialogOf(page, 'Edit the suppression');
  await dialog.getByLabel('Hide alerts that this search finds').fill('severty:low');
  await dialog.getByLabel('Until').fill('2020-01-01');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.locator('#q-about', { hasText: 'severty' }).waitFor();
  await dialog.locator('#until-about', { hasText: '365 days' }).waitFor();
  equal(await faults(page), [], 'axe with faults');
  await dialog.getByLabel('Hide alerts that this search finds').fill(`type:${word}_edit`);
  await dialog.getByLabel('Until').fill(inADay().slice(0, 10));
  await dialog.getByLabel('Reason').fill('ticket OPS-113');
  await dialog.getByLabel('Reason').press('Enter');
  await panel(page).getByText('ticket OPS-113').waitFor();
  equal((await one(id)).version > 1, true, 'a new version');
  await page.keyboard.press('x');
  await dialogOf(page, 'Lift the suppression').getByRole('button', { name: 'Lift it' }).click();
  await page.getByText('The suppression is lifted.').waitFor();
  equal((await one(id)).state, 'lifted', 'after the question');
  await becomes(
    () => panel(page).getByRole('button', { name: 'Edit…' }).count(),
    0,
    'what is lifted is not edited',
  );
  await page.keyboard.press('r');
  await dialogOf(page, 'Open the hidden alerts again')
    .getByRole('button', { name: 'Open them again' })
    .click();
  await page.getByText('1 alert opened again.').waitFor();
  const { items } = await api(`/api/v1/alerts?q=${encodeURIComponent(`type:${word}_edit -status:closed`)}`);
  check(items.length === 2, `both alerts are open: ${items.length}`);
});

test('suppressions are gone through by keyboard, and the state is in the address', async (open) => {
  const { id } = await suppress('keys');
  const page = await open('/suppressions');
  await page.getByRole('button', { name: `${word} keys` }).waitFor();
  await page.keyboard.press('j');
  await page.waitForURL(new RegExp(id));
  await panel(page).waitFor();
  await page.keyboard.press('Escape');
  await panel(page).waitFor({ state: 'detached' });
  await page.keyboard.press('f');
  await page.waitForURL(/state=active/);
  await page.getByRole('button', { name: /^Expired/ }).click();
  await page.getByText('No suppression in the state “Expired”.').waitFor();
  await page.getByRole('button', { name: 'All suppressions' }).click();
  await page.getByRole('button', { name: `${word} keys` }).waitFor();
  await page.keyboard.press('n');
  await dialogOf(page, 'Suppress alerts').waitFor();
  await page.keyboard.press('Escape');
  await dialogOf(page, 'Suppress alerts').waitFor({ state: 'detached' });
  equal(new URL(page.url()).searchParams.has('add'), false, 'the address after the dialog');
});

for (const colorScheme of ['dark', 'light'])
  test(`the page of suppressions has no serious fault, ${colorScheme}`, async (open) => {
    const { id } = await suppress(`looks-${'x'.repeat(50)}-${colorScheme}`);
    const page = await open('/suppressions', { colorScheme });
    for (const [name, path] of [
      ['suppressions', '/suppressions'],
      ['suppression', `/suppressions?id=${id}`],
      ['suppression-new', '/suppressions?add=1'],
    ]) {
      await page.setViewportSize({ width: 1440, height: 900 });
      await page.goto(base + path);
      await settled(page);
      equal(await faults(page), [], name);
      await shot(page, `${name}-${colorScheme}`);
      await page.setViewportSize({ width: 390, height: 844 });
      await fitsSideways(page, name);
      equal(await faults(page), [], `${name} on a phone`);
      await shot(page, `${name}-phone-${colorScheme}`);
    }
  });
