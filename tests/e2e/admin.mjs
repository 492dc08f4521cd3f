// Administration: people, keys, tenants, roles, and what a role does not see.
import { base, becomes, check, equal, shot, test } from './harness.mjs';
import { faults, fitsSideways, settled } from './looks.mjs';
import { addPerson, admin, asAdmin, callerOf, live, openAs, signIn } from './people.mjs';

const word = Date.now().toString(36);
const bearer = (token) => ({ Authorization: `Bearer ${token}` });

async function sendAs(call, change = {}) {
  return call('POST', '/api/v1/alerts', {
    alert_type: 'ransomware',
    title: `${word} for the roles`,
    host: `${word}-host`,
    user: `${word}-user`,
    severity: 'critical',
    asset_tier: 'crown_jewel',
    ...change,
  });
}

async function incidentOf(call) {
  const alert = await sendAs(call);
  let incident = null;
  await becomes(
    async () => Boolean((incident = (await call('GET', `/api/v1/alerts/${alert.id}`)).incident_id)),
    true,
    'the alert is in an incident',
  );
  return { alert: alert.id, incident };
}

test('an admin adds a person by keyboard; the password is shown once; the person sees no write button', async (open) => {
  const call = await asAdmin();
  const { alert, incident } = await incidentOf(call);
  const page = await openAs(open, admin);
  await page.keyboard.press('g');
  await page.keyboard.press('p');
  await page.getByRole('heading', { name: 'People', level: 1 }).waitFor();
  await page.getByRole('button', { name: 'admin', exact: true }).waitFor();
  await page.keyboard.press('n');
  const form = page.getByRole('dialog', { name: 'Add person' });
  await form.waitFor();
  const login = `vera-${word}`;
  await page.keyboard.type('two words');
  await page.keyboard.press('Enter');
  await form.getByText('Has no blanks').waitFor();
  await form.getByLabel('Sign-in name').fill(login);
  await form.getByLabel('Name', { exact: true }).fill('Vera <b>Viewer</b>');
  await page.keyboard.press('Enter');
  const secret = page.getByRole('dialog', { name: `Password of ${login}` });
  const password = await secret.locator('[data-secret]').textContent();
  await shot(page, 'admin-person-password');
  await secret.getByRole('button', { name: 'I have kept it' }).click();
  const panel = page.getByRole('complementary', { name: 'Person' });
  await panel.getByText('must be changed at the next sign-in').waitFor();
  await page.reload();
  await panel.getByText('viewer in default').waitFor();
  check(!(await page.content()).includes(password), 'the password is shown again');
  await shot(page, 'admin-people');

  const hers = await open('/queue');
  await signIn(hers, { login, password });
  await hers.getByLabel('Present password').fill(password);
  await hers.getByLabel('New password').fill(`${login} chose this herself`);
  await hers.keyboard.press('Enter');
  await hers.getByRole('heading', { name: 'Queue' }).waitFor();
  const pages = [
    '/queue?list=alerts&q=&peek=1',
    '/queue?list=incidents&q=&peek=1',
    `/alerts/${alert}`,
    ...['timeline', 'alerts', 'playbooks', 'checklist', 'notes', 'activity'].map(
      (tab) => `/incidents/${incident}/${tab}`,
    ),
    '/sources',
    '/enrichment',
    '/enrichment/assets',
    '/enrichment/intel',
  ];
  const writes =
    /^(Assign|Verdict|Set verdict|Close (alert|incident|…)|Close…|Merge|Split|Export|Mark done|Add tag|Add note|Edit note|Share note|Add asset|Upload|Import|Save view|Run Demo|Trigger|Read files again|Tick with|Rebuild|New alert)/;
  const found = async (one) => {
    const names = new Set();
    for (const path of pages) {
      await one.goto(base + path);
      await settled(one);
      await one.locator('h1, h2').first().waitFor();
      const texts = await one
        .locator('button:visible, a:visible')
        .evaluateAll((all) => all.map((element) => element.textContent.trim()));
      for (const text of texts) if (writes.test(text)) names.add(text.replace(/ ?Shift .$/, ''));
      const fields = await one
        .getByRole('main')
        .locator('select:visible, textarea:visible, input[type=checkbox]:enabled:visible')
        .evaluateAll((all) => all.map((element) => element.getAttribute('aria-label') ?? ''));
      for (const label of fields)
        if (/^(Status|Owner|Traffic Light mark|New note)/.test(label)) names.add(label);
    }
    return [...names].sort();
  };
  equal(await found(hers), [], 'what a viewer is offered');
  const offered = await found(page);
  check(offered.length >= 15, `an admin is offered only ${offered}`);
  for (const path of [
    '/admin/people',
    '/admin/keys',
    '/admin/tenants',
    '/audit',
    '/jobs',
    '/dead-letters',
    '/upload',
  ]) {
    await hers.goto(base + path);
    await hers.getByText(/This page needs the right [a-z.]+, which your role does not have/).waitFor();
  }
  const rail = await hers.getByRole('navigation', { name: 'Pages' }).getByRole('link').allTextContents();
  equal(
    rail.map((name) => name.replace(/\d.*/, '')),
    ['Incidents', 'Alerts', 'Rules', 'Suppressions', 'Sources', 'Enrichment', 'Desk', 'Noise'],
    'pages',
  );
  for (const keys of ['e', 'a', 'm']) await hers.keyboard.press(keys);
  equal(await hers.locator('dialog[open]').count(), 0, 'dialogs that keys opened');
});

