// Local enrichment: tables, lists, the state of the parts, look-ups, and facts that lead to their rows.
import { api, base, becomes, check, equal, shot, test, until } from './harness.mjs';
import { sendAlert, word } from './seed.mjs';

const rows = async (table, q = word) =>
  (await api(`/api/v1/${table}?q=${encodeURIComponent(q)}&limit=1000`)).items;
const file = (name, text, mimeType = 'text/csv') => ({ name, mimeType, buffer: Buffer.from(text) });
const bundle = (values, type = 'domain-name') =>
  JSON.stringify({
    type: 'bundle',
    id: 'bundle--5d0092c5-5f74-4287-9642-33f4c354e56d',
    objects: values.map((value, i) => ({
      type: 'indicator',
      spec_version: '2.1',
      id: `indicator--5d0092c5-5f74-4287-9642-33f4c354e5${String(i).padStart(2, '0')}`,
      created: '2026-01-02T00:00:00Z',
      modified: '2026-01-02T00:00:00Z',
      valid_from: '2026-01-02T00:00:00Z',
      name: `${word} beacon`,
      confidence: 80,
      pattern_type: 'stix',
      pattern: `[${type}:value = '${value}']`,
    })),
  });

test('an asset is added, found, changed and deleted by keyboard, and brought back', async (open) => {
  const name = `${word}-db`;
  const page = await open('/queue');
  await page.getByRole('heading', { name: 'Queue' }).waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('e');
  await page.getByRole('heading', { name: 'Enrichment', level: 1 }).waitFor();
  await page.keyboard.press('2');
  await page.waitForURL('**/enrichment/assets');
  await page.getByRole('button', { name: /^Add asset/ }).waitFor();
  await page.keyboard.press('n');
  const added = page.getByRole('dialog', { name: 'Add asset' });
  await added.waitFor();
  await becomes(
    () => page.evaluate(() => document.activeElement?.getAttribute('aria-describedby')),
    'name-about',
    'field in focus',
  );
  await page.keyboard.type(name);
  await added.getByLabel('Addresses').fill('10.9.8.777');
  await page.keyboard.press('Control+Enter');
  await added.locator('[aria-invalid=true]').waitFor();
  equal((await rows('assets', name)).length, 0, 'rows stored with a fault');
  await shot(page, 'enrichment-asset-fault');
  await added.getByLabel('Addresses').fill('10.9.8.7');
  await added.getByLabel('Tier').selectOption({ label: 'Crown jewel' });
  await page.keyboard.press('Control+Enter');
  await added.waitFor({ state: 'detached' });
  equal(
    (await rows('assets', name)).map((row) => [row.name, row.addresses, row.tier]),
    [[name, ['10.9.8.7'], 'crown_jewel']],
    'the row',
  );
  await page.keyboard.press('/');
  await page.keyboard.type(name);
  await page.waitForURL((url) => url.searchParams.get('q') === name);
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name }).waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Asset' });
  await dialog.getByLabel('Owner').fill('Finance');
  await dialog.getByLabel('Owner').press('Enter');
  await dialog.waitFor({ state: 'detached' });
  equal(
    (await rows('assets', name)).map((row) => row.owner),
    ['Finance'],
    'owner',
  );
  await page.getByRole('cell', { name: 'Finance' }).waitFor();
  await page.getByRole('link', { name }).click();
  await dialog.getByRole('button', { name: 'Delete asset' }).click();
  await dialog.waitFor({ state: 'detached' });
  equal((await rows('assets', name)).length, 0, 'rows after deleting');
  await page.keyboard.press('u');
  await page.getByText(`${name} is back in assets.`).waitFor();
  equal(
    (await rows('assets', name)).map((row) => row.owner),
    ['Finance'],
    'owner after undo',
  );
});

test('a name that is taken is not overwritten by adding', async (open) => {
  const name = `${word}-taken`;
  await api('/api/v1/assets', { method: 'POST', json: { name, owner: 'first' } });
  const page = await open('/enrichment/assets?add=row');
  const dialog = page.getByRole('dialog', { name: 'Add asset' });
  await dialog.getByLabel('Name').fill(name.toUpperCase());
  await dialog.getByRole('button', { name: 'Add asset' }).click();
  await dialog.getByText(/There is an asset named/).waitFor();
  equal(
    (await rows('assets', name)).map((row) => row.owner),
    ['first'],
    'the row',
  );
  await dialog.getByRole('button', { name: 'Open it' }).click();
  const own = page.getByRole('dialog', { name: 'Asset', exact: true });
  await until('its owner', async () => (await own.getByLabel('Owner').inputValue()) === 'first');
});

