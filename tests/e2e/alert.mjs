import { api, check, equal, shot, test, until } from './harness.mjs';
import { makeIncident, sendAlert, word } from './seed.mjs';

test('an alert shows its fields, reasons and raw record', async (open) => {
  const alert = await sendAlert({
    command_line: 'powershell -enc SQBFAFgA',
    odd_field: { deep: [1, 2] },
  });
  const page = await open(`/alerts/${alert.id}`);
  equal(await page.getByRole('heading', { level: 1 }).innerText(), alert.title, 'title');
  for (const part of [
    'Suggested',
    'Fields',
    'For and against',
    'Who and where',
    'Indicators',
    'Process',
    'Occurrences',
    'ATT&CK',
  ])
    await page.getByText(part, { exact: true }).first().waitFor();
  const raw = await page.getByRole('region', { name: 'Raw record', exact: true }).last().innerText();
  check(raw.includes('odd_field'), 'the raw record lacks an unknown field');
  await shot(page, 'alert');
});

test('an alert is taken, closed and leads to its incident', async (open) => {
  const { id, alert } = await makeIncident();
  const page = await open(`/alerts/${alert}`);
  await page.getByText('Fields', { exact: true }).waitFor();
  await page.keyboard.press('a');
  await until('taken', async () => (await api(`/api/v1/alerts/${alert}`)).assignee);
  await page.keyboard.press('e');
  await page.getByRole('dialog', { name: /^Close/ }).waitFor();
  await page.keyboard.press('1');
  await page.keyboard.press('Enter');
  await until('closed', async () => (await api(`/api/v1/alerts/${alert}`)).status === 'closed');
  await page.getByText('Closed as: Malware').waitFor();
  await page
    .getByRole('main')
    .getByRole('link', { name: `IN-${id.slice(-6)}` })
    .click();
  await page.waitForURL(`**/incidents/${id}`);
});

// Written by an attacker into every text field: none of it may act, hide or turn round.
const attacks = [
  '<img src=x onerror="window.hacked=1">',
  '"><script>window.hacked=1</script>',
  '[click](javascript:window.hacked=1)',
  '\u202Egnp.exe\u202C',
  'https://evil.example/login',
];

test('attacker-written text is shown, not run, on every page that shows it', async (open) => {
  const text = `${word} ${attacks.join(' ')}`;
  const { id, alert } = await makeIncident({
    title: text,
    message: text,
    user: attacks[0],
    host: `${word}-<b>x</b>`,
    alert_type: 'x<i>',
  });
  for (const path of [`/alerts/${alert}`, `/incidents/${id}`, `/queue?list=alerts&q=${word}&sort=newest`]) {
    const page = await open(path);
    await page
      .getByText(/⟦U\+202E⟧/)
      .first()
      .waitFor();
    equal(await page.evaluate(() => window.hacked ?? null), null, `script ran on ${path}`);
    equal(
      await page
        .locator(
          'main img, main script, main b:has-text("x") > b, a[href^="javascript"], a[href*="evil.example"]',
        )
        .count(),
      0,
      `markup on ${path}`,
    );
    check(
      !(await page.locator('main').innerText()).includes('https://evil.example/login') ||
        path.startsWith('/alerts/'),
      `a live address on ${path}`,
    );
  }
});

test('dead letters are listed, read and replayed', async (open) => {
  await fetch(new URL('/api/v1/webhooks/suricata', process.env.BASE_URL ?? 'http://127.0.0.1:8000'), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: `{"event_type":"alert","${word}":`,
  });
  const { items } = await api('/api/v1/dead-letters?limit=1');
  check(items.length === 1, 'the torn body is no dead letter');
  const page = await open(`/dead-letters/${items[0].id}`);
  await page.getByRole('region', { name: 'Body' }).waitFor();
  await shot(page, 'dead-letters');
  await page.getByRole('button', { name: 'Replay dead letter' }).click();
  await page
    .getByText(/still not readable|Sent again/i)
    .first()
    .waitFor();
});

test('the demo buttons send through the pipeline', async (open) => {
  const page = await open('/sources');
  const before = (await api('/api/v1/stats')).alerts.total;
  await page.getByRole('button', { name: 'Trigger Critical Threat' }).first().click();
  await page.getByText(/A critical threat was sent/).waitFor();
  await until('more alerts', async () => (await api('/api/v1/stats')).alerts.total > before);
  await page.getByRole('button', { name: 'Run Demo Detection' }).first().click();
  await page.getByText(/Demo detection ran/).waitFor();
  await shot(page, 'sources');
});
