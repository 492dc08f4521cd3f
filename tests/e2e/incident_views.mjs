// The views of an incident that are worked out from its alerts, and what leaves it.
import { api, becomes, check, equal, shot, test, until } from './harness.mjs';
import { makeIncident, sendAlert, word } from './seed.mjs';

const view = (id, name) => api(`/api/v1/incidents/${id}/${name}`);
const hoursAgo = (hours) => new Date(Date.now() - hours * 3_600_000).toISOString();

// One incident of three phases: two bursts with a night between them, and one alert whose clock is ahead.
let known = null;
async function story() {
  if (known) return known;
  const host = `${word}-story`;
  const user = `${word}-ana`;
  const alerts = [
    { hours: 30, techniques: ['T1110'], title: 'many sign-in failures', ip: '203.0.113.77' },
    { hours: 29.98, techniques: ['T1110'], title: 'a sign-in after failures' },
    { hours: 29.96, techniques: ['T1059.001'], title: 'encoded PowerShell' },
    { hours: 20, techniques: ['T1486'], title: 'files renamed' },
    { hours: 19.98, techniques: ['T1486'], title: 'shadow copies deleted' },
    { hours: 19.96, techniques: ['T1486'], title: 'ransom note' },
    { hours: -3, techniques: ['T1486'], title: 'note left behind' },
  ];
  const made = [];
  for (const { hours, title, ...more } of alerts)
    made.push(
      await makeIncident({
        title: `${word} ${title}`,
        ts: hoursAgo(hours),
        alert_type: `${word}_${title.replaceAll(' ', '_')}`,
        source: `${word}-${hours < 0 ? 'ahead' : 'edr'}`,
        tags: [`${word}-tag`],
        host,
        user,
        ...more,
      }),
    );
  const [first, ...rest] = made;
  const others = [...new Set(rest.map((one) => one.id))].filter((id) => id !== first.id);
  if (others.length > 0)
    await api(`/api/v1/incidents/${first.id}/merge`, { method: 'POST', json: { incident_ids: others } });
  known = { id: first.id, alerts: made.map((one) => one.alert), host, user };
  return known;
}

async function openTab(open, id, tab, name, options) {
  const page = await open(`/incidents/${id}/${tab}`, options);
  const region = page.getByRole('region', { name, exact: true });
  await region.waitFor();
  return { page, region };
}

const times = (region) =>
  region.locator('time[datetime]').evaluateAll((all) => all.map((one) => Date.parse(one.dateTime)));
const sorted = (numbers, sign) => [...numbers].sort((a, b) => sign * (a - b));

test('the timeline runs both ways, by key and in the address', async (open) => {
  const { id } = await story();
  const { page, region } = await openTab(open, id, 'timeline', 'Timeline');
  await region.getByText(/entries, times in UTC/).waitFor();
  const oldest = await times(region);
  check(oldest.length >= 4, `${oldest.length} times`);
  equal(oldest, sorted(oldest, 1), 'oldest first');
  await page.keyboard.press('r');
  await page.waitForURL(/order=newest/);
  await until('newest first', async () => {
    const now = await times(region);
    return now.length >= 4 && now[0] > now.at(-1);
  });
  equal(await times(region), sorted(await times(region), -1), 'newest first');
  await page.reload();
  await region.getByText(/entries, times in UTC/).waitFor();
  check((await times(region))[0] > (await times(region)).at(-1), 'the order is lost after a reload');
  await becomes(() => region.getByLabel('Order', { exact: true }).inputValue(), 'newest', 'the menu');
});

test('phases, silences and clocks of the timeline are those of the API', async (open) => {
  const { id } = await story();
  const timeline = await view(id, 'timeline');
  check(timeline.phases.length >= 2, `${timeline.phases.length} phases`);
  check(timeline.gaps.length >= 1, 'no gap to show');
  check(timeline.clocks.length >= 1, 'no clock to show');
  const { page, region } = await openTab(open, id, 'timeline', 'Timeline');
  const lanes = region.getByRole('list', { name: /^Phases of the attack/ }).getByRole('listitem');
  await until('a lane for each phase', async () => (await lanes.count()) === timeline.phases.length);
  await becomes(() => region.getByText(/^No alert for /).count(), timeline.gaps.length, 'silences');
  await becomes(
    () => region.getByRole('list', { name: 'Times that cannot be right' }).getByRole('listitem').count(),
    timeline.clocks.length,
    'clocks',
  );
  await shot(page, 'timeline-phases');
  const [phase] = timeline.phases;
  await lanes.first().getByRole('button').click();
  await page.waitForURL(new RegExp(`phase=${phase.tactic}`));
  await region.getByText(/of this phase, times/).waitFor();
  const expected = timeline.items.filter((item) => item.tactics.includes(phase.tactic)).length;
  await becomes(async () => (await times(region)).length, expected, 'entries of the phase');
  // The number of a phase leads to its rows.
  await lanes.first().getByRole('link').click();
  await page.waitForURL(/\/queue/);
  await page.locator('[role=grid] [role=row][id]').first().waitFor();
  await becomes(
    () => page.locator('[role=grid] [role=row][id]').count(),
    phase.alerts,
    'alerts behind the number of the phase',
  );
});

