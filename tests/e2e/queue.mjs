import { api, becomes, check, equal, shot, test, until } from './harness.mjs';
import { alertsOf, makeIncident, sendAlert, sendAlerts, word } from './seed.mjs';

const focus = (page) => page.getAttribute('[role=grid]', 'aria-activedescendant');
const idOf = (row) => row.replace(/^row-/, '');
const rowCount = (page) => page.locator('[role=grid] [role=row][id]').count();
const gone = async (page, id) => (await api(`/api/v1/alerts/${id}`)).status;

// The row that a key leads to: the page moves the focus when it gets to it.
async function step(page, key = 'j') {
  const before = await focus(page);
  await page.keyboard.press(key);
  return until(`${key} moves the focus`, async () => {
    const now = await focus(page);
    return now !== before && now;
  });
}

async function list(open, extra, least) {
  const page = await open(alertsOf(extra));
  await until(`${least} rows`, async () => (await rowCount(page)) >= least);
  return page;
}

test('the addresses of the console lead to the queue', async (open) => {
  for (const path of ['/dashboard', '/queue', '/incidents', '/alerts']) {
    const page = await open(path);
    await page.getByRole('heading', { name: 'Queue' }).waitFor();
    check(new URL(page.url()).pathname === '/queue', `${path} ended at ${page.url()}`);
  }
});

test('the page is served with a strict policy', async () => {
  const response = await fetch(new URL('/queue', process.env.BASE_URL ?? 'http://127.0.0.1:8000'), {
    headers: { Accept: 'text/html' },
  });
  const policy = response.headers.get('content-security-policy') ?? '';
  check(/script-src 'self'(;|$)/.test(policy), `script-src is not only 'self': ${policy}`);
  check(!policy.includes('unsafe'), `the policy has a hole: ${policy}`);
  check(policy.includes("require-trusted-types-for 'script'"), `text may become HTML: ${policy}`);
});

test('the queue lists alerts and the query text filters them', async (open) => {
  await sendAlerts(4);
  await sendAlert({ severity: 'high' });
  const page = await list(open, '', 5);
  await page.keyboard.press('/');
  await page.keyboard.type(`${word} severity:>=high`);
  await page.keyboard.press('Enter');
  await until('only the high one', async () => (await rowCount(page)) === 1);
  check(
    new URL(page.url()).searchParams.get('q') === `${word} severity:>=high`,
    'the query is not in the address',
  );
  await page.getByRole('button', { name: /Remove severity/ }).click();
  await until('all of them again', async () => (await rowCount(page)) >= 5);
});

test('a wrong field is named with its column', async (open) => {
  await sendAlert();
  const page = await list(open, '', 1);
  await page.keyboard.press('/');
  await page.keyboard.type('sevrity:high');
  await page.getByText('Unknown field "sevrity", column 1. Did you mean "severity"?').waitFor();
  await shot(page, 'query-fault');
  await page.getByRole('button', { name: 'Use severity' }).click();
  await page.getByText(/Unknown field/).waitFor({ state: 'detached' });
  await becomes(
    () => page.getByRole('combobox', { name: /^Query/ }).inputValue(),
    'severity:high',
    'mended query',
  );
});

test('rows are triaged by keyboard alone, and undone', async (open) => {
  const sent = await sendAlerts(3);
  const page = await list(open, 'status:open', 3);
  await page.locator('[role=grid]').focus();
  const first = sent[2].id; // the newest
  await becomes(async () => idOf(await focus(page)), first, 'newest first');
  await page.keyboard.press('a');
  await until('assigned', async () => (await api(`/api/v1/alerts/${first}`)).assignee);
  const second = idOf(await step(page));
  await page.keyboard.press('v');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('3');
  await until(
    'judged',
    async () => (await api(`/api/v1/alerts/${second}`)).triage.verdict === 'false_positive',
  );
  const third = idOf(await step(page));
  await page.keyboard.press('e');
  await page.getByRole('dialog', { name: /Close/ }).waitFor();
  await shot(page, 'close-dialog');
  await page.keyboard.press('9');
  await page.keyboard.press('Enter');
  await until('closed', async () => (await gone(page, third)) === 'closed');
  await page.getByText('no longer matches').first().waitFor();
  await page.keyboard.press('u');
  await until('open again', async () => (await gone(page, third)) === 'new');
});

