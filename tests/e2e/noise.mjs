// Noise: rules with what people called their alerts, proposals that were replayed, and a search of one's own; and the
// thumbs that the desk's satisfaction is measured by.
import { api, becomes, check, equal, shot, test, until } from './harness.mjs';
import { faults, fitsSideways, settled } from './looks.mjs';
import { makeIncident, sendAlert, sendAlerts, word } from './seed.mjs';

const say = (id, verdict) => api(`/api/v1/alerts/${id}`, { method: 'PATCH', json: { verdict } });
const type = `${word}_noise`;
const user = `${word}_svc`;

// Twelve false ones of one user, decided at three times, and a real one of another; once a run.
let made = null;
const noisy = () => (made ??= makeNoise());
async function makeNoise() {
  const common = { source: 'edr', type, alert_type: type };
  const ids = (await sendAlerts(12, { ...common, user })).map(({ id }) => id);
  const real = await sendAlert(common);
  await say(real.id, 'true_positive');
  for (let act = 0; act < 3; act++) {
    for (const id of ids.filter((_, i) => i % 3 === act)) await say(id, 'false_positive');
    const end = Date.now() + 1100; // decisions within a second are one act
    await until('the act is over', () => Date.now() > end);
  }
  const rule = (await api('/api/v1/noise')).rules.find((one) => one.type === type);
  equal([rule.decided, rule.false_positive], [13, 12], 'what was decided');
  return { ids, real: real.id };
}

test('a rule of the noise opens its alerts, and a proposal says what it would have hidden', async (open) => {
  await noisy();
  const page = await open('/noise');
  const rules = page.getByRole('region', { name: 'Rules', exact: true });
  const row = rules.locator('tr', { hasText: type });
  await row.getByText(/^92%, \d+% to \d+%$/).waitFor();
  const proposal = page.getByRole('article', { name: `Exception for ${type}` }).filter({ hasText: user });
  await proposal.getByText(/^12 alerts: 12 false; [\d.,]+ min of work$|under 0\.1 min/).waitFor();
  await proposal.getByRole('link', { name: '12 of 12 false positives' }).waitFor();
  await shot(page, 'noise');
  await proposal.getByRole('button', { name: 'Try as a search' }).click();
  await page.waitForURL(/[?&]q=/);
  const tried = page.getByRole('region', { name: 'Try a search' });
  await tried.getByText('none that anybody called real').waitFor();
  await proposal.getByRole('link', { name: 'Add a suppression…' }).click();
  const text = page.getByRole('dialog').getByText(`source:edr type:${type} user:${user}`);
  await text.waitFor();
  await page.goBack();
  await row.getByRole('link', { name: '12', exact: true }).click();
  await page.waitForURL(/queue\?list=alerts.*received/);
  await becomes(() => page.locator('[role=grid] [role=row][id]').count(), 12, 'false positives in the queue');
});

test('a search of one’s own is tried by keyboard, names the real ones, and its error stands at the field', async (open) => {
  const { real } = await noisy();
  const page = await open('/noise?days=7');
  const field = page.getByRole('textbox', { name: 'Alerts to hide, as a search' });
  await field.fill('usr:nobody');
  await field.press('Enter');
  await until('the error at the field', async () => (await field.getAttribute('aria-invalid')) === 'true');
  const about = await field.getAttribute('aria-describedby');
  check(/usr/.test(await page.locator(`#${about}`).textContent()), 'the error names the field of the search');
  await field.fill(`type:${type}`);
  await field.press('Enter');
  await page.waitForURL((url) => url.searchParams.get('q') === `type:${type}`);
  const tried = page.getByRole('region', { name: 'Try a search' });
  await tried.getByRole('link', { name: /^13 alerts: 1 real, 12 false/ }).waitFor();
  await tried.locator(`a[href="/alerts/${real}"]`).waitFor();
  equal(await field.evaluate((node) => document.activeElement === node), true, 'the field keeps the focus');
});

test('an explanation and an incident view are rated by thumb, by mouse and by keyboard', async (open) => {
  const incident = await makeIncident();
  const page = await open(`/alerts/${incident.alert}`);
  const group = page.getByRole('group', { name: 'Was this answer helpful?' });
  const up = group.getByRole('button', { name: 'Helpful', exact: true });
  const down = group.getByRole('button', { name: 'Not helpful' });
  await up.click();
  await page.getByText('Rated as helpful.').waitFor();
  equal(await up.getAttribute('aria-pressed'), 'true', 'the thumb up is pressed');
  await down.focus();
  await page.keyboard.press('Enter');
  await becomes(() => down.getAttribute('aria-pressed'), 'true', 'the thumb down is pressed');
  equal(await up.getAttribute('aria-pressed'), 'false', 'the thumb up is taken back');
  const rated = await api('/api/v1/measures/rows?figure=satisfaction_explanation');
  equal(rated.items.find(({ id }) => id === incident.alert)?.value, 0, 'the last word counts');
  await page.goto(new URL(`/incidents/${incident.id}`, page.url()).href);
  await up.focus();
  await page.keyboard.press('Space');
  await becomes(() => up.getAttribute('aria-pressed'), 'true', 'the incident view is helpful');
  const views = await api('/api/v1/measures/rows?figure=satisfaction_incident_view');
  equal(views.items.find(({ id }) => id === incident.id)?.value, 1, 'the rating of the view');
});

for (const colorScheme of ['dark', 'light'])
  test(`the noise has no serious fault of accessibility and fits a phone, ${colorScheme}`, async (open) => {
    await noisy();
    for (const viewport of [
      { width: 1440, height: 900 },
      { width: 390, height: 844 },
    ]) {
      const page = await open(`/noise?q=type:${type}`, { colorScheme, viewport });
      await page.getByText('Real ones it would hide').waitFor();
      await settled(page);
      equal(await faults(page), [], `noise ${viewport.width}`);
      await fitsSideways(page, `noise ${viewport.width}`);
      await shot(page, `noise-${colorScheme}-${viewport.width}`);
    }
  });