test('on a phone the time of an entry has room beside its source', async (open) => {
  const { id } = await story();
  const { region } = await openTab(open, id, 'timeline', 'Timeline', {
    viewport: { width: 390, height: 844 },
  });
  const time = region.locator('ol time[datetime]').first();
  await time.waitFor();
  const { needs, has } = await time.evaluate((one) => ({ needs: one.scrollWidth, has: one.clientWidth }));
  check(needs > 0 && needs <= has, `the time needs ${needs} px and has ${has}`);
});

test('the graph is walked by arrow keys and is the same picture again', async (open) => {
  const { id, host } = await story();
  const graph = await view(id, 'graph?nodes=50&edges=200');
  const { page, region } = await openTab(open, id, 'graph', 'Graph');
  const nodes = region.locator('[data-node]');
  await until('a node for each entity', async () => (await nodes.count()) === graph.nodes.length);
  const places = () =>
    nodes.evaluateAll((all) => all.map((one) => [one.dataset.node, one.getAttribute('transform')]));
  const before = await places();
  await becomes(() => region.locator('[data-node][tabindex="0"]').count(), 1, 'stops of the Tab key');
  await region.locator('[data-node][tabindex="0"]').focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/node=/);
  const first = new URL(page.url()).searchParams.get('node');
  const focused = () => page.evaluate(() => document.activeElement.dataset.node ?? null);
  await becomes(() => focused(), first, 'node in focus');
  const moved = await until('an arrow key leads to another node', async () => {
    for (const key of ['ArrowRight', 'ArrowLeft', 'ArrowDown', 'ArrowUp']) {
      await page.keyboard.press(key);
      const now = await focused();
      if (now !== first) return now;
    }
  });
  await page.waitForURL((url) => url.searchParams.get('node') === moved);
  await shot(page, 'graph');
  await page.goto(`${page.url().split('?')[0]}?node=${encodeURIComponent(`host:${host}`)}`);
  await until('all nodes again', async () => (await nodes.count()) === graph.nodes.length);
  await becomes(() => places(), before, 'places after a reload');
  const panel = region.getByRole('group', { name: 'Chosen entity' });
  const own = graph.nodes.find((node) => node.id === `host:${host}`);
  await panel.getByRole('link', { name: `${own.alerts} alerts` }).waitFor();
  await page.keyboard.press('f');
  await page.waitForURL(/around=/);
  const near = await view(id, `graph?depth=1&around=${encodeURIComponent(`host:${host}`)}`);
  await until('only what is linked', async () => (await nodes.count()) === near.nodes.length);
  await page.keyboard.press('f');
  await until('the whole incident', async () => (await nodes.count()) === graph.nodes.length);
  await page.keyboard.press('w');
  await page.waitForURL(/as=table/);
  const tables = region.getByRole('table');
  await until('two tables', async () => (await tables.count()) === 2);
  await becomes(() => tables.nth(0).locator('tbody tr').count(), graph.nodes.length, 'rows of entities');
  await becomes(() => tables.nth(1).locator('tbody tr').count(), graph.edges.length, 'rows of links');
});

test('the numbers of the graph lead to their rows', async (open) => {
  const { id, host } = await story();
  const { page, region } = await openTab(
    open,
    id,
    `graph?node=${encodeURIComponent(`host:${host}`)}`,
    'Graph',
  );
  const link = region
    .getByRole('group', { name: 'Chosen entity' })
    .getByRole('link', { name: /^\d+ alerts?$/ });
  const n = Number.parseInt(await link.innerText(), 10);
  await link.click();
  await page.waitForURL(/\/queue/);
  await until('its alerts', async () => (await page.locator('[role=grid] [role=row][id]').count()) === n);
});