test('a high alert is not closed as false without a note', async (open) => {
  const alert = await sendAlert({ severity: 'high' });
  const page = await list(open, '', 1);
  await page.locator('[role=grid]').focus();
  await becomes(async () => idOf(await focus(page)), alert.id, 'row in focus');
  await page.keyboard.press('e');
  await page.getByRole('dialog', { name: /^Close/ }).waitFor();
  await page.keyboard.press('9');
  await page.keyboard.press('Enter');
  await page.getByText(/A note is needed/).waitFor();
  equal(await gone(page, alert.id), 'new', 'status');
  await page.getByLabel(/Note/).fill('Planned password rotation');
  await page.getByRole('button', { name: 'Close alert' }).click();
  await until('closed', async () => (await gone(page, alert.id)) === 'closed');
});

test('several rows are selected and assigned together', async (open) => {
  const sent = await sendAlerts(3);
  const page = await list(open, '', 3);
  await page.locator('[role=grid]').focus();
  await page.keyboard.press('x');
  await page.keyboard.press('Shift+J');
  await page.keyboard.press('Shift+J');
  await page.getByText('3 rows selected').waitFor();
  await page.keyboard.press('a');
  for (const { id } of sent)
    await until(`${id} assigned`, async () => (await api(`/api/v1/alerts/${id}`)).assignee);
  await page.keyboard.press('Escape');
  await page.getByText('3 rows selected').waitFor({ state: 'detached' });
});

test('alerts that arrive do not move the row in focus', async (open) => {
  await sendAlerts(6);
  const page = await list(open, '', 6);
  await page.getByText('● Live').waitFor();
  await page.locator('[role=grid]').focus();
  for (let i = 0; i < 2; i++) await step(page);
  const id = await step(page);
  const place = await page.locator(`[id="${id}"]`).boundingBox();
  const rows = await rowCount(page);
  await sendAlerts(5);
  await page.getByRole('button', { name: /5 new/ }).waitFor();
  await shot(page, 'queue-alerts-live');
  await becomes(() => focus(page), id, 'row in focus');
  equal(await page.locator(`[id="${id}"]`).boundingBox(), place, 'place of the row');
  equal(await rowCount(page), rows, 'rows in the page');
  await page.keyboard.press('Shift+R');
  await until('the new rows', async () => (await rowCount(page)) >= rows + 5);
  await becomes(() => focus(page), id, 'row in focus after the new rows came in');
});

test('a change by somebody else is marked in place', async (open) => {
  const alert = await sendAlert();
  const page = await list(open, '', 1);
  await page.getByText('● Live').waitFor();
  await api(`/api/v1/alerts/${alert.id}`, {
    method: 'PATCH',
    json: { status: 'in_progress' },
  });
  await page.locator(`[id="row-${alert.id}"]`).getByText('In progress').waitFor();
  await page.locator(`[id="row-${alert.id}"]`).getByText('changed').waitFor();
});

test('peek, palette and key sheet answer to their keys', async (open) => {
  await sendAlerts(3);
  const page = await list(open, '', 3);
  await page.locator('[role=grid]').focus();
  await page.keyboard.press(' ');
  const peek = page.getByRole('complementary', { name: 'Peek' });
  await peek.getByText('For and against').waitFor();
  await shot(page, 'queue-peek');
  await page.keyboard.press('j');
  await page.keyboard.press('Escape');
  await peek.waitFor({ state: 'detached' });
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Go to or do anything' }).fill('dead letters');
  await shot(page, 'palette');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Dead letters' }).waitFor();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys on this page' }).waitFor();
  await page.keyboard.press('Escape');
});

