// Texts that would run as script, stored in every text field there is and looked at on every page: none runs, none
// becomes an element, and the content policy has nothing to stop.
import { base, becomes, check, equal, test, until } from './harness.mjs';
import { addPerson, admin, asAdmin, callerOf, openAs, signIn } from './people.mjs';
import { each, put, putIntoChecklists, putIntoIncident, some } from './xss_fields.mjs';
import { payloads } from './xss_payloads.mjs';

// Counts what runs in a page and in its frames.
function watcher() {
  const run = [];
  const prepare = async (page) => {
    await page.exposeBinding('__xss', (_, number) => void run.push(number));
    await page.addInitScript(() => {
      for (const name of ['alert', 'confirm', 'prompt', 'print']) window[name] = () => window.__xss(name);
    });
    page.on('dialog', (dialog) => {
      run.push('dialog');
      void dialog.dismiss();
    });
    await page.route(/^https?:\/\/(?!localhost|127\.0\.0\.1)/, (route) => route.abort());
  };
  return { run, prepare };
}

// What must not be in a document that took all of it for text.
function strangers() {
  const all = [...document.querySelectorAll('*')];
  const has = (element, name) => element.getAttribute(name) ?? element.getAttribute(`xlink:${name}`) ?? '';
  const isOurs = (address) => new URL(address, location.href).origin === location.origin;
  const wrong = (element) => {
    const name = element.localName;
    if (element.getAttributeNames().some((attribute) => /^(on|srcdoc|formaction)/i.test(attribute)))
      return true;
    if (['iframe', 'object', 'embed', 'base', 'frame', 'portal', 'template', 'marquee'].includes(name))
      return true;
    if (name === 'script' || name === 'img' || name === 'source') return !isOurs(has(element, 'src') || 'x:');
    if (name === 'meta') return element.httpEquiv.toLowerCase() === 'refresh';
    if (name === 'style') return !element.closest('head');
    return (
      has(element, 'href') !== '' &&
      !/^(https?|mailto|blob):$/.test(new URL(has(element, 'href'), location.href).protocol)
    );
  };
  return all.filter(wrong).map((element) => element.outerHTML.slice(0, 120));
}

// ---- looked at

// By the console's own router: a page takes a tenth of what loading it anew does.
async function go(page, path) {
  await page.evaluate((to) => {
    history.pushState({}, '', to);
    dispatchEvent(new PopStateEvent('popstate'));
  }, path);
}

// The page that the address names, and not the one before it.
const isRead = () =>
  document.querySelector('main')?.dataset.address === location.pathname + location.search &&
  document.querySelector('main [aria-busy], main [class*=skeleton]') === null &&
  document.querySelector('main h1, main h2, main h3, main p') !== null;

async function look(page, watch, path, more) {
  await go(page, path);
  await page.waitForFunction(isRead);
  await more?.(page);
  await page.waitForFunction(isRead);
  equal(await page.evaluate(strangers), [], `elements on ${path}`);
  equal(watch.run, [], `ran on ${path}`);
}

const press = (key, times) => async (page) => {
  for (let i = 0; i < times; i += 1) await page.keyboard.press(key);
};

const isAnswered = () =>
  ![...document.querySelectorAll('main button:disabled')].some((one) => one.textContent === 'Show more');

// In the page: whether more can be shown, and showing it. null: it is on its way.
const showMore = () => {
  const more = [...document.querySelectorAll('main button')].find((one) => one.textContent === 'Show more');
  if (more?.disabled) return null;
  more?.click();
  return more ? 'asked' : 'all';
};

// Looked for and clicked in one step: the button goes with the last page, and a click of its own would wait for it.
const showAll = async (page) => {
  for (let i = 0; i < 4; i += 1) {
    const answer = page.waitForResponse((one) => one.url().includes('cursor=')).catch(() => null);
    const shown = await until('it can be clicked', () => page.evaluate(showMore));
    if (shown === 'all') return;
    check(await answer, 'no answer to "Show more"');
    await page.waitForFunction(isAnswered);
  }
};

