// What an attacker or a careless tool writes: long, in many lines, full of quotes. It stays in its place and can be followed.
import { api, check, equal, test, until } from './harness.mjs';
import { makeIncident, sendAlert, word } from './seed.mjs';

const longHost = `${word}-${'h'.repeat(300 - word.length - 1)}`;
let hostile = null;
const hostileCase = async () =>
  (hostile ??= await makeIncident({
    alert_type: 'malware',
    title: `${word} Invoice \u202Egpj.exe <script>alert(1)</script> ${'longword'.repeat(30)}`,
    host: longHost,
    user: '<img src=x onerror=alert(1)>',
    ip: '198.51.100.9',
  }));

// Foreign text that is painted beyond the part of the page that it stands in; what is cut off on purpose is not painted.
const strays = (page) =>
  page.evaluate(() => {
    const isCut = (element) =>
      !element.matches('main') &&
      (['hidden', 'clip'].includes(getComputedStyle(element).overflowX) || isCut(element.parentElement));
    const place = (element) => element.closest('li, td, p, h1, div').parentElement;
    return [...document.querySelectorAll('main bdi')]
      .filter((element) => !isCut(element))
      .filter(
        (element) => element.getBoundingClientRect().right > place(element).getBoundingClientRect().right + 1,
      )
      .map((element) => element.textContent.slice(0, 60));
  });

for (const width of [1440, 390])
  test(`a host name of 300 characters stays in its column at ${width} px`, async (open) => {
    const { id, alert } = await hostileCase();
    const page = await open(`/incidents/${id}`, { viewport: { width, height: 900 } });
    await page.getByRole('heading', { name: 'Next steps' }).waitFor();
    check((await page.locator('main bdi').count()) > 5, 'no foreign text is shown');
    equal(await strays(page), [], 'incident page');
    await page.goto(new URL(`/alerts/${alert}`, page.url()).href);
    await page.getByRole('heading', { name: 'Who and where' }).waitFor();
    equal(await strays(page), [], 'alert page');
  });

test('on a phone the words of an entity are not torn apart', async (open) => {
  const { id } = await hostileCase();
  const page = await open(`/incidents/${id}/entities`, { viewport: { width: 390, height: 844 } });
  const role = page.getByRole('cell', { name: 'Target', exact: true }).first();
  await role.waitFor();
  const lines = await role.evaluate((cell) => {
    const range = document.createRange();
    range.selectNodeContents(cell);
    return range.getClientRects().length;
  });
  equal(lines, 1, 'lines of the role');
  const value = await page.getByRole('cell', { name: '<img src=x' }).boundingBox();
  check(value.width > 200, `the value has only ${value.width} px`);
});

test('on a phone the reason for a review is whole', async (open) => {
  const { id } = await hostileCase();
  const page = await open(`/incidents/${id}`, { viewport: { width: 390, height: 844 } });
  const reason = page.getByText(/^Needs review:/);
  await reason.waitFor();
  check(await reason.evaluate((line) => line.scrollWidth <= line.clientWidth), 'it is cut off');
});

test('an entity with quotes and backslashes leads to its alerts', async (open) => {
  const user = `\\\\CORP\\"${word}" ana`;
  const { id } = await sendAlert({ user });
  const page = await open(`/alerts/${id}`);
  await page.getByRole('row', { name: /CORP/ }).getByRole('link', { name: 'Alerts with it' }).click();
  await page.getByRole('heading', { name: 'Queue' }).waitFor();
  await page.locator(`#row-${id}`).waitFor();
});

test('a message keeps its lines', async (open) => {
  const { id } = await sendAlert({ message: 'first line\nsecond line\u0007' });
  const page = await open(`/alerts/${id}`);
  const message = page.locator('main p bdi', { hasText: 'second line' });
  await message.waitFor();
  equal(await message.innerText(), 'first line\nsecond line⟦U+0007⟧', 'text');
});

test('what a field hints at can be read', async (open) => {
  for (const colorScheme of ['dark', 'light']) {
    const page = await open('/enrichment/assets', { colorScheme });
    await page.getByRole('searchbox').waitFor();
    const [hint, quiet] = await page.evaluate(() => {
      const probe = document.body.appendChild(document.createElement('i'));
      probe.className = 'muted';
      return [
        getComputedStyle(document.querySelector('input[type=search]'), '::placeholder').color,
        getComputedStyle(probe).color,
      ];
    });
    equal(hint, quiet, `colour of the hint, ${colorScheme}`);
  }
});

test('an empty list says how many open rows its query hides', async (open) => {
  await sendAlert();
  const page = await open(`/queue?list=alerts&q=${encodeURIComponent(`host:${word}-nowhere`)}`);
  const open_rows = async () => (await api('/api/v1/alerts?q=status:open&limit=1')).total;
  await until('the number', async () => {
    const told = (await page.locator('main').innerText()).match(/([\d,]+)\+? open alerts? (is|are) hidden/);
    return told && Number(told[1].replaceAll(',', '')) === Number.parseInt(await open_rows(), 10);
  });
});
