// Signing in and out: passwords, the second factor, sessions that end elsewhere.
import { becomes, check, equal, shot, test, until } from './harness.mjs';
import { addPerson, admin, asAdmin, callerOf, codeOf, live, openAs, signIn } from './people.mjs';

const signedOut = (page) => page.getByRole('heading', { name: 'Sign in to Tocsin' }).waitFor();

// Until it is answered: what is said before is of the try before, and the form takes no other.
async function trySignIn(page, person) {
  const answer = page.waitForResponse('**/api/v1/session/sign-in');
  await signIn(page, person);
  await answer;
  await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
}

test('a wrong password is refused like a wrong name, the right one leads on to the page asked for', async (open) => {
  await asAdmin();
  const page = await open('/sources?only=faults');
  await signedOut(page);
  await shot(page, 'sign-in');
  const fault = page.getByRole('alert').filter({ hasText: 'Name or password is not right.' });
  await trySignIn(page, { ...admin, password: 'not the password at all' });
  await fault.waitFor();
  await trySignIn(page, { login: 'nobody-of-this-name', password: admin.password });
  await fault.waitFor();
  equal(await page.getByRole('navigation', { name: 'Pages' }).count(), 0, 'pages before the sign-in');
  await signIn(page, admin);
  await page.getByRole('heading', { name: 'Sources' }).waitFor();
  check(page.url().endsWith('/sources?only=faults'), `led to ${page.url()}`);
  const cookies = await page.context().cookies();
  const session = cookies.find(({ name }) => name === '__Host-tocsin');
  equal(
    [session?.httpOnly, session?.secure, session?.sameSite, session?.path],
    [true, true, 'Strict', '/'],
    'the session cookie',
  );
  equal(await page.evaluate(() => document.cookie), '', 'what scripts see of cookies');
});

test('a password that somebody else made must be changed first', async (open) => {
  const call = await asAdmin();
  const person = await addPerson('analyst');
  const { password } = await call('PATCH', `/api/v1/people/${person.id}`, { reset_password: true });
  const page = await open('/queue');
  await signIn(page, { login: person.login, password });
  await page.getByRole('heading', { name: 'Choose a password of your own' }).waitFor();
  const change = async (current, fresh) => {
    await page.getByLabel('Present password').fill(current);
    await page.getByLabel('New password').fill(fresh);
    await page.keyboard.press('Enter');
  };
  await change(password, 'short');
  await page
    .getByText(/at least 12|12 characters/i)
    .first()
    .waitFor();
  await change('not the present one', 'long enough and not known');
  await page.getByText('The password is not right.').waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Choose a password of your own' }).waitFor();
  await change(password, 'long enough and not known');
  await page.getByRole('heading', { name: 'Queue' }).waitFor();
  const refused = await callerOf({ login: person.login, password }).catch((error) => String(error));
  check(/401/.test(refused), 'the given password still signs in');
});