const tabs = [
  'timeline',
  'graph',
  'alerts',
  'entities',
  'attack',
  'iocs',
  'similar',
  'playbooks',
  'checklist',
  'queries',
  'analyses',
  'notes',
  'activity',
];

test('the hooks count: without defence a hundred of these texts run, and the policy reports what it stops', async (open) => {
  const watch = watcher();
  const page = await open('/sign-in', { prepare: watch.prepare });
  await page.getByLabel('Password').waitFor();
  await page.evaluate(() => {
    const holder = document.createElement('div');
    document.body.append(holder);
    try {
      holder.innerHTML = '<img src=x onerror=__xss(1)>';
    } catch {
      // Refused by Trusted Types, which is reported.
    }
  });
  await becomes(() => page.wrongs.some((wrong) => wrong.startsWith('policy:')), true, 'the policy reports');
  equal(watch.run, [], 'ran under the policy');
  await page.route('**/without-defence', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>x</title><body>' }),
  );
  await page.goto(`${base}/without-defence`);
  for (const { text } of payloads)
    await page.evaluate((html) => {
      const frame = document.createElement('iframe');
      frame.srcdoc = `<!doctype html><body>${html}</body>`;
      document.body.append(frame);
    }, text);
  await becomes(
    () => new Set(watch.run).size >= 100,
    true,
    `texts that run without defence: ${new Set(watch.run).size}`,
  );
  check(
    page.wrongs.some((wrong) => wrong.startsWith('foreign: https://xss.example')),
    'a foreign host is not counted',
  );
  console.log(
    `     ${new Set(watch.run).size} of ${payloads.length} texts run by themselves without defence`,
  );
  page.wrongs.length = 0;
});

