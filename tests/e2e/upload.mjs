import { api, becomes, check, equal, test, until } from './harness.mjs';
import { word } from './seed.mjs';

const eve = (i) =>
  JSON.stringify({
    timestamp: '2026-01-04T12:00:00.000000+0000',
    event_type: 'alert',
    flow_id: i,
    src_ip: `203.0.113.${i}`,
    dest_ip: '10.0.0.5',
    alert: { signature_id: 3000000 + i, signature: `${word} probe ${i}`, severity: 2 },
  });

test('files are uploaded, told apart and lead to their alerts', async (open) => {
  const page = await open('/upload');
  await page.getByLabel('Choose files').setInputFiles([
    {
      name: `${word}.json`,
      mimeType: 'application/json',
      buffer: Buffer.from(`${eve(1)}\n{"torn\n${eve(2)}\n`),
    },
    { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from(`${word} one\n${word} two\n`) },
    { name: 'torn.json', mimeType: 'application/json', buffer: Buffer.from(`{"${word}": `) },
  ]);
  const read = page.getByRole('listitem').filter({ hasText: `${word}.json` });
  await read.getByText('2 new alerts, 1 not readable of 3 items').waitFor();
  await read.getByText('suricata, lines').waitFor();
  await read.getByText(/2 of the first 3 items.*67% sure/).waitFor();
  equal(await read.getByRole('row').nth(1).getByRole('cell').first().innerText(), '2', 'line');
  const refused = page.getByRole('listitem').filter({ hasText: 'notes.txt' });
  await refused.getByText('Not taken').waitFor();
  check((await refused.innerText()).includes('cef'), 'the candidates are not named');
  await read.getByRole('link', { name: /^AL-/ }).first().click();
  await page.waitForURL('**/alerts/AL-*');
  await page.goBack();
  const torn = page.getByRole('listitem').filter({ hasText: 'torn.json' });
  await torn.getByText(/^Nothing in this file shows whose records it holds/).waitFor();
  await torn.getByRole('link', { name: 'Open it' }).click();
  await page.waitForURL('**/dead-letters/DL-*');
});

test('a dropped file is uploaded, and the same one again adds nothing', async (open) => {
  const page = await open('/upload');
  const drop = async () => {
    const files = await page.evaluateHandle((text) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], 'dropped.json'));
      return transfer;
    }, eve(9));
    await page.getByText('Drop files here, or choose them').dispatchEvent('drop', { dataTransfer: files });
  };
  await drop();
  await page.getByText('1 new alert of 1 item').waitFor();
  await drop();
  await page.getByText('This file was read before: 0 new alerts, 1 known already of 1 item').waitFor();
});

test('many files at once are all taken, also when the page is left', async (open) => {
  const page = await open('/upload');
  let sending = 0;
  let most = 0;
  await page.route('**/api/v1/uploads?*', async (route) => {
    most = Math.max(most, ++sending);
    const response = await route.fetch();
    sending -= 1;
    await route.fulfill({ response });
  });
  await page.getByLabel('Choose files').setInputFiles(
    Array.from({ length: 12 }, (_, i) => ({
      name: `${word}-many-${i}.json`,
      mimeType: 'application/json',
      buffer: Buffer.from(eve(100 + i)),
    })),
  );
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: /^Sources/ }).click();
  await page.getByRole('heading', { name: 'Sources', level: 1 }).waitFor();
  await page.getByRole('link', { name: 'Upload files' }).click();
  await until('all read', async () => (await page.getByText('1 new alert of 1 item').count()) === 12);
  equal(most, 1, 'files on their way at the same time');
});

test('an alert is made by hand with the keyboard, each wrong field told at its place', async (open) => {
  const page = await open('/alerts/new');
  await page.getByLabel('Title').focus();
  await page.keyboard.press('Enter');
  await page.getByText('Title is needed: one line that says what happened.').waitFor();
  await page.getByText('Severity is needed: critical, high, medium, low or info.').waitFor();
  await becomes(
    () => page.evaluate(() => document.activeElement?.getAttribute('aria-describedby')),
    'title-about',
    'the first wrong field has no focus',
  );
  await page.keyboard.type(`${word} by hand`);
  await page.keyboard.press('Tab');
  await page.keyboard.press('h');
  await page.getByLabel('When').fill('2026-01-04T14:05:00Z');
  await page.getByRole('button', { name: 'Add an entity' }).press('Enter');
  await page.getByRole('button', { name: 'Create alert' }).press('Enter');
  await page.getByText('must be a string that is not empty').waitFor();
  await page.getByLabel('Value of entity 1').fill('ann');
  await page.getByLabel('Note').fill('seen on the phone');
  await page.getByRole('button', { name: 'Create alert' }).press('Enter');
  await page.waitForURL('**/alerts/AL-*');
  const alert = await api(`/api/v1/alerts/${page.url().split('/').at(-1)}`);
  equal([alert.source, alert.severity, alert.title], ['manual', 'high', `${word} by hand`], 'the alert');
  equal(alert.entities, [{ kind: 'user', value: 'ann', role: 'target' }], 'its entity');
  equal(Object.fromEntries(alert.facts.map((f) => [f.name, f.value])).created_by, 'local-admin', 'its maker');
});
