// People of a server that is signed in to: the admin that the command line made, and whom the admin adds.
import { createHmac } from 'node:crypto';
import { base } from './harness.mjs';

export const admin = {
  login: 'admin',
  password: 'correct horse battery staple 7',
};
const word = Date.now().toString(36);
let number = 0;

// Sign-in over HTTP; answers a function that calls the API as that person.
export async function callerOf({ login, password }, headers = {}, tenant = 'default') {
  const answer = await fetch(`${base}/api/v1/session/sign-in`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: base, ...headers },
    body: JSON.stringify({ login, password }),
  });
  if (!answer.ok) throw new Error(`sign-in of ${login}: ${answer.status} ${await answer.text()}`);
  const cookie = answer.headers.getSetCookie()[0].split(';')[0];
  return (...request) => ask(`${cookie}; tocsin_tenant=${tenant}`, ...request);
}

// A text goes as it is, under its type; anything else as JSON. A status among `refusals` answers undefined.
async function ask(cookie, method, path, body, type = 'application/json', refusals = []) {
  const response = await fetch(base + path, {
    method,
    headers: {
      Cookie: cookie,
      Origin: base,
      Accept: 'application/json',
      ...(body === undefined ? {} : { 'Content-Type': type }),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  if (response.status === 429) {
    const seconds = Number(response.headers.get('Retry-After') ?? 1);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    return ask(cookie, method, path, body, type, refusals);
  }
  if (refusals.includes(response.status)) return undefined;
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  const text = await response.text();
  return response.headers.get('Content-Type')?.includes('json') ? JSON.parse(text) : text;
}

// The admin, with a password of their own, once for all tests of a run.
let known = null;
export function asAdmin() {
  known ??= (async () => {
    const given = process.env.ADMIN_PASSWORD;
    const call = await callerOf({ login: admin.login, password: given });
    await call('PUT', '/api/v1/me/password', {
      current: given,
      new: admin.password,
    });
    return call;
  })();
  return known;
}

// Somebody with a password of their own, who need not change it.
export async function addPerson(role, more = {}) {
  const call = await asAdmin();
  number += 1;
  const login = `${role}-${word}-${number}`;
  const password = `a passphrase of ${login}`;
  const person = await call('POST', '/api/v1/people', {
    login,
    password,
    grants: [{ role }],
    ...more,
  });
  return { ...person, login, password };
}

export async function signIn(page, { login, password }) {
  await asAdmin(); // whose change of the password would end the sessions of before
  await page.getByLabel('Name').fill(login);
  await page.getByLabel('Password').fill(password);
  await page.keyboard.press('Enter');
}

// A page of somebody who is signed in, at `path`.
export async function openAs(open, person, path = '/queue', options = {}) {
  const page = await open(path, options);
  await signIn(page, person);
  await page.getByRole('navigation', { name: 'Pages' }).waitFor();
  return page;
}

// RFC 6238: six digits, SHA-1, 30 seconds. `ahead`: steps from now on, since each code counts once.
export function codeOf(base32, ahead = 0) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...base32.replace(/[\s=]/g, '')]
    .map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  const bytes = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead));
  const hash = createHmac('sha1', bytes).update(step).digest();
  const at = hash[19] & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

export const live = (page) => page.getByRole('status').filter({ hasText: /Live$/ }).waitFor();