test(`${payloads.length} texts in every field: none runs on any page, none breaks the policy`, async (open) => {
  check(new Set(payloads.map(({ text }) => text)).size >= 200, 'fewer than 200 texts');
  const call = await asAdmin();
  const ids = await put.alerts(call);
  await put.changes(call, ids);
  const counts = {};
  for (const name of [
    'sources',
    'mails',
    'letters',
    'assets',
    'users',
    'views',
    'people',
    'keys',
    'tenants',
    'intel',
    'warnings',
  ])
    counts[name] = (await put[name](call)).filter((answer) => answer !== undefined).length;
  const incidentIds = async () => {
    const all = await each(ids, (id) => call('GET', `/api/v1/alerts/${id}`));
    return all.map(({ incident_id: id }) => id);
  };
  let incidents = [];
  await becomes(
    async () => (incidents = await incidentIds()).every(Boolean),
    true,
    'all are in incidents',
    60_000,
  );
  incidents = [...new Set(incidents)];
  await putIntoIncident(call, incidents[0]);
  const checked = await putIntoChecklists(call, incidents);
  console.log(
    `     alerts ${ids.length}, incidents ${incidents.length}, ${Object.entries(counts)
      .map(([n, c]) => `${n} ${c}`)
      .join(', ')}`,
  );

  const watch = watcher();
  const page = await openAs(open, admin, '/queue', { prepare: watch.prepare });
  page.setDefaultTimeout(60_000);
  let seen = 0;
  const visit = async (path, more) => {
    await look(page, watch, path, more);
    seen += 1;
  };
  const rows = page.locator('[role=grid] [role=row][id]').first();
  for (const list of ['alerts', 'incidents'])
    await visit(`/queue?list=${list}&q=&peek=1`, async () => {
      await rows.waitFor();
      for (let i = 0; i < 60; i += 1) {
        await page.keyboard.press(i % 3 === 2 ? 'PageDown' : 'j');
        await page.waitForFunction(() => document.querySelector('aside[aria-label=Peek] h2'));
      }
      for (const key of ['e', '?', 'Control+k', 'Shift+V']) {
        await page.keyboard.press(key);
        await page.locator('dialog[open]').waitFor();
        equal(await page.evaluate(strangers), [], `elements in the dialog of ${key}`);
        await page.keyboard.press('Escape');
        await page.locator('dialog[open]').waitFor({ state: 'detached' });
      }
    });
  for (const id of ids) await visit(`/alerts/${id}`, () => page.locator(`main [title="${id}"]`).waitFor());
  for (const { number } of some(15)) await visit(`/alerts/${ids[number]}?at=/raw`);
  for (const id of incidents.filter((_, i) => i % 10 === 0))
    await visit(`/incidents/${id}`, () => page.locator(`main [title="${id}"]`).waitFor());
  for (const id of checked) await visit(`/incidents/${id}/checklist`);
  const others = incidents.slice(1);
  for (let i = 0; i < others.length; i += 90)
    await call(
      'POST',
      `/api/v1/incidents/${incidents[0]}/merge`,
      { incident_ids: others.slice(i, i + 90) },
      undefined,
      [409],
    );
  for (const tab of tabs) await visit(`/incidents/${incidents[0]}/${tab}`);
  await visit(`/incidents/${incidents[0]}/graph?as=table`);
  await visit(`/incidents/${incidents[0]}/timeline?ev=${ids[0]}%23/title`);
  await visit('/sources', showAll);
  await visit('/sources?source=source:generic');
  const letters = (await call('GET', '/api/v1/dead-letters?limit=300')).items;
  await visit('/dead-letters', showAll);
  for (const { id } of letters.filter((_, i) => i % 15 === 0)) await visit(`/dead-letters/${id}`);
  await visit(`/mappings?letter=${letters[0].id}`);
  await visit('/jobs', press('j', 5));
  await visit('/enrichment');
  for (const tab of ['assets', 'users']) {
    await visit(`/enrichment/${tab}`, showAll);
    for (const { id } of (await call('GET', `/api/v1/${tab}?limit=300`)).items.filter((_, i) => i % 30 === 0))
      await visit(`/enrichment/${tab}?row=${id}`);
  }
  await visit('/enrichment/intel', showAll);
  for (const { id } of (await call('GET', '/api/v1/intel/lists?limit=300')).items.filter(
    (_, i) => i % 10 === 0,
  ))
    await visit(`/enrichment/intel?row=${id}`, showAll);
  await visit('/enrichment/warning-lists');
  for (const { text } of some(15)) await visit(`/enrichment?kind=host&value=${encodeURIComponent(text)}`);
  const { actions } = await call('GET', '/api/v1/audit/actions');
  for (const { name } of actions) await visit(`/audit?action=${name}`, press('j', 12));
  await visit('/audit?text=__xss', showAll);
  await visit('/admin/people', press('j', 40));
  for (const person of (await call('GET', '/api/v1/people')).items.filter((_, i) => i % 30 === 0))
    for (const act of ['edit', 'suspend']) await visit(`/admin/people?id=${person.id}&do=${act}`);
  await visit('/admin/keys', press('j', 40));
  for (const key of (await call('GET', '/api/v1/keys')).items.filter((_, i) => i % 30 === 0))
    await visit(`/admin/keys?id=${key.id}&do=revoke`);
  await visit('/admin/tenants', press('j', 40));
  await visit('/admin/tenants?id=xss-30&do=edit');
  for (const path of ['/admin/people?do=add', '/admin/roles', '/account']) await visit(path);
  for (const { id } of (await call('GET', '/api/v1/views')).items)
    await call('DELETE', `/api/v1/views/${id}`);
  counts.views += (await put.views(call, payloads.slice(150))).filter(
    (answer) => answer !== undefined,
  ).length;
  check(counts.views === payloads.length, `${counts.views} views`);
  await page.goto(`${base}/queue`);
  await rows.waitFor();
  await visit('/queue?list=alerts&q=', async () => {
    await rows.waitFor();
    await page.keyboard.press('Shift+V');
    await page.locator('dialog[open]').waitFor();
    equal(await page.evaluate(strangers), [], 'elements in the dialog of views');
    await page.keyboard.press('Escape');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
  });
  await page.goto(`${base}/docs`);
  await page.locator('.opblock').first().waitFor();
  await page.goto(`${base}/queue`);
  await rows.waitFor();
  // In the address itself.
  for (const { text } of some(15))
    for (const path of [
      '/queue?list=alerts&q=',
      '/admin/people?text=',
      '/audit?object=',
      '/go/',

      '/incidents/',
    ])
      await visit(path + encodeURIComponent(text));
  await visit('/upload', async () => {
    await page.getByLabel('Choose files').setInputFiles(
      some(20).map(({ text }) => ({
        name: `${text.replace(/[/\\\p{C}]/gu, '')}.json`,
        mimeType: 'application/json',
        buffer: Buffer.from(JSON.stringify({ rule: text, broken: text })),
      })),
    );
    await page
      .getByRole('list', { name: 'Files' })
      .getByRole('listitem')
      .nth(some(20).length - 1)
      .waitFor();
    await page.waitForLoadState('networkidle');
  });
  equal(watch.run, [], 'ran in all');
  console.log(`     ${seen} pages looked at, 0 ran`);
});

