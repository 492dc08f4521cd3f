import { api, base, becomes, check, equal, shot, test, until } from './harness.mjs';
import { makeIncident, sendAlert, word } from './seed.mjs';

const incident = async (id) => api(`/api/v1/incidents/${id}`);
const tabs = [
  'Timeline',
  'Graph',
  'Alerts',
  'Entities',
  'ATT&CK',
  'IoCs',
  'Similar',
  'Playbook',
  'Checklist',
  'Queries',
  'Analyses',
  'Notes',
  'Activity',
];

test('an incident shows its story, its reasons and every tab', async (open) => {
  const { id, alert } = await makeIncident();
  const page = await open(`/incidents/${id}`);
  const { title } = await incident(id);
  const shown = await page.getByRole('heading', { level: 1 }).innerText();
  equal(shown.replaceAll('[.]', '.'), title, 'title');
  for (const part of ['Suggested', 'Decided', 'Next steps', 'Story'])
    await page.getByText(part, { exact: true }).first().waitFor();
  await page.getByText(/^Why together/).waitFor();
  const views = page.getByRole('navigation', {
    name: 'Views of this incident',
  });
  for (const tab of tabs) {
    await views.getByRole('link', { name: new RegExp(`^${tab}`) }).click();
    await page.getByRole('region', { name: tab, exact: true }).waitFor();
    await until(
      `${tab} has content`,
      async () => (await page.getByRole('region', { name: tab, exact: true }).innerText()).trim() !== '',
    );
    equal(await page.getByRole('alert').count(), 0, `problems on ${tab}`);
    await shot(page, `incident-${tab.toLowerCase().replace(/[^a-z]/g, '')}`);
  }
  await views.getByRole('link', { name: /^Timeline/ }).click();
  await page
    .getByRole('region', { name: 'Timeline', exact: true })
    .getByRole('button', { name: `AL-${alert.slice(-6)}` })
    .first()
    .click();
  await page.getByRole('complementary', { name: 'Evidence' }).getByText('Raw record').waitFor();
  await shot(page, 'incident-evidence');
});

test('verdict, close and undo by key', async (open) => {
  const { id } = await makeIncident();
  const page = await open(`/incidents/${id}`);
  await page.getByText('Next steps').waitFor();
  await page.keyboard.press('v');
  await page.getByRole('dialog', { name: /^Verdict/ }).waitFor();
  await page.keyboard.press('1');
  await until('judged', async () => (await incident(id)).verdict === 'true_positive');
  await page.getByText('Real attack', { exact: true }).waitFor();
  await page.keyboard.press('e');
  await page.getByRole('dialog', { name: /^Close/ }).waitFor();
  await page.keyboard.press('1');
  await page.keyboard.press('Enter');
  await until('closed', async () => (await incident(id)).status === 'closed');
  equal((await incident(id)).close_reason, 'malware', 'reason');
  const record = (await incident(id)).actions.map((line) => line.detail);
  check(record.includes('verdict: undecided → true_positive'), 'the verdict is not in the record');
  check(record.includes('status: open → closed'), 'the closing is not in the record');
  await page.getByRole('link', { name: /^Activity/ }).click();
  const activity = page.getByRole('region', { name: 'Activity', exact: true });
  await activity.getByText('verdict: undecided → true_positive').waitFor();
  await activity.getByText('status: open → closed').waitFor();
  await page.keyboard.press('u');
  await until('open again', async () => (await incident(id)).status === 'open');
});

test('undo pressed before the answer takes back that change, not the one before', async (open) => {
  const { id } = await makeIncident();
  const page = await open(`/incidents/${id}`);
  await page.getByText('Next steps').waitFor();
  await page.keyboard.press('v');
  await page.getByRole('dialog', { name: /^Verdict/ }).waitFor();
  await page.keyboard.press('1');
  await page.getByText('Real attack', { exact: true }).waitFor();
  // The answer to the close is kept until undo is pressed.
  let letGo;
  const pressed = new Promise((resolve) => (letGo = resolve));
  let asked;
  const leaves = new Promise((resolve) => (asked = resolve));
  await page.route(
    `**/api/v1/incidents/${id}`,
    async (route) => {
      asked();
      await pressed;
      await route.continue();
    },
    { times: 1 },
  );
  await page.keyboard.press('e');
  await page.getByRole('dialog', { name: /^Close/ }).waitFor();
  await page.keyboard.press('1');
  await page.keyboard.press('Enter');
  await leaves;
  await page.keyboard.press('u');
  letGo();
  await page.getByText('Reopened: 1 of 1.').waitFor();
  const now = await incident(id);
  equal([now.status, now.verdict], ['open', 'true_positive'], 'status and verdict');
});