test('an authenticator is set up, asked for, and replaced once by a recovery code', async (open) => {
  const person = await addPerson('analyst');
  const page = await openAs(open, person, '/account');
  await page.getByRole('button', { name: 'Set up an authenticator' }).click();
  const picture = page.getByRole('img', { name: /QR code/ });
  await picture.waitFor();
  check((await picture.locator('path').getAttribute('d')).length > 2000, 'the QR code is empty');
  const secret = await page.locator('[data-secret]').textContent();
  await shot(page, 'account-second-factor');
  const confirm = async (code) => {
    await page.getByLabel('Code', { exact: true }).fill(code);
    await page.getByLabel('Your password').fill(person.password);
    await page.keyboard.press('Enter');
  };
  await confirm('000000');
  await page.getByText('The code is not right.').waitFor();
  await confirm(codeOf(secret));
  const dialog = page.getByRole('dialog', { name: 'Recovery codes' });
  await dialog.waitFor();
  const codes = await dialog.getByRole('listitem').allTextContents();
  equal(new Set(codes).size, 10, 'recovery codes');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await dialog.getByRole('button', { name: 'I have kept them' }).click();
  await page.getByText('It is on: each sign-in asks for a code').waitFor();
  await page.reload();
  await page.getByText('It is on: each sign-in asks for a code').waitFor();
  check(!(await page.content()).includes(codes[0]), 'recovery codes are shown again');

  const withCode = async (code) => {
    await page.getByRole('button', { name: 'Sign out' }).first().click();
    await signedOut(page);
    await signIn(page, person);
    await page.getByLabel('Code', { exact: true }).fill(code);
    await page.keyboard.press('Enter');
  };
  const isIn = () => page.getByRole('navigation', { name: 'Pages' }).waitFor();
  await withCode(codeOf(secret, 1));
  await isIn();
  await withCode(codes[3]);
  await isIn();
  await withCode(codes[3]);
  await page.getByRole('alert').filter({ hasText: 'not right, or was used before' }).waitFor();
  await page.getByLabel('Code', { exact: true }).fill(codes[4]);
  await page.keyboard.press('Enter');
  await isIn();

  await page.goto(new URL('/account', page.url()).href);
  await page.getByRole('button', { name: 'Turn off…' }).click();
  const off = page.getByRole('dialog', { name: 'Turn off the second factor' });
  await off.getByLabel('Your password').fill('not the password');
  await page.keyboard.press('Enter');
  await off.getByText('The password is not right.').waitFor();
  await off.getByLabel('Your password').fill(person.password);
  await page.keyboard.press('Enter');
  await page.getByText('It is off: the password alone').waitFor();
});

test('who signs out is out, also by the back button', async (open) => {
  const person = await addPerson('analyst');
  const page = await openAs(open, person);
  const [cookie] = await page.context().cookies();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await signedOut(page);
  equal(await page.context().cookies(), [], 'cookies afterwards');
  await page.goBack();
  await signedOut(page);
  await page.context().addCookies([cookie]);
  await page.reload();
  await signedOut(page);
});

test('a session that is ended elsewhere loses its feed and shows the sign-in', async (open) => {
  const person = await addPerson('analyst');
  const page = await open('/queue');
  const sockets = [];
  page.on('websocket', (socket) => {
    const one = { closed: 0 };
    sockets.push(one);
    socket.on('close', () => (one.closed = Date.now()));
  });
  await signIn(page, person);
  await live(page);
  const other = await openAs(open, person, '/account');
  await becomes(() => other.getByRole('button', { name: /^End session/ }).count(), 1, 'other sessions');
  await shot(other, 'account');
  const began = Date.now();
  await other.getByRole('button', { name: /^End session/ }).click();
  await other.getByText('The session is ended.').waitFor();
  await signedOut(page);
  const shown = Date.now() - began;
  await until('the feed is closed', () => sockets[0].closed > 0);
  console.log(`     feed closed after ${sockets[0].closed - began} ms, sign-in shown after ${shown} ms`);
  check(page.url().includes('next=%2Fqueue'), 'it does not lead back');
  await other.getByText('this one').waitFor();
});

test('signing out everywhere ends all sessions, changing the password all others', async (open) => {
  const person = await addPerson('analyst');
  const one = await openAs(open, person);
  const two = await openAs(open, person, '/account');
  await two.getByLabel('Present password').fill(person.password);
  await two.getByLabel('New password').fill(`${person.password} anew`);
  await two.keyboard.press('Enter');
  await two.getByText('The password is changed. All other sessions are ended.').waitFor();
  await signedOut(one);
  await signIn(one, { ...person, password: `${person.password} anew` });
  await live(one);
  await two.getByRole('button', { name: 'Sign out everywhere…' }).click();
  await two.waitForURL(/do=sign-out/);
  await two.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere' }).click();
  await signedOut(two);
  await signedOut(one);
});

test('too many wrong passwords are told to wait', async (open) => {
  const person = await addPerson('viewer');
  const page = await open('/queue');
  const tries = async () => {
    await trySignIn(page, { login: person.login, password: `wrong ${Math.random()}` });
    const fault = page.getByRole('alert').filter({ hasText: /\S/ });
    return /wrong tries.*Try again in \d+ seconds/.test(await fault.textContent());
  };
  await until('the wait is said', tries, 120_000);
});