test('the way back leads to the same row', async (open) => {
  await sendAlerts(4);
  const page = await list(open, '', 4);
  await page.locator('[role=grid]').focus();
  await step(page);
  const id = await step(page);
  await until('the row is in the address', () => new URL(page.url()).searchParams.get('sel') === idOf(id));
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/alerts\/AL-/);
  await page.getByText('Fields', { exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await page.waitForURL(/\/queue/);
  await until('the same row', async () => (await focus(page)) === id);
});

test('a long list shows every row once while it scrolls', async (open) => {
  const page = await open('/queue?list=alerts&q=&sort=newest');
  await until('rows', async () => (await rowCount(page)) > 0);
  check((await rowCount(page)) < 120, 'the list is not virtual');
  await page.locator('[role=grid]').focus();
  const { total } = await api('/api/v1/alerts?limit=1');
  const goal = Math.min(152, Number.parseInt(total, 10) + 1);
  const at = async () =>
    Number(await page.locator(`[id="${await focus(page)}"]`).getAttribute('aria-rowindex'));
  for (let last = 0; last < goal;) {
    await page.keyboard.press('PageDown');
    const now = await until(`a row after ${last}`, async () => {
      const index = await at();
      if (index > last) return index;
      await page.keyboard.press('PageDown'); // the next page was still on its way
    });
    check(now - last <= 20 || last === 0, `the focus jumped from row ${last} to ${now}`);
    last = now;
  }
  const ids = await page
    .locator('[role=grid] [role=row][id]')
    .evaluateAll((rows) => rows.map((row) => row.id));
  equal(new Set(ids).size, ids.length, 'rows in the page, each once');
});

test('a query typed while the focus comes to rest is kept', async (open) => {
  await sendAlerts(2);
  const page = await list(open, '', 2);
  await page.locator('[role=grid]').focus();
  for (const query of [`${word} status:new`, `${word} status:open`, `${word} severity:medium`]) {
    await page.keyboard.press('j'); // starts the rest after which the focus is written to the address
    await page.getByRole('combobox', { name: /^Query/ }).fill(query);
    await page.keyboard.press('Enter');
    await until('the focus is in the address', () => new URL(page.url()).searchParams.has('sel'));
    equal(new URL(page.url()).searchParams.get('q'), query, 'query in the address');
  }
});

test('an empty answer says which part of the query hides the rows', async (open) => {
  const page = await open(`/queue?list=alerts&q=${word}nothing`);
  await page.getByText('No match.').waitFor();
  await page.getByRole('button', { name: `Remove ${word}nothing` }).waitFor();
  await shot(page, 'queue-empty');
});

test('fields and values are completed by keyboard', async (open) => {
  const type = `${word}_completed`;
  await sendAlert({ alert_type: type });
  const high = await sendAlert({ alert_type: type, severity: 'high' });
  const page = await list(open, `type:${type}`, 2);
  await page.keyboard.press('/');
  await page.keyboard.type(`type:${type} sever`);
  const offers = page.getByRole('listbox', { name: 'Completions' });
  await offers.getByRole('option', { name: /^severity/ }).waitFor();
  await shot(page, 'query-completion');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await offers.getByRole('option', { name: /^critical/ }).waitFor();
  await page.keyboard.type('hi');
  await until('one value left', async () => (await offers.getByRole('option').count()) === 1);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await offers.waitFor({ state: 'hidden' });
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.searchParams.get('q') === `type:${type} severity:high`);
  await until('the high one', async () => (await rowCount(page)) === 1);
  await becomes(async () => idOf(await focus(page)), high.id, 'the row');
});

test('the whole query language filters, and its parts can be taken out', async (open) => {
  const type = `${word}_whole`;
  await sendAlerts(2, { alert_type: type });
  await sendAlert({ alert_type: type, severity: 'high' });
  const page = await open(
    alertsOf(`type:${type} (severity:high OR severity:critical) -status:closed age<4h`),
  );
  await until('the high one', async () => (await rowCount(page)) === 1);
  await page.getByRole('button', { name: 'Remove (severity:high OR severity:critical)' }).click();
  await until('all three', async () => (await rowCount(page)) === 3);
});

test('a view is saved, found again after a reload, removed and brought back', async (open) => {
  await sendAlert();
  const page = await list(open, 'severity:medium', 1);
  const name = `${word} mine`;
  const saved = async () => (await api('/api/v1/views')).items.filter((view) => view.name === name);
  await page.locator('[role=grid]').focus();
  await page.keyboard.press('Shift+V');
  await page.getByRole('dialog').getByLabel('Name').fill(name);
  await shot(page, 'save-view');
  await page.keyboard.press('Enter');
  await until('saved', async () => (await saved()).length === 1);
  const menu = page.getByRole('combobox', { name: /^View/ });
  await until('chosen', async () => (await menu.locator('option:checked').innerText()) === name);
  await page.goto(new URL('/queue?list=alerts', page.url()).href);
  await menu.locator('option', { hasText: name }).waitFor({ state: 'attached' });
  await menu.selectOption({ label: name });
  await page.waitForURL((url) => url.searchParams.get('q') === `${word} severity:medium`);
  await page.getByRole('button', { name: 'Remove view' }).click();
  await page.getByText(`Removed the view ${name}.`).waitFor();
  equal((await saved()).length, 0, 'views after removing');
  await page.getByRole('button', { name: /^Undo/ }).click();
  await until('back', async () => (await saved()).length === 1);
});