test('a session of a strange browser is shown as text', async (open) => {
  const person = await addPerson('viewer');
  const ascii = payloads.filter(({ text }) => /^[\x20-\x7e]+$/.test(text)).slice(0, 60);
  for (const { text } of ascii.filter((_, i) => i % 6 === 0)) await callerOf(person, { 'User-Agent': text });
  const watch = watcher();
  const page = await open('/account', { prepare: watch.prepare });
  await signIn(page, person);
  await becomes(() => page.getByRole('button', { name: /^End session/ }).count(), 10, 'sessions');
  equal(await page.evaluate(strangers), [], 'elements');
  equal(watch.run, [], 'ran');
});

test('what leaves as a file is text in it: HTML without its policy, CSV without formulas', async (open) => {
  const call = await asAdmin();
  const { items } = await call('GET', '/api/v1/incidents?limit=5&sort=priority');
  const largest = items.reduce((a, b) => (b.alert_count > a.alert_count ? b : a));
  check(largest.alert_count >= 200, `the largest incident has ${largest.alert_count} alerts`);
  const html = await call('GET', `/api/v1/incidents/${largest.id}/export?format=html`);
  check(html.includes('__xss('), 'the report holds none of the texts');
  const bare = html.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '');
  check(bare.length < html.length, 'the report has no policy of its own');
  const watch = watcher();
  const page = await open('/sign-in', { prepare: watch.prepare });
  for (const [name, body] of [
    ['with', html],
    ['without', bare],
  ]) {
    await page.route(`**/report-${name}`, (route) =>
      route.fulfill({ contentType: 'text/html; charset=utf-8', body }),
    );
    await page.goto(`${base}/report-${name}`);
    await page.getByText('__xss(').first().waitFor();
    const made = (await page.evaluate(strangers)).filter((element) => !element.startsWith('<style'));
    equal(made, [], `elements of the report ${name} its policy`);
  }
  equal(watch.run, [], 'ran');
  const csv = await call('GET', '/api/v1/alerts/export?format=csv&q=');
  const formulas = cellsOf(csv).filter((cell) => /^[=+\-@\t\r]/.test(cell) && !/^-?[\d.]+$/.test(cell));
  check(csv.includes('__xss('), 'the table holds none of the texts');
  equal(formulas.slice(0, 3), [], 'cells that a spreadsheet would run');
});

// RFC 4180.
function cellsOf(csv) {
  return [...csv.matchAll(/(?:^|,|\r?\n)(?:"((?:[^"]|"")*)"|([^",\r\n]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain,
  );
}