test('roles are changed, and count at once; a suspended person is out within a second', async (open) => {
  const person = await addPerson('viewer');
  const hers = await openAs(open, person, '/jobs');
  await hers.getByText('This page needs the right faults.read').waitFor();
  const page = await openAs(open, admin, `/admin/people?id=${person.id}`);
  const panel = page.getByRole('complementary', { name: 'Person' });
  await panel.waitFor();
  await page.keyboard.press('e');
  const form = page.getByRole('dialog', { name: `Change ${person.login}` });
  await form.getByLabel('Role 1', { exact: true }).selectOption('senior');
  await form.getByRole('button', { name: 'Save person' }).click();
  await panel.getByText('senior in default').waitFor();
  await hers.reload();
  await hers.getByRole('heading', { name: 'Jobs' }).waitFor();
  await live(hers);

  await page.keyboard.press('s');
  const sure = page.getByRole('dialog', { name: `Suspend: ${person.login}` });
  await sure.waitFor();
  equal(await page.evaluate(() => document.activeElement.textContent), 'Keep active', 'what has the focus');
  await page.keyboard.press('Enter');
  await sure.waitFor({ state: 'detached' });
  await page.keyboard.press('s');
  await sure.getByRole('button', { name: 'Suspend', exact: true }).click();
  await panel.getByText('Suspended').waitFor();
  await hers.getByRole('heading', { name: 'Sign in to Tocsin' }).waitFor();
  await signIn(hers, person);
  await hers.getByRole('alert').filter({ hasText: 'Name or password is not right.' }).waitFor();
  await page.goto(`${base}/admin/people?state=suspended`);
  await page.getByRole('button', { name: person.login }).waitFor();
  equal(await page.getByRole('button', { name: 'admin', exact: true }).count(), 0, 'active people');
  await page.keyboard.press('j');
  await panel.waitFor();
  await page.getByRole('button', { name: /^Resume…/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Resume', exact: true }).click();
  await page.getByText('May sign in again.').waitFor();
  await signIn(hers, person);
  await hers.getByRole('heading', { name: 'Jobs' }).waitFor();
});

test('an admin signs a person out, resets the second factor, and does neither to the own account', async (open) => {
  const person = await addPerson('analyst');
  const hers = await openAs(open, person);
  await live(hers);
  const page = await openAs(open, admin, `/admin/people?id=${person.id}&do=sessions`);
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere' }).click();
  await page.getByText('Signed out everywhere.').waitFor();
  await hers.getByRole('heading', { name: 'Sign in to Tocsin' }).waitFor();
  await page.getByRole('button', { name: 'admin', exact: true }).click();
  const panel = page.getByRole('complementary', { name: 'Person' });
  await panel.getByText('This is you').waitFor();
  equal(
    await panel.getByRole('button').allTextContents(),
    ['', 'Change name and roles…e'],
    'acts on the own account',
  );
});

test('a key is shown once, does what its role may, shows its last use, and is refused once revoked', async (open) => {
  const call = await asAdmin();
  const page = await openAs(open, admin, '/admin/keys');
  await page.getByRole('heading', { name: 'Keys', level: 1 }).waitFor();
  await page.keyboard.press('n');
  const form = page.getByRole('dialog', { name: 'Make key' });
  await form.getByLabel('Name').fill(`script ${word}`);
  await form.getByLabel('Role').selectOption('viewer');
  await form.getByText(/^Rights: \d+ of \d+$/).click();
  await form.getByLabel('metrics.read').uncheck();
  await page.keyboard.press('Enter');
  const secret = page.getByRole('dialog', { name: 'The key is made' });
  const token = await secret.locator('[data-secret]').textContent();
  check(/^tsk_\w{20,}/.test(token), `a key like ${token.slice(0, 6)}…`);
  await shot(page, 'admin-key-made');
  await secret.getByRole('button', { name: 'I have kept it' }).click();
  const panel = page.getByRole('complementary', { name: 'Key' });
  await panel.getByText('in use').waitFor();
  await panel.getByText(/\d+ of the \d+ of viewer/).waitFor();
  await page.reload();
  await panel.waitFor();
  check(!(await page.content()).includes(token), 'the key is shown again');
  const ask = async (method, path) =>
    (
      await fetch(base + path, {
        method,
        headers: { ...bearer(token), 'Content-Type': 'application/json' },
        ...(method === 'POST' ? { body: '{}' } : {}),
      })
    ).status;
  equal(
    [await ask('GET', '/api/v1/alerts'), await ask('POST', '/api/v1/people'), await ask('GET', '/metrics')],
    [200, 403, 403],
    'what the key may do',
  );
  await becomes(
    async () =>
      (await call('GET', '/api/v1/keys')).items.find(({ name }) => name === `script ${word}`).last_used !==
      null,
    true,
    'the last use is known',
  );
  await page.reload();
  await page.getByRole('row', { name: new RegExp(`script ${word}.* ago`) }).waitFor();
  await page.keyboard.press('x');
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke key' }).click();
  await page.getByText(`The key script ${word} is revoked.`).waitFor();
  equal(await ask('GET', '/api/v1/alerts'), 401, 'status of a revoked key');
  // The list follows the message when it has been read again.
  await becomes(
    () => page.getByRole('button', { name: 'Revoke key…' }).count(),
    0,
    'buttons of a revoked key',
  );
  await page.goto(`${base}/admin/keys?state=revoked&text=script`);
  await page.getByRole('button', { name: `script ${word}` }).waitFor();
});

test('a key for a part of the tenant shows that part alone, and says so', async (open) => {
  const call = await asAdmin();
  for (const source of [`own${word}`, `other${word}`])
    await call('POST', '/api/v1/alerts', {
      id: `${source}-1`,
      source,
      title: `of ${source}`,
      severity: 'high',
    });
  const page = await openAs(open, admin, '/admin/keys?do=add');
  const form = page.getByRole('dialog', { name: 'Make key' });
  await form.getByLabel('Name').fill(`part ${word}`);
  await form.getByLabel('Role').selectOption('analyst');
  await form.getByText('Sees the whole tenant').click();
  await form.getByLabel('Sources of the key').fill(`own${word}, `);
  await form.getByText(`Sees only source own${word}`).waitFor();
  await shot(page, 'admin-key-scope');
  await form.getByRole('button', { name: 'Make key' }).click();
  const secret = page.getByRole('dialog', { name: 'The key is made' });
  const token = await secret.locator('[data-secret]').textContent();
  await secret.getByRole('button', { name: 'I have kept it' }).click();
  await page.getByRole('complementary', { name: 'Key' }).getByText(`only source own${word}`).waitFor();
  const list = await (await fetch(`${base}/api/v1/alerts`, { headers: bearer(token) })).json();
  equal(
    list.items.map(({ title }) => title),
    [`of own${word}`],
    'what the key shows',
  );
  await form.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Make key' }).first().click();
  await form.getByLabel('Role').selectOption('auditor');
  equal(await form.getByText('Sees the whole tenant').count(), 0, 'scopes offered to an auditor');
});

test('an ingest token is for one source, in the header and in the address', async (open) => {
  const page = await openAs(open, admin, '/admin/keys?do=add');
  const form = page.getByRole('dialog', { name: 'Make key' });
  await form.getByLabel('Name').fill(`falco ${word}`);
  await form.getByLabel('Source').fill('falco');
  await form.getByRole('button', { name: 'Make key' }).click();
  const secret = page.getByRole('dialog', { name: 'The key is made' });
  await secret.getByText(`${base}/api/v1/webhooks/falco/…`).waitFor();
  const token = await secret.locator('[data-secret]').textContent();
  const send = async (path, headers = {}) =>
    (
      await fetch(base + path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body: JSON.stringify({
          output: `${word} terminal shell`,
          priority: 'Warning',
          rule: 'Terminal shell in container',
          time: '2026-01-04T12:00:00.000000000Z',
          output_fields: {},
        }),
      })
    ).status;
  const inHeader = await send('/api/v1/webhooks/falco', bearer(token));
  const inPath = await send(`/api/v1/webhooks/falco/${token}`);
  check(inHeader < 300 && inPath < 300, `taken: ${inHeader}, ${inPath}`);
  const others = [
    await send('/api/v1/webhooks/suricata', bearer(token)),
    await send(`/api/v1/webhooks/suricata/${token}`),
    (await fetch(`${base}/api/v1/alerts`, { headers: bearer(token) })).status,
  ];
  check(
    others.every((status) => status === 401 || status === 403 || status === 404),
    `others: ${others}`,
  );
});

test('a tenant is created with limits, changed, suspended and resumed', async (open) => {
  const name = `acme-${word}`;
  const page = await openAs(open, admin, '/admin/tenants');
  await page.getByRole('button', { name: 'default', exact: true }).waitFor();
  await page.keyboard.press('n');
  const form = page.getByRole('dialog', { name: 'Create tenant' });
  await form.getByLabel('Name').fill('Not A Name');
  await form.getByLabel('Alerts a second').fill('many');
  await page.keyboard.press('Enter');
  await form.getByText('Is a whole number from 1, or empty.').waitFor();
  await form.getByLabel('Alerts a second').fill('50');
  await form.getByLabel('Storage in GiB').fill('1.5');
  await page.keyboard.press('Enter');
  await form.getByText('Has 1 to 40 characters of a-z').waitFor();
  await form.getByLabel('Name').fill(name);
  await form.getByLabel('Title').fill('Acme <i>Ltd</i>');
  await page.keyboard.press('Enter');
  const panel = page.getByRole('complementary', { name: 'Tenant' });
  await panel.getByText('Acme <i>Ltd</i>').waitFor();
  await panel.getByText('1.5 GiB at most').waitFor();
  await shot(page, 'admin-tenants');
  await page.keyboard.press('e');
  const edit = page.getByRole('dialog', { name: `Change ${name}` });
  equal(await edit.getByLabel('Storage in GiB').inputValue(), '1.5', 'the limit as typed');
  await edit.getByLabel('Alerts a second').fill('');
  await page.keyboard.press('Enter');
  await edit.waitFor({ state: 'detached' });
  await panel.getByText('no limit').waitFor();
  for (const [act, state] of [
    ['Suspend tenant', 'Suspended'],
    ['Resume tenant', 'Served'],
  ]) {
    await page.keyboard.press('s');
    await page.getByRole('dialog').getByRole('button', { name: act }).click();
    await panel.getByText(state, { exact: true }).waitFor();
  }
  await page.getByRole('button', { name: 'default', exact: true }).click();
  await panel.getByRole('heading', { name: 'Default' }).waitFor();
  await becomes(
    () => panel.getByRole('button', { name: /Suspend/ }).count(),
    0,
    'ways to suspend the default tenant',
  );
});

test('a provider goes from a number of a tenant to its rows, and back', async (open) => {
  const name = `zeta-${word}`;
  const call = await asAdmin();
  await call('POST', '/api/v1/tenants', { name, title: 'Zeta' });
  const title = `${word} is seen in zeta alone`;
  const there = await callerOf(admin, {}, name);
  await there('POST', '/api/v1/alerts', {
    alert_type: 'malware',
    title,
    host: 'z-1',
  });
  const page = await openAs(open, admin, '/admin/tenants');
  await page.getByRole('button', { name: `1 alerts: work in ${name}` }).click();
  await page.getByText(title).first().waitFor();
  const choice = page.getByLabel('Tenant', { exact: true });
  equal(await choice.inputValue(), name, 'the tenant shown');
  await shot(page, 'tenant-of-another');
  await choice.selectOption('default');
  await page.waitForURL('**/queue*');
  await becomes(() => page.getByLabel('Tenant', { exact: true }).inputValue(), 'default', 'the tenant shown');
  await page.goto(`${base}/queue?list=alerts&q=${encodeURIComponent(title)}`);
  await page.getByText('No match.').first().waitFor();
});

test('what somebody else changed meanwhile is not overwritten', async (open) => {
  const call = await asAdmin();
  const person = await addPerson('viewer');
  const page = await openAs(open, admin, `/admin/people?id=${person.id}&do=edit`);
  const form = page.getByRole('dialog', { name: `Change ${person.login}` });
  await form.getByLabel('Name', { exact: true }).fill('Mine');
  await call('PATCH', `/api/v1/people/${person.id}`, { name: 'Theirs' });
  await page.keyboard.press('Enter');
  await form.getByText('Somebody changed it meanwhile').waitFor();
  equal((await call('GET', `/api/v1/people/${person.id}`)).name, 'Theirs', 'the name');
  equal(await form.getByLabel('Name', { exact: true }).inputValue(), 'Mine', 'what was typed');
  await page.keyboard.press('Enter');
  await form.waitFor({ state: 'detached' });
  equal((await call('GET', `/api/v1/people/${person.id}`)).name, 'Mine', 'the name after a second try');
});

test('the table of roles is that of the server, with the own role marked', async (open) => {
  const person = await addPerson('analyst');
  const page = await openAs(open, person, '/admin/roles');
  const call = await callerOf(person);
  const { roles, verbs } = await call('GET', '/api/v1/roles');
  await becomes(() => page.locator('main tbody tr').count(), verbs.length, 'rights');
  const shown = await page
    .locator('main tbody tr')
    .evaluateAll((rows) =>
      rows.map((row) => [
        row.querySelector('code').textContent,
        [...row.querySelectorAll('td')].map((cell) => cell.textContent.includes('yes')),
      ]),
    );
  equal(
    shown,
    verbs.map(({ name, roles: had }) => [name, roles.map((role) => had.includes(role.name))]),
    'the table',
  );
  equal(
    await page.getByRole('navigation', { name: 'Administration' }).getByRole('link').allTextContents(),
    ['Case data', 'Roles'],
    'tabs',
  );
  await shot(page, 'admin-roles');
});

const pages = async () => {
  const call = await asAdmin();
  const person = await addPerson('analyst', {
    name: `A long name ${'of many words '.repeat(8)}`,
  });
  const { id: key } = await call('POST', '/api/v1/keys', {
    name: `${word} ${'k'.repeat(80)}`,
    role: 'ingest',
    source: 'falco',
  });
  return [
    '/admin/people',
    `/admin/people?id=${person.id}`,
    `/admin/people?id=${person.id}&do=edit`,
    `/admin/people?id=${person.id}&do=suspend`,
    '/admin/people?do=add',
    '/admin/people?text=nobody-is-called-this',
    '/admin/keys',
    `/admin/keys?id=${key}`,
    `/admin/keys?id=${key}&do=revoke`,
    '/admin/keys?do=add',
    '/admin/tenants?id=default',
    '/admin/tenants?id=default&do=edit',
    '/admin/tenants?do=add',
    '/admin/case-data',
    '/admin/roles',
    '/account',
    '/account?do=sign-out',
  ];
};

for (const colorScheme of ['dark', 'light'])
  test(`axe finds nothing serious on the pages of administration, ${colorScheme}`, async (open) => {
    const page = await open('/queue', { colorScheme });
    await page.getByLabel('Password').waitFor();
    equal(await faults(page), [], 'sign-in');
    await signIn(page, admin);
    await page.getByRole('navigation', { name: 'Pages' }).waitFor();
    for (const path of await pages()) {
      await page.goto(base + path);
      await settled(page);
      equal(await faults(page), [], path);
    }
    await page.getByRole('dialog').getByRole('button', { name: 'Stay signed in' }).click();
    await page.getByRole('button', { name: 'Set up an authenticator' }).click();
    await page.getByRole('img', { name: /QR code/ }).waitFor();
    equal(await faults(page), [], 'setting up an authenticator');
  });

for (const [width, height] of [
  [390, 844],
  [320, 640],
])
  test(`administration needs no sideways scrolling at ${width} px`, async (open) => {
    const page = await openAs(open, admin, '/queue', {
      viewport: { width, height },
      hasTouch: true,
    });
    for (const path of await pages()) {
      await page.goto(base + path);
      await settled(page);
      await fitsSideways(page, path);
      if (width === 390) await shot(page, `phone${path.split('?')[0].replace(/\//g, '-')}`);
    }
    await page.goto(`${base}/account`);
    await page.getByRole('button', { name: 'Set up an authenticator' }).click();
    await page.getByRole('img', { name: /QR code/ }).waitFor();
    await fitsSideways(page, 'setting up an authenticator');
  });
