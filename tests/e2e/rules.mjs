// Detection rules: finding them, what they say, switching them for the tenant, and the files they come from.
import { unlinkSync, writeFileSync } from 'node:fs';
import { api, base, becomes, check, equal, shot, test, until } from './harness.mjs';
import { faults, fitsSideways, settled } from './looks.mjs';
import { word } from './seed.mjs';

const file = (name) => `${process.env.RULES_DIR}/${name}`;
const grid = (page) => page.getByRole('grid', { name: 'Rules' });
const said = (page) => page.getByRole('main').getByRole('status').first().innerText();
const ruleOf = async (id) => api(`/api/v1/rules/${encodeURIComponent(id)}`);

// A rule of this run that looks for this run's own records.
const ruleText = (name, level = 'high') => `title: ${word} ${name}
id: ${word}-${name}
author: ${word} author <img src=x onerror=alert(1)>
status: test
level: ${level}
tags: [attack.execution, attack.t1059.001]
logsource: {product: windows, category: process_creation}
detection:
  shell: {CommandLine|contains: ${word}-${name}}
  condition: shell
`;

async function loaded(name, level) {
  const id = `${word}-${name}`;
  writeFileSync(file(`${name}.yml`), ruleText(name, level));
  await until('the rule is loaded', async () => {
    const { items } = await api(`/api/v1/rules?q=${id}`);
    return items.length > 0;
  });
  return id;
}

export const records = (name, hosts) =>
  api('/api/v1/events', {
    method: 'POST',
    json: hosts.map((host) => ({
      Channel: 'Microsoft-Windows-Sysmon/Operational',
      EventID: 1,
      Computer: host,
      User: 'CORP\\ana',
      UtcTime: new Date().toISOString().replace('T', ' ').replace('Z', ''),
      Image: 'C:\\Windows\\System32\\powershell.exe',
      CommandLine: `powershell ${word}-${name}`,
    })),
  });

test('rules are found by words, level, source and technique, and the address keeps it', async (open) => {
  await loaded('find');
  const page = await open('/rules');
  await grid(page).waitFor();
  const { total } = await api('/api/v1/rules?limit=1');
  await becomes(async () => (await said(page)).startsWith(`${total} rules`), true, 'all rules');
  await page.keyboard.press('/');
  await page.keyboard.type(`${word} find`);
  await page.waitForURL(/q=/);
  await becomes(async () => (await said(page)).startsWith(`1 rule of ${total}`), true, 'rules with the word');
  await page.keyboard.press('Escape');
  await page.getByLabel('Technique').fill('T1059');
  await page.getByRole('combobox', { name: 'Level', exact: true }).selectOption('high');
  await page.getByRole('combobox', { name: 'Log source' }).selectOption('windows process_creation');
  await becomes(
    async () => (await said(page)).startsWith(`1 rule of ${total}`),
    true,
    'rules with all of it',
  );
  await page.reload();
  await becomes(
    async () => (await said(page)).startsWith(`1 rule of ${total}`),
    true,
    'rules after a reload',
  );
  await page.getByRole('combobox', { name: 'State' }).selectOption('no');
  await page.getByText('No rule matches.').waitFor();
  await page.getByRole('button', { name: 'Clear filters' }).last().click();
  await becomes(async () => (await said(page)).startsWith(`${total} rules`), true, 'all rules again');
});

test('a rule is opened by keyboard, and Escape leads back to the same row', async (open) => {
  const page = await open('/rules?sort=title');
  await grid(page).getByRole('row').nth(3).waitFor();
  for (const key of ['j', 'j', 'j', 'k']) await page.keyboard.press(key);
  const row = grid(page).locator('[role=row][aria-selected=true]');
  await row.waitFor();
  equal(await row.getAttribute('aria-rowindex'), '3', 'the row in focus');
  equal(
    await grid(page).getAttribute('aria-activedescendant'),
    await row.getAttribute('id'),
    'what the grid points at',
  );
  const title = await row.getByRole('gridcell').first().innerText();
  await page.waitForURL(/sel=/);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: title }).waitFor();
  await page.getByRole('region', { name: 'Text of the rule' }).waitFor();
  await page.keyboard.press('Escape');
  await row.waitFor();
  equal(await row.getByRole('gridcell').first().innerText(), title, 'the row after the way back');
});