test('a row changed by somebody else is not overwritten unseen', async (open) => {
  const { id } = await api('/api/v1/users', {
    method: 'POST',
    json: { name: `${word}-ana`, title: 'Clerk' },
  });
  const page = await open(`/enrichment/users?q=${word}-ana&row=${id}`);
  const dialog = page.getByRole('dialog', { name: 'User' });
  await dialog.getByLabel('Department').fill('IT');
  await api(`/api/v1/users/${id}`, { method: 'PUT', json: { name: `${word}-ana`, title: 'Head' } });
  await dialog.getByRole('button', { name: 'Save user' }).click();
  await dialog.getByText(/Somebody changed this user/).waitFor();
  const now = () => api(`/api/v1/users/${id}`);
  equal([(await now()).title, (await now()).department], ['Head', ''], 'title and department');
  await dialog.getByRole('button', { name: 'Show it as it is now' }).click();
  await until('theirs', async () => (await dialog.getByLabel('Title').inputValue()) === 'Head');
  await dialog.getByLabel('Department').fill('IT');
  await dialog.getByRole('button', { name: 'Save user' }).click();
  await dialog.waitFor({ state: 'detached' });
  equal([(await now()).title, (await now()).department], ['Head', 'IT'], 'title and department');
});

test('a CSV is uploaded; every row that could not be read is told with line and reason', async (open) => {
  const page = await open('/enrichment/assets');
  await page.getByRole('button', { name: /^Upload CSV/ }).waitFor();
  await page.keyboard.press('Shift+U');
  await page.waitForURL(/add=csv/);
  const dialog = page.getByRole('dialog', { name: 'Upload assets as CSV' });
  const table = `name,ip,tier,shoe size\n${word}-c1,10.7.0.1,high,44\n${word}-c2,10.7.0.999,,45\n${word}-c3,10.7.0.3,purple,46\n`;
  await dialog.getByLabel('File', { exact: true }).setInputFiles(file('assets.csv', table));
  await dialog.getByRole('button', { name: 'Upload rows' }).click();
  await dialog.getByText('1 row stored: 1 new, 0 updated. 2 rows could not be read.').waitFor();
  await dialog.getByText('shoe size').waitFor();
  const faults = dialog.getByRole('region', { name: 'Rows that could not be read' }).getByRole('row');
  equal(await faults.count(), 3, 'rows of the table of faults, with its head');
  equal(await faults.nth(1).getByRole('cell').first().innerText(), '3', 'line of the first');
  equal(await faults.nth(2).getByRole('cell').first().innerText(), '4', 'line of the second');
  await shot(page, 'enrichment-csv-faults');
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  equal(
    (await rows('assets', `${word}-c`)).map((row) => row.name),
    [`${word}-c1`],
    'rows stored',
  );
});

test('replacing a table deletes what the file lacks, and a bad row refuses it whole', async (open) => {
  const before = (await api('/api/v1/users?limit=1000')).items.map((row) => row.name);
  const keep = before.map((name) => `"${name}"`).join('\n');
  await api('/api/v1/users', { method: 'POST', json: { name: `${word}-leaver` } });
  const page = await open('/enrichment/users?add=csv&mode=replace');
  const dialog = page.getByRole('dialog', { name: 'Upload users as CSV' });
  await dialog.getByText(/This cannot be undone/).waitFor();
  const go = dialog.getByRole('button', { name: 'Replace table' });
  check(await go.isDisabled(), 'a table can be replaced by no file');
  await dialog
    .getByLabel('File', { exact: true })
    .setInputFiles(file('users.csv', `name,tier\n${word}-new,high\n${word}-bad,purple\n`));
  await go.click();
  await dialog.getByText(/^Nothing was changed\..*1 row.* cannot be read/).waitFor();
  equal((await rows('users', `${word}-leaver`)).length, 1, 'rows after the refusal');
  await dialog
    .getByLabel('File', { exact: true })
    .setInputFiles(file('users.csv', `name\n${word}-new\n${keep}\n`));
  await go.click();
  await dialog.getByText(/ new, \d+ updated, 1 deleted\. Every row could be read\./).waitFor();
  equal((await rows('users', `${word}-leaver`)).length, 0, 'rows of who left');
  equal((await rows('users', `${word}-new`)).length, 1, 'rows of who came');
});