test('similar incidents say what is alike and lead there', async (open) => {
  const change = { alert_type: `${word}_twin`, techniques: ['T1110'], user: `${word}-same` };
  const one = await makeIncident(change);
  const other = await makeIncident({ ...change, ts: hoursAgo(60) });
  check(one.id !== other.id, 'both became one incident');
  const { items } = await view(one.id, 'similar');
  check(
    items.some((item) => item.id === other.id),
    'the API does not know the twin',
  );
  const { page, region } = await openTab(open, one.id, 'similar', 'Similar');
  await until('a line for each', async () => (await region.getByRole('listitem').count()) === items.length);
  await region.getByText('Alike:').first().waitFor();
  await region.getByRole('link', { name: `IN-${other.id.slice(-6)}` }).click();
  await page.waitForURL(`**/incidents/${other.id}`);
});

test('without a similar incident it says what that means', async (open) => {
  const { id } = await makeIncident();
  const page = await open('/queue');
  await page.route('**/api/v1/incidents/*/similar', (route) =>
    route.fulfill({ json: { incident_id: id, items: [] } }),
  );
  await page.goto(page.url().replace(/\/queue.*/, `/incidents/${id}/similar`));
  await page.getByText(/^No stored incident shares/).waitFor();
  await page.getByRole('link', { name: 'All incidents' }).click();
  await page.waitForURL(/\/queue/);
});

