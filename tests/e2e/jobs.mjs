// The queue of background work: states, reasons, another round, discarding. The list is made up, since nothing of the
// product fails on demand; what the buttons send is what the server takes (src/api/routes/operations_test.cpp).
import { becomes, equal, shot, test, until } from './harness.mjs';

const job = (n, state, more = {}) => ({
  id: `JB-01JB2ZK8M5X8Q0V1T9T3Y6N4R${n}`,
  kind: 'retention.sweep',
  state,
  urgency: 10,
  attempts: state === 'waiting' ? 0 : 5,
  max_attempts: 5,
  run_at: '2026-01-04T12:00:00.000Z',
  payload: '{"tenant":1}',
  last_error: '',
  ...more,
});

// Answers the list by state, and keeps what was sent.
async function withJobs(page, jobs) {
  const sent = [];
  await page.route('**/api/v1/jobs**', (route) => {
    const url = new URL(route.request().url());
    const act = /jobs\/([^/]+)\/(retry|discard)$/.exec(url.pathname);
    if (act) {
      sent.push(`${act[2]} ${act[1]}`);
      const at = jobs.findIndex(({ id }) => id === act[1]);
      if (act[2] === 'discard') jobs.splice(at, 1);
      else jobs[at] = { ...jobs[at], state: 'waiting', attempts: 0 };
      return route.fulfill({
        json: act[2] === 'retry' ? { id: act[1], state: 'waiting' } : { id: act[1], discarded: true },
      });
    }
    const state = url.searchParams.get('state');
    const items = jobs.filter((one) => !state || one.state === state);
    return route.fulfill({ json: { items, next_cursor: null, total: items.length } });
  });
  return sent;
}

const rows = (page) => page.getByRole('main').locator('tbody tr').count();

test('a failed job says why, and gets another round or is discarded, by keyboard', async (open) => {
  const page = await open('/queue');
  const sent = await withJobs(page, [
    job('A', 'waiting'),
    job('B', 'dead', { last_error: 'the disk is full <img src=x onerror=alert(1)>' }),
    job('C', 'leased'),
    job('D', 'dead', { last_error: 'no route' }),
  ]);
  await page.goto(page.url().replace(/\/queue.*/, '/jobs?state=dead'));
  await becomes(() => rows(page), 2, 'failed jobs');
  await page.getByText('the disk is full <img src=x onerror=alert(1)>').waitFor();
  await page.keyboard.press('j');
  await page.waitForURL(/job=JB-\w+B/);
  const panel = page.getByRole('complementary', { name: 'Job' });
  await panel.getByText('5 of 5').waitFor();
  await panel.getByText('{"tenant":1}').waitFor();
  await shot(page, 'jobs-failed');
  await page.keyboard.press('r');
  await page.getByText('It waits again.').waitFor();
  await becomes(() => rows(page), 1, 'failed jobs after a retry');
  await page.keyboard.press('j');
  await panel.getByText('no route').waitFor();
  await page.keyboard.press('x');
  await page.getByRole('dialog', { name: 'Discard job' }).waitFor();
  await page.keyboard.press('Escape');
  equal(sent.length, 1, 'calls after the dialog was left');
  await page.keyboard.press('x');
  await page.getByRole('dialog').getByRole('button', { name: 'Discard job' }).click();
  await page.getByText('The job is discarded.').waitFor();
  await page.getByText('No job has failed for good.').waitFor();
  equal(
    sent,
    ['retry JB-01JB2ZK8M5X8Q0V1T9T3Y6N4RB', 'discard JB-01JB2ZK8M5X8Q0V1T9T3Y6N4RD'],
    'what was sent',
  );
});

test('the filter of jobs lives in the address, and only what may be done is offered', async (open) => {
  const page = await open('/queue');
  await withJobs(page, [job('A', 'waiting'), job('C', 'leased')]);
  await page.goto(page.url().replace(/\/queue.*/, '/jobs'));
  await becomes(() => rows(page), 2, 'all jobs');
  await page.getByRole('button', { name: 'Running' }).click();
  await page.waitForURL(/state=leased/);
  await becomes(() => rows(page), 1, 'running jobs');
  await page.getByRole('button', { name: 'Retention sweep' }).click();
  const panel = page.getByRole('complementary', { name: 'Job' });
  await panel.waitFor();
  equal(await panel.getByRole('button', { name: /job$|job…$/ }).count(), 0, 'acts on a running job');
  await page.reload();
  await panel.waitFor();
  await page.keyboard.press('Escape');
  await panel.waitFor({ state: 'detached' });
  await page.keyboard.press('f');
  await page.waitForURL(/state=dead/);
  await page.getByText('No job has failed for good.').waitFor();
  await page.getByRole('button', { name: 'All jobs' }).click();
  await until('all jobs again', async () => (await rows(page)) === 2);
});