test('a list of indicators is imported, shown with age and source, replaced and deleted', async (open) => {
  const name = `${word} CERT`;
  const page = await open('/enrichment/intel');
  await page
    .getByRole('button', { name: /^Import indicators/ })
    .first()
    .waitFor();
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog', { name: 'Import indicators' });
  await dialog
    .getByLabel('File', { exact: true })
    .setInputFiles(
      file(`${name}.json`, bundle([`${word}-a.example`, `${word}-b.example`]), 'application/json'),
    );
  await until('its name', async () => (await dialog.getByLabel('Name of the list').inputValue()) === name);
  await dialog.getByLabel('Source').fill('ACME');
  await dialog.getByRole('button', { name: 'Import list' }).click();
  await page.getByText(`Imported 2 indicators as ${name}.`).waitFor();
  await page.getByRole('link', { name }).click();
  const entries = page.getByRole('region', { name: 'Indicators', exact: true }).last();
  await entries.getByText(`${word}-a[.]example`).waitFor();
  await entries.getByText('ACME').first().waitFor();
  await shot(page, 'enrichment-intel');
  await page.reload();
  await entries.getByText(`${word}-b[.]example`).waitFor();
  await page.keyboard.press('n');
  await dialog
    .getByLabel('File', { exact: true })
    .setInputFiles(file(`${name}.json`, bundle([`${word}-c.example`]), 'application/json'));
  await dialog.getByText('It takes the place of the list of this name with 2 indicators.').waitFor();
  await dialog.getByRole('button', { name: 'Replace list' }).click();
  await page.getByText(`Imported 1 indicator as ${name}.`).waitFor();
  await page.getByRole('button', { name: `Delete ${name}…` }).click();
  const removal = page.getByRole('dialog', { name: 'Delete the list' });
  await removal.locator('button:focus', { hasText: /^Cancel$/ }).waitFor();
  await removal.getByRole('button', { name: 'Delete 1 indicator' }).click();
  await removal.waitFor({ state: 'detached' });
  equal(
    (await api('/api/v1/intel/lists')).items.filter((list) => list.name === name).length,
    0,
    'lists left',
  );
});

test('a file that holds no indicators is refused in words', async (open) => {
  const page = await open('/enrichment/intel?add=list');
  const dialog = page.getByRole('dialog', { name: 'Import indicators' });
  await dialog
    .getByLabel('File', { exact: true })
    .setInputFiles(file('torn.json', '{"type":"bundle","obj', 'application/json'));
  await dialog.getByRole('button', { name: 'Import list' }).click();
  await dialog.getByText(/^Not imported\. /).waitFor();
});