test('what the server adds meanwhile does not stand against a person', async (open) => {
  const { id } = await makeIncident();
  const page = await open(`/incidents/${id}`);
  await page.getByText('Next steps').waitFor();
  const before = (await fetch(`${base}/api/v1/incidents/${id}`)).headers.get('etag');
  let grew = null;
  await page.route(`**/api/v1/incidents/${id}`, async (route) => {
    if (!grew && route.request().method() === 'PATCH') {
      await api(`/api/v1/incidents/${id}/notes`, { method: 'POST', json: { text: 'From the night shift' } });
      grew = (await fetch(`${base}/api/v1/incidents/${id}`)).headers.get('etag');
    }
    await route.continue();
  });
  await page.getByLabel('Status', { exact: true }).selectOption('in_progress');
  await until('in progress', async () => (await incident(id)).status === 'in_progress');
  check(grew !== before, 'the version did not grow, so nothing was shown');
});

test('a change against another person shows both sides', async (open) => {
  const { id } = await makeIncident();
  const page = await open(`/incidents/${id}`);
  await page.getByText('Next steps').waitFor();
  // The other one is faster, and this page does not hear of it before its own change leaves.
  let theirs = false;
  await page.route(`**/api/v1/incidents/${id}`, async (route) => {
    if (route.request().method() === 'PATCH' && !theirs) {
      theirs = true;
      await api(`/api/v1/incidents/${id}`, {
        method: 'PATCH',
        json: { assignee: 'ben' },
      });
    }
    await route.continue();
  });
  await page.getByLabel('Status', { exact: true }).selectOption('in_progress');
  await page.getByText(/Somebody changed owner/).waitFor();
  await shot(page, 'incident-conflict');
  equal((await incident(id)).status, 'open', 'status before the decision');
  await page.getByRole('button', { name: 'Keep both' }).click();
  await until('both', async () => {
    const now = await incident(id);
    return now.status === 'in_progress' && now.assignee === 'ben';
  });
});

test('a draft survives a reload, belongs to its incident and ends when shared', async (open) => {
  const { id } = await makeIncident();
  const other = await makeIncident();
  const page = await open(`/incidents/${id}/notes`);
  await page.getByLabel('New note').fill('Called the user.\nShe did not do this.');
  await page.getByText(/Draft saved here/).waitFor();
  await page.reload();
  await becomes(
    () => page.getByLabel('New note').inputValue(),
    'Called the user.\nShe did not do this.',
    'draft after reload',
  );
  equal((await api(`/api/v1/incidents/${id}/notes`)).items.length, 0, 'shared notes before sharing');
  await page.goto(page.url().replace(id, other.id));
  await becomes(() => page.getByLabel('New note').inputValue(), '', 'draft of another incident');
  await page.goto(page.url().replace(other.id, id));
  await page.getByRole('button', { name: 'Share note' }).click();
  await page.getByRole('listitem').getByText('She did not do this.').waitFor();
  await becomes(() => page.getByLabel('New note').inputValue(), '', 'draft after sharing');
  await page.reload();
  await becomes(() => page.getByLabel('New note').inputValue(), '', 'draft after sharing and reload');
});

test('two incidents are merged after a preview', async (open) => {
  const stays = await makeIncident();
  const goes = await makeIncident();
  const page = await open(`/incidents/${stays.id}`);
  await page.getByText('Next steps').waitFor();
  await page.keyboard.press('m');
  await page.getByLabel('Id of the incident to take in').fill(goes.id);
  await page.getByText(/will hold 2 alerts/).waitFor();
  await page.getByRole('button', { name: /^Merge IN-/ }).click();
  await until('merged', async () => (await incident(stays.id)).alert_count === 2);
  const old = await open(`/incidents/${goes.id}`);
  await old.getByText(/became part of/).waitFor();
});