test('queries are filtered by platform and copied', async (open) => {
  const { id } = await story();
  const { items } = await view(id, 'queries');
  check(items.length > 0, 'no queries to show');
  const { page, region } = await openTab(open, id, 'queries', 'Queries', {
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const cards = region.getByRole('article');
  await until('all of them', async () => (await cards.count()) === items.length);
  const [{ platform, platform_title: title }] = items;
  const own = items.filter((item) => item.platform === platform);
  await region.getByRole('button', { name: `${title} ${own.length}`, exact: true }).click();
  await page.waitForURL(new RegExp(`platform=${platform}`));
  await until('one platform', async () => (await cards.count()) === own.length);
  await cards.first().getByRole('button', { name: /^Copy/ }).click();
  await page.getByText(/^Copied the/).waitFor();
  equal(await page.evaluate(() => navigator.clipboard.readText()), own[0].query, 'what was copied');
  for (const link of await region.getByRole('link', { name: /^Open in/ }).all())
    check(/^https?:/.test(await link.getAttribute('href')), 'a link that is no web address');
});

test('a playbook says why it applies and is simulated by one key', async (open) => {
  const { id } = await story();
  const playbook = await view(id, 'playbook');
  check(playbook.matches.length > 0, 'no playbook applies');
  const { page, region } = await openTab(open, id, 'playbooks', 'Playbook');
  await region.getByText('Applies because:').first().waitFor();
  for (const phase of new Set(playbook.steps.map((step) => step.phase)))
    await region.getByRole('region', { name: new RegExp(`^${phase}$`, 'i') }).waitFor();
  const before = (await view(id, 'actions')).total;
  await page.keyboard.press('Shift+S');
  const simulated = region.getByRole('status', { name: 'Simulation' });
  await simulated.first().getByText('Simulation, nothing was changed').waitFor();
  await simulated.first().getByText('Way back:').waitFor();
  await shot(page, 'playbook-simulated');
  const lines = (await view(id, 'actions')).items;
  equal(lines.length - before, await simulated.count(), 'lines of the record, one a simulated step');
  check(
    lines.slice(0, lines.length - before).every((line) => line.simulated),
    'a simulation stands in the record as done',
  );
});

test('the checklist gives reasons, and a tick keeps who, when and the note', async (open) => {
  const { id } = await makeIncident();
  const { page, region } = await openTab(open, id, 'checklist', 'Checklist');
  const auto = region.getByRole('region', { name: 'Checked automatically' });
  const { automatic, done, total } = await view(id, 'checklist');
  await until('each check', async () => (await auto.getByRole('listitem').count()) === automatic.length);
  await region.getByText(`${done} of ${total} done.`).waitFor();
  const box = region.getByRole('checkbox', { name: 'Contained' });
  await box.focus();
  await page.keyboard.press('Space');
  await until('ticked', async () => (await view(id, 'checklist')).manual[0].done);
  await region.getByText(/ticked by/).waitFor();
  await region.getByText(`${done + 1} of ${total} done.`).waitFor();
  await region.getByRole('button', { name: 'Tick with a note: Eradicated' }).click();
  await region.getByLabel('Note on Eradicated').fill('both hosts rebuilt');
  await page.keyboard.press('Enter');
  await region.getByText('both hosts rebuilt').waitFor();
  await until('the box can be used again', () => box.isEnabled());
  await box.click();
  await region.getByText(/tick taken back by/).waitFor();
  equal((await view(id, 'checklist')).manual.map((step) => step.done).slice(0, 2), [false, true], 'ticks');
});

test('a note is edited, its first text stays, and a faster edit is not overwritten', async (open) => {
  const { id } = await makeIncident();
  const note = await api(`/api/v1/incidents/${id}/notes`, { method: 'POST', json: { text: 'first text' } });
  const { page, region } = await openTab(open, id, 'notes', 'Notes');
  await region.getByRole('button', { name: 'Edit note' }).click();
  await region.getByLabel('Text of the note').fill('second text');
  await region.getByRole('button', { name: 'Save note' }).click();
  await region.getByText('second text').waitFor();
  await region.getByRole('button', { name: '1 earlier text' }).click();
  await page.waitForURL(/revisions=/);
  await region
    .getByRole('list', { name: /^Earlier texts/ })
    .getByText('first text', { exact: true })
    .waitFor();
  await shot(page, 'note-revisions');
  await region.getByRole('button', { name: 'Edit note' }).click();
  await region.getByLabel('Text of the note').fill('my third text');
  await api(`/api/v1/incidents/${id}/notes/${note.id}`, { method: 'PATCH', json: { text: 'their text' } });
  await region.getByRole('button', { name: 'Save note' }).click();
  const stale = region.getByRole('alert');
  await stale.getByText(/Somebody changed this note/).waitFor();
  equal((await view(id, 'notes')).items[0].text, 'their text', 'text before the decision');
  await stale.getByRole('button', { name: 'Replace it with mine' }).click();
  await until('mine', async () => (await view(id, 'notes')).items[0].text === 'my third text');
  await region.getByText('my third text').waitFor();
});

test('the Traffic Light mark is set, undone, and named before an export', async (open) => {
  const { id } = await makeIncident();
  const page = await open(`/incidents/${id}`);
  const mark = page.getByLabel('Traffic Light mark');
  const before = await mark.inputValue();
  await mark.selectOption('RED');
  await until('red', async () => (await api(`/api/v1/incidents/${id}`)).tlp === 'RED');
  await page.getByText(/is now TLP:RED/).waitFor();
  await page.getByRole('heading', { level: 1 }).click(); // leaves the menu, which keeps its own keys
  await page.keyboard.press('Shift+E');
  const dialog = page.getByRole('dialog', { name: 'Export the incident' });
  await dialog.getByText('TLP:RED').waitFor();
  await shot(page, 'export-menu');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await page.keyboard.press('u');
  await until('undone', async () => (await api(`/api/v1/incidents/${id}`)).tlp === before);
});

test('every form of export is offered and downloads', async (open) => {
  const { id } = await makeIncident();
  const page = await open(`/incidents/${id}`);
  await page.getByText('Next steps').waitFor();
  const names = [];
  for (let i = 0; i === 0 || i < names.length; i++) {
    await page.getByRole('button', { name: /^Export/ }).click();
    const links = page.getByRole('dialog').getByRole('listitem').getByRole('link');
    if (i === 0) names.push(...(await links.allInnerTexts()));
    const [download] = await Promise.all([page.waitForEvent('download'), links.nth(i).click()]);
    const stream = await download.createReadStream();
    let bytes = 0;
    for await (const chunk of stream) bytes += chunk.length;
    check(bytes > 100, `${names[i]} has ${bytes} bytes`);
    check(download.suggestedFilename().includes(id), `${names[i]} is called ${download.suggestedFilename()}`);
  }
  equal(names.length, 9, 'forms');
});

test('tags of an alert are added, removed, undone, and lead to what bears them', async (open) => {
  const { id } = await sendAlert();
  const other = await sendAlert();
  const tags = async () => (await api(`/api/v1/alerts/${id}`)).tags;
  const tag = `${word} "odd\\ tag`;
  for (const one of [id, other.id])
    await api(`/api/v1/alerts/${one}`, { method: 'PATCH', json: { tags: [tag] } });
  const page = await open(`/alerts/${id}`);
  await page.getByRole('button', { name: `Remove the tag ${tag}` }).waitFor();
  await page.keyboard.press('t');
  await page.keyboard.type('seen');
  await page.keyboard.press('Enter');
  await until('added', async () => (await tags()).includes('seen'));
  await page.getByRole('button', { name: 'Remove the tag seen' }).click();
  await until('removed', async () => !(await tags()).includes('seen'));
  await page.getByText('Removed the tag seen.').waitFor();
  await page.keyboard.press('u');
  await until('back', async () => (await tags()).includes('seen'));
  await page.getByRole('list', { name: 'Tags' }).getByRole('link', { name: tag }).click();
  await page.waitForURL(/\/queue/);
  await until('both', async () => (await page.locator('[role=grid] [role=row][id]').count()) === 2);
});