test('a warning list is uploaded, and takes its value from the indicators', async (open) => {
  const name = `${word} proxies`;
  const list = { name, description: 'Our proxies', version: 20260101, type: 'cidr', list: ['81.2.70.0/24'] };
  const page = await open('/enrichment/warning-lists');
  await page.getByText(/^What stands on such a list/).waitFor();
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog', { name: 'Upload a warning list' });
  await dialog
    .getByLabel('File', { exact: true })
    .setInputFiles(file('list.json', JSON.stringify(list), 'application/json'));
  await dialog.getByRole('button', { name: 'Upload list' }).click();
  await page.getByRole('row').filter({ hasText: name }).getByText('uploaded').waitFor();
  await page.goto(new URL('/enrichment', base).href);
  await page.getByRole('region', { name: 'What is loaded' }).getByRole('row').first().waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('81.2.70.9');
  await page.keyboard.press('Enter');
  await page.waitForURL(/value=81\.2\.70\.9/);
  await page.getByText(/does not count as an indicator/).waitFor();
  await page.getByRole('link', { name: `from warning list ${name}` }).click();
  await page.waitForURL(/\/enrichment\/warning-lists\?name=/);
  const row = page.locator('tr[aria-current=true]');
  await row.getByText(name).waitFor();
  await row.getByRole('button', { name: /^Delete/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete 1 value' }).click();
  await page.getByText(`Deleted the warning list ${name}.`).waitFor();
});

test('the overview says how old each part is and what is missing; the catalogue is replaced', async (open) => {
  const page = await open('/enrichment');
  const part = (title) =>
    page.getByRole('region', { name: 'What is loaded' }).getByRole('row').filter({ hasText: title });
  await part('Geo databases')
    .first()
    .getByText(/no geo database/i)
    .waitFor();
  await part('Geo databases')
    .first()
    .getByText(/put a \.mmdb file into/)
    .waitFor();
  await page.getByRole('button', { name: /^Upload catalogue/ }).click();
  const catalogue = {
    catalogVersion: '2026.01.02',
    dateReleased: '2026-01-02T00:00:00Z',
    vulnerabilities: [
      { cveID: 'CVE-2021-44228', dueDate: '2021-12-24', knownRansomwareCampaignUse: 'Known' },
    ],
  };
  const dialog = page.getByRole('dialog');
  await dialog
    .getByLabel('File', { exact: true })
    .setInputFiles(file('kev.json', JSON.stringify(catalogue), 'application/json'));
  await dialog.getByRole('button', { name: 'Upload catalogue' }).click();
  await page.getByText('Stored the catalogue, version 2026.01.02: 1 ids.').waitFor();
  await page.getByRole('cell', { name: '2026.01.02' }).first().waitFor();
  await page.getByRole('button', { name: /^Go back to the shipped ids/ }).click();
  await dialog.getByRole('button', { name: 'Delete uploaded catalogue' }).click();
  await page.getByText('The uploaded catalogue was deleted.').waitFor();
  await page.getByRole('cell', { name: '2026.01.02' }).first().waitFor({ state: 'detached' });
});

test('facts of an alert lead to the row and the list behind them', async (open) => {
  const host = `${word}-fact`;
  await api('/api/v1/assets', {
    method: 'POST',
    json: { name: host, hosts: [`${host}.corp.example`], owner: 'Finance' },
  });
  await api('/api/v1/users', { method: 'POST', json: { name: `${word}.bob`, privileged: true } });
  const address = `45.83.${Date.now() % 250}.${Math.floor(Date.now() / 250) % 250}`;
  await api(`/api/v1/intel/lists?name=${word}%20facts`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: bundle([address], 'ipv4-addr'),
  });
  const alert = await sendAlert({
    host: `${host}.corp.example`,
    user: `${word}.bob`,
    ip: address,
  });
  const page = await open(`/alerts/${alert.id}`);
  const facts = page.getByRole('region', { name: 'Known facts' });
  const about = facts.getByRole('group', { name: `${host}.corp.example` });
  await about.getByText('Finance').waitFor();
  await about
    .getByText(/, asked /)
    .first()
    .waitFor();
  await facts
    .getByRole('group', { name: `${word}.bob` })
    .getByText('Privileged')
    .waitFor();
  await shot(page, 'alert-facts');
  await facts.getByRole('link', { name: `from intel list ${word} facts` }).click();
  await page.waitForURL(/\/enrichment\/intel\?name=/);
  await page
    .getByRole('region', { name: 'Indicators', exact: true })
    .last()
    .getByText(address.replace(/\.(?=\d+$)/, '[.]'))
    .waitFor();
  await page.goBack();
  await about.getByRole('link', { name: 'from asset table' }).first().click();
  await page.waitForURL(/\/enrichment\/assets\?/);
  const dialog = page.getByRole('dialog', { name: 'Asset' });
  await until('the row', async () => (await dialog.getByLabel('Owner').inputValue()) === 'Finance');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
});

test('a row that a fact led to and that is gone says so', async (open) => {
  const page = await open(`/enrichment/users?q=${word}-nobody&name=${word}-nobody`);
  await page.getByText(`${word}-nobody is not in the table of users any more.`).waitFor();
  await page.getByRole('button', { name: 'Show all users' }).waitFor();
});

test('the way back to the shipped ids is offered only when there is one', async (open) => {
  const page = await open('/enrichment');
  await page.getByRole('row', { name: /Only the shipped ids are known/ }).waitFor();
  equal(await page.getByRole('button', { name: /Go back to the shipped ids/ }).count(), 0, 'ways back');
  await page.goto(`${base}/enrichment?drop=catalogue`);
  const dialog = page.getByRole('dialog', { name: 'Go back to the shipped ids' });
  await dialog.getByRole('button', { name: 'Delete uploaded catalogue' }).click();
  await dialog.getByText(/^Not deleted\. /).waitFor();
});