test('a rule shows its author and text as data, and its matches lead to its alerts', async (open) => {
  const id = await loaded('match');
  await records('match', ['pc1', 'pc2', 'pc3']);
  const page = await open(`/rules/rule/${id}`);
  await page.getByText(`${word} author <img src=x onerror=alert(1)>`, { exact: true }).first().waitFor();
  const text = page.getByRole('region', { name: 'Text of the rule' });
  equal((await text.innerText()).trim(), ruleText('match').trim(), 'the text of the rule');
  await page.getByText('3 events').first().waitFor();
  await page.getByRole('link', { name: 'T1059.001' }).waitFor();
  equal(await faults(page), [], 'axe');
  await shot(page, 'rule');
  await page.getByRole('link', { name: 'the alerts of it' }).first().click();
  await page.waitForURL(/queue/);
  await page.getByRole('grid', { name: 'Alerts' }).getByText(`${word} match`).first().waitFor();
});

test('a grave rule is switched off after a question, and undo switches it on', async (open) => {
  const id = await loaded('switch');
  const page = await open(`/rules/rule/${id}`);
  await page.getByText('Reports as').waitFor();
  await page.keyboard.press('s');
  const dialog = page.getByRole('dialog', { name: 'Switch the rule off' });
  await dialog.getByText('its level is high').waitFor();
  equal(await faults(page), [], 'axe in the question');
  await page.keyboard.press('Enter'); // the way back has the focus
  await dialog.waitFor({ state: 'detached' });
  equal((await ruleOf(id)).enabled, true, 'after the way back');
  await page.keyboard.press('s');
  await dialog.getByRole('button', { name: 'Switch off' }).click();
  await page.getByText(`${word} switch is off.`).waitFor();
  equal((await ruleOf(id)).enabled, false, 'after the question');
  await page.keyboard.press('u');
  await page.getByText(`${word} switch is on.`).waitFor();
  equal((await ruleOf(id)).enabled, true, 'after undo');
});

test('a level of a rule for the tenant is raised at once, lowered after a question, and undone', async (open) => {
  const id = await loaded('level', 'high');
  const page = await open(`/rules/rule/${id}`);
  await page.getByLabel('Reports as').selectOption('critical');
  await page.getByText(`${word} level reports as critical.`).waitFor();
  equal((await ruleOf(id)).level, 'critical', 'raised');
  await page.getByLabel('Reports as').selectOption('low');
  const dialog = page.getByRole('dialog', { name: 'Lower the level' });
  await dialog.getByText('level low instead of critical').waitFor();
  await dialog.getByRole('button', { name: 'Lower the level' }).click();
  await page.getByText(`${word} level reports as low.`).waitFor();
  await page.keyboard.press('u');
  await page.getByText(`${word} level reports as critical.`).last().waitFor();
  const { level, own_level: own } = await ruleOf(id);
  equal([level, own], ['critical', 'high'], 'after undo');
  await page.goto(`${base}/rules?only=changed&q=${word}`);
  await grid(page).getByText(`${word} level`).waitFor();
});

test('a refused rule says file, line, column and reason, and is gone once it is mended', async (open) => {
  const page = await open('/rules/files');
  await page.getByRole('heading', { name: 'In force' }).waitFor();
  writeFileSync(file('broken.yml'), ruleText('broken').replace('contains', 'holds'));
  const row = page.getByRole('row', { name: /broken\.yml/ });
  await row.waitFor();
  equal(await row.getByRole('cell').nth(1).innerText(), '9', 'the line');
  check(Number(await row.getByRole('cell').nth(2).innerText()) > 0, 'a column');
  check((await row.getByRole('cell').nth(3).innerText()).includes('holds'), 'the reason names what is wrong');
  equal(await faults(page), [], 'axe');
  await shot(page, 'rules-refused');
  unlinkSync(file('broken.yml'));
  await page.keyboard.press('r');
  await page.getByText('0 refused.').waitFor();
  await row.waitFor({ state: 'detached' });
});

test('the coverage counts enabled rules by tactic, and each number opens its rules', async (open) => {
  await loaded('cover');
  const page = await open('/rules/coverage');
  const matrix = page.getByRole('region', { name: 'Coverage by tactic' });
  const cell = matrix.getByRole('link', { name: /^T1059 / });
  const n = Number.parseInt(await cell.locator('b').last().innerText(), 10);
  check(n > 0, 'rules of the technique');
  equal(await matrix.getByText('no rule', { exact: true }).count(), 0, 'gaps before they are asked for');
  await page.keyboard.press('f');
  await page.waitForURL(/gaps=1/);
  await matrix.getByText('no rule', { exact: true }).first().waitFor();
  await page.keyboard.press('s');
  await matrix.getByRole('link', { name: /^T1059\.001 / }).waitFor();
  equal(await faults(page), [], 'axe');
  await shot(page, 'rules-coverage');
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: /Navigator/ }).click();
  equal((await download).suggestedFilename(), 'tocsin-coverage.json', 'the layer');
  await cell.click();
  await page.waitForURL(/technique=T1059&on=yes/);
  await becomes(async () => (await said(page)).startsWith(`${n} rules of `), true, 'the rules of the number');
});

