// Signing in at an OpenID provider (npm oidc-provider, with accounts that need no password), by its button.
import { becomes, check, equal, shot, test } from './harness.mjs';
import { faults, fitsSideways } from './looks.mjs';

const issuer = process.env.OIDC_ISSUER;
// The provider's own page asks for a font elsewhere; nothing leaves this machine.
const friends = [issuer, 'https://fonts.googleapis.com/'];
const options = (more = {}) => ({
  friends,
  prepare: (page) => page.route('https://fonts.googleapis.com/**', (route) => route.abort()),
  ...more,
});

const button = (page) => page.getByRole('link', { name: /^Sign in with / });
const isIn = (page) => page.getByRole('navigation', { name: 'Pages' }).waitFor();

async function atProvider(page, account) {
  await page.waitForURL(`${issuer}/**`);
  await page.locator('input[name=login]').fill(account);
  await page.locator('input[name=password]').fill('any');
  await page.getByRole('button', { name: 'Sign-in' }).click();
}

async function signInAs(page, account) {
  await atProvider(page, account);
  await page.getByRole('button', { name: 'Continue' }).click();
}

// Nobody has to sign in, and so nobody sees a button, until somebody of the admins' group did.
let ended = null;
const endOpenMode = (open) =>
  (ended ??= (async () => {
    const page = await open('/api/v1/auth/oidc/start?next=/queue', options());
    await signInAs(page, 'root');
    await isIn(page);
  })());

test('the button leads to the provider and back to the page that was asked for, signed in', async (open) => {
  await endOpenMode(open);
  const page = await open('/sources?only=faults', options());
  await button(page).waitFor();
  equal(await faults(page), [], 'the sign-in page with a provider');
  await shot(page, 'sign-in-provider');
  await button(page).click();
  await signInAs(page, 'alice');
  await page.getByRole('heading', { name: 'Sources', level: 1 }).waitFor();
  check(page.url().endsWith('/sources?only=faults'), `led to ${page.url()}`);
  await page.goto(new URL('/account', page.url()).href);
  const who = page.getByRole('region', { name: 'Who' });
  await who.getByText('Alice Miller').waitFor();
  await who.getByText('analyst').waitFor();
  const cookies = (await page.context().cookies(page.url())).map(({ name }) => name);
  equal(cookies, ['__Host-tocsin'], 'cookies that are left');
  await page.getByRole('button', { name: 'Sign out', exact: true }).first().click();
  await button(page).waitFor();
});

test('who is in none of the groups is told so, and has a way back', async (open) => {
  await endOpenMode(open);
  const page = await open('/queue', options({ viewport: { width: 390, height: 844 } }));
  await button(page).click();
  await signInAs(page, 'guest');
  await page.getByRole('heading', { name: 'You are not signed in' }).waitFor();
  await page.getByText('None of your groups has access. Ask your administrator').waitFor();
  equal(await faults(page), [], 'the refusal');
  await fitsSideways(page, 'the refusal');
  await shot(page, 'sign-in-refused');
  equal(
    (await page.context().cookies(page.url())).filter(({ name }) => name.startsWith('__Host-')),
    [],
    'cookies of a refused sign-in',
  );
  await page.getByRole('link', { name: 'Back to the sign-in' }).click();
  await button(page).waitFor();
});

test('who turns back at the provider is told so', async (open) => {
  await endOpenMode(open);
  const page = await open('/queue', options());
  await button(page).click();
  await page.waitForURL(`${issuer}/**`);
  await page.getByRole('link', { name: /Cancel/ }).click();
  await page.getByRole('heading', { name: 'You are not signed in' }).waitFor();
  await page.getByRole('link', { name: 'Back to the sign-in' }).click();
  await button(page).waitFor();
});

test('an answer of the provider counts once, and in the browser that asked only', async (open) => {
  await endOpenMode(open);
  const page = await open('/queue', options());
  let callback = '';
  page.on('request', (request) => {
    if (request.url().includes('/auth/oidc/callback?')) callback = request.url();
  });
  await button(page).click();
  await signInAs(page, 'alice');
  await isIn(page);
  await becomes(async () => callback !== '', true, 'the answer was seen');
  const other = await open(callback.replace(/^https?:\/\/[^/]+/, ''), options());
  await other.getByRole('heading', { name: 'You are not signed in' }).waitFor();
  await page.goto(callback);
  await page.getByRole('heading', { name: 'You are not signed in' }).waitFor();
});