test('all that match are changed after a count, and what comes later is left alone', async (open) => {
  const sent = await sendAlerts(4, { alert_type: `${word}_bulk` });
  const page = await list(open, `type:${word}_bulk`, 4);
  const later = await sendAlert({ alert_type: `${word}_bulk` });
  await page.locator('[role=grid]').focus();
  await page.keyboard.press('x');
  await page.getByText('1 row selected').waitFor();
  await page.keyboard.press('Shift+A');
  const dialog = page.getByRole('dialog', { name: 'Change all alerts that match' });
  await dialog.getByText('4 alerts', { exact: true }).waitFor();
  await becomes(
    () => page.evaluate(() => document.activeElement.tagName),
    'SELECT',
    'focus: never on the button that changes',
  );
  await dialog.getByLabel('Change').selectOption({ label: 'Close as rule logic wrong' });
  const go = dialog.getByRole('button', { name: 'Close 4 alerts as rule logic wrong' });
  check(await go.isDisabled(), 'closed as false without a note');
  await dialog.getByLabel(/^Note/).fill('a known scanner');
  await shot(page, 'bulk');
  await go.click();
  await dialog.getByText('Changed 4 of 4 alerts.').waitFor();
  for (const { id } of sent) equal(await gone(page, id), 'closed', `status of ${id}`);
  equal(await gone(page, later.id), 'new', 'status of the later one');
  await dialog.getByRole('button', { name: 'Show the list anew' }).click();
  await dialog.waitFor({ state: 'detached' });
});

test('what came after the list was read is not covered, though a shown row changed since', async (open) => {
  const type = `${word}_late`;
  const [first] = await sendAlerts(3, { alert_type: type });
  const page = await list(open, `type:${type}`, 3);
  await page.getByText('● Live').waitFor();
  const later = await sendAlert({ alert_type: type });
  await page.getByRole('button', { name: /1 new/ }).waitFor();
  await api(`/api/v1/alerts/${first.id}`, { method: 'PATCH', json: { status: 'in_progress' } });
  await page.locator(`[id="row-${first.id}"]`).getByText('In progress').waitFor();
  await page.keyboard.press('Shift+A');
  const dialog = page.getByRole('dialog', { name: 'Change all alerts that match' });
  await dialog.getByText('3 alerts', { exact: true }).waitFor();
  await dialog.getByText(/cannot be undone/).waitFor();
  await dialog.getByRole('button', { name: 'Assign 3 alerts to me' }).click();
  await dialog.getByText('Changed 3 of 3 alerts.').waitFor();
  equal((await api(`/api/v1/alerts/${first.id}`)).assignee, 'local-admin', 'owner of a shown one');
  equal((await api(`/api/v1/alerts/${later.id}`)).assignee, null, 'owner of the later one');
});

test('all incidents that match are changed by keyboard', async (open) => {
  const title = `${word}many`;
  const made = [];
  for (let i = 0; i < 3; i++)
    made.push(await makeIncident({ title: `${title} ${i}`, alert_type: `${title}${i}` }));
  const page = await open(`/queue?list=incidents&q=${title}`);
  await until('three rows', async () => (await rowCount(page)) === 3);
  await page.locator('[role=grid]').focus();
  await page.keyboard.press('Shift+A');
  const dialog = page.getByRole('dialog', { name: 'Change all incidents that match' });
  await dialog.getByText('3 incidents', { exact: true }).waitFor();
  await dialog.getByLabel('Change').selectOption({ label: 'Status in progress' });
  await shot(page, 'bulk-incidents');
  await dialog.getByRole('button', { name: 'Set 3 incidents in progress' }).click();
  await dialog.getByText('Changed 3 of 3 incidents.').waitFor();
  for (const { id } of made)
    equal((await api(`/api/v1/incidents/${id}`)).status, 'in_progress', `status of ${id}`);
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
});

test('a search is exported as it stands', async (open) => {
  await sendAlerts(2, { alert_type: `${word}_csv` });
  const page = await list(open, `type:${word}_csv`, 2);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Export CSV' }).click(),
  ]);
  let text = '';
  for await (const chunk of await download.createReadStream()) text += chunk;
  equal(text.trim().split('\n').length, 3, 'lines of the file');
});

test('a query that the server refuses shows no number and the way back', async (open) => {
  const page = await open(`/queue?list=alerts&q=${encodeURIComponent('status:opn')}`);
  await page.getByText(/^This query could not be read/).waitFor();
  await page.getByText('"opn" is not a value of status, column 8. Did you mean "open"?').waitFor();
  await page.getByText('? match', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Back to open rows' }).click();
  await page.getByText(/^This query could not be read/).waitFor({ state: 'detached' });
});