test('a back-test says how often a rule would have fired and shows the events', async (open) => {
  const id = await loaded('back');
  await records('back', ['pc1', 'pc2', 'pc3', 'pc1']);
  const page = await open(`/rules/rule/${id}`);
  await page.getByRole('button', { name: 'Try the rule' }).waitFor();
  await page.keyboard.press('b');
  await page.getByText(/^Would have fired 4 times on 3 hosts, for 1 user, in /).waitFor();
  await page.getByRole('link', { name: 'pc1 2' }).waitFor();
  await page
    .getByRole('button', { name: /^Event \d+$/ })
    .first()
    .click();
  const record = page.getByRole('region', { name: /^Record of event/ });
  check((await record.innerText()).includes(`${word}-back`), 'the record of the event');
  equal(await faults(page), [], 'axe');
  await shot(page, 'rule-backtest');
  await page.locator('section[aria-label^="Event "]').getByRole('link').first().click();
  await page.waitForURL(/\/alerts\/AL-/);
});

test('a rule that is not loaded is tried, and what is wrong with it stands at the field', async (open) => {
  await records('text', ['pc7']);
  const page = await open('/rules/try');
  const field = page.getByLabel('Rules as YAML');
  await field.fill(ruleText('text').replace('contains', 'holds'));
  await page.getByRole('button', { name: 'Try the rule' }).click();
  await page.locator('#rule-text-about', { hasText: 'holds' }).waitFor();
  equal(await field.getAttribute('aria-invalid'), 'true', 'the field is marked');
  await field.fill(ruleText('text'));
  await page.getByRole('button', { name: 'Try the rule' }).click();
  await page.getByText(/^Would have fired 1 time on 1 host/).waitFor();
  equal(await faults(page), [], 'axe');
});

test('an exception is tried, added, holds, and is deleted with a way back', async (open) => {
  const id = await loaded('except');
  await records('except', ['pc1', 'pc2']);
  const page = await open(`/rules/rule/${id}`);
  await page.getByText('No exception: the rule reports whatever it finds.', { exact: false }).waitFor();
  await page.keyboard.press('x');
  const dialog = page.getByRole('dialog', { name: 'Add an exception' });
  await dialog.getByRole('button', { name: 'Add the exception' }).click();
  await becomes(
    () => dialog.locator('fieldset [role=alert]').innerText().then(Boolean),
    true,
    'a fault at the conditions',
  );
  await dialog.getByLabel('Field 1').fill('Computer');
  await dialog.getByLabel('Value 1').fill('pc1');
  await dialog.getByRole('button', { name: 'What would it have hidden?' }).click();
  await dialog.getByText(/^Would have hidden 1 match on 1 host/).waitFor();
  equal(await faults(page), [], 'axe');
  await shot(page, 'rule-exception');
  await dialog.getByRole('button', { name: 'Add the exception' }).click();
  await becomes(
    () =>
      dialog
        .locator('#reason-about')
        .innerText()
        .then((text) => /empty|needed|missing|must/i.test(text)),
    true,
    'a fault at the reason',
  );
  await dialog.getByLabel('Reason').fill(`${word} reason`);
  await dialog.getByLabel('Reason').press('Enter');
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('row', { name: /Computer is pc1/ }).waitFor();
  await records('except', ['pc1', 'pc3']);
  await page.goto(`${base}/rules/exceptions`);
  const row = page.getByRole('row', { name: new RegExp(`${word} reason`) });
  equal(await row.getByRole('cell').nth(5).innerText(), '1', 'events that it hid');
  equal(await faults(page), [], 'axe of the list');
  await row.getByRole('button', { name: 'Delete…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete the exception' }).click();
  await row.waitFor({ state: 'detached' });
  await page.keyboard.press('u');
  await row.waitFor();
});

for (const colorScheme of ['dark', 'light'])
  test(`the pages of rules have no serious fault, ${colorScheme}`, async (open) => {
    const id = await loaded('looks');
    const page = await open('/rules', { colorScheme });
    for (const [name, path] of [
      ['rules', `/rules?sel=${id}`],
      ['rules-coverage', '/rules/coverage?gaps=1&subs=1'],
      ['rules-exceptions', '/rules/exceptions'],
      ['rules-try', '/rules/try'],
      ['rules-files', '/rules/files'],
      ['rule', `/rules/rule/${id}`],
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