test('an alert is split off after a warning about the last one', async (open) => {
  const { id } = await makeIncident();
  const second = await makeIncident();
  await api(`/api/v1/incidents/${id}/merge`, {
    method: 'POST',
    json: { incident_ids: [second.id] },
  });
  const page = await open(`/incidents/${id}/alerts`);
  const boxes = page.getByRole('region', { name: 'Alerts', exact: true }).getByRole('checkbox');
  await until('two alerts', async () => (await boxes.count()) === 2);
  await boxes.nth(0).check();
  await boxes.nth(1).check();
  await page.getByRole('button', { name: 'Split 2 alerts off…' }).click();
  check(
    await page.getByRole('dialog').getByRole('button', { name: 'Split 2 alerts off' }).isDisabled(),
    'the last alert could be split off',
  );
  await page.getByRole('button', { name: 'Cancel' }).click();
  await boxes.nth(1).uncheck();
  await page.getByRole('button', { name: 'Split 1 alert off…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Split 1 alert off' }).click();
  await page.waitForURL((url) => url.pathname.endsWith('/alerts') && !url.pathname.includes(id));
  await until('one left', async () => (await incident(id)).alert_count === 1);
});

test('the export is the whole incident', async (open) => {
  const { id, alert } = await makeIncident();
  const page = await open(`/incidents/${id}`);
  await page.getByRole('button', { name: /^Export/ }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: /^Incident, JSON/ }).click(),
  ]);
  const stream = await download.createReadStream();
  let text = '';
  for await (const chunk of stream) text += chunk;
  check(text.includes(alert), 'the export does not hold the alert');
  check(JSON.parse(text).format === 'tocsin-incident-1', 'the export has no format');
});

test('a simulation is recorded and changes nothing', async (open) => {
  const { id } = await makeIncident({
    alert_type: 'ransomware',
    title: `${word} shadow copies deleted by vssadmin`,
  });
  const page = await open(`/incidents/${id}`);
  await page.getByText('Next steps').waitFor();
  const simulate = page.getByRole('button', { name: /^Simulate/ }).first();
  await simulate.click();
  await page.getByText(/Nothing was changed\.$/).waitFor();
  const { items } = await api(`/api/v1/incidents/${id}/actions`);
  check(
    items.some((item) => item.simulated),
    'no simulated line in the record',
  );
  await page.getByRole('link', { name: /^Activity/ }).click();
  await page.getByRole('region', { name: 'Activity' }).getByText('Simulation, nothing was changed').waitFor();
});

test('every tab is a page of its own after a reload', async (open) => {
  const { id } = await makeIncident();
  const page = await open(`/incidents/${id}`);
  const views = page.getByRole('navigation', { name: 'Views of this incident' });
  for (const tab of tabs) {
    await views.getByRole('link', { name: new RegExp(`^${tab}`) }).click();
    await page.reload();
    await page.getByRole('region', { name: tab, exact: true }).waitFor();
  }
});

test('an unknown incident says so', async (open) => {
  const page = await open('/incidents/IN-00000000000000000000000000');
  await page.getByText(/is not here, or not yours to see/).waitFor();
});

test('a fault of the server is worded, and trying again works', async (open) => {
  const { id } = await makeIncident();
  await sendAlert();
  const page = await open('/sources');
  let broken = true;
  await page.route('**/api/v1/incidents/**', (route) =>
    broken
      ? route.fulfill({
          status: 400,
          contentType: 'application/problem+json',
          body: JSON.stringify({
            title: 'Bad',
            detail: 'the page of the database is torn',
            hint: 'run doctor',
            trace_id: '4f1c'.repeat(8),
          }),
        })
      : route.continue(),
  );
  await page.goto(page.url().replace('/sources', `/incidents/${id}`));
  await page
    .getByText('The incident could not be read. The page of the database is torn. Run doctor.')
    .waitFor();
  await page.getByText('4f1c4f1c').waitFor();
  await shot(page, 'error');
  broken = false;
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('Next steps').waitFor();
});

test('the figures of an incident open what they count', async (open) => {
  const { id } = await makeIncident({ domain: `${word}-figures.example` });
  for (const [name, tab] of [
    [/^\d+ alerts?$/, 'alerts'],
    [/^\d+ hosts?$/, 'entities'],
    [/^\d+ users?$/, 'entities'],
    [/^\d+ IoCs?$/, 'iocs'],
  ]) {
    const page = await open(`/incidents/${id}`);
    await page.getByRole('link', { name }).first().click();
    await page.waitForURL(`**/incidents/${id}/${tab}`);
  }
});
