// Signs in through a real OpenID provider with the program's own client (oidc_signin), and tries what must not work.
// The last line is `N passed, N failed`.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import assert from 'node:assert/strict';
import { signInAt } from './browser.mjs';
import { algorithms, freshKeys, redirectUrl, startProvider } from './provider.mjs';
import { startServer } from './server.mjs';

const serverProgram = process.argv[3] ?? new URL('../../build/release/tocsin', import.meta.url).pathname;
const program = process.argv[2] ?? new URL('../../build/release/tests/oidc_signin', import.meta.url).pathname;
const provider = await startProvider();
provider.replace(freshKeys());

const started = [];
function relyingParty(clientId, { secret = `${clientId}/secret:of-enough-length`, userinfo = false } = {}) {
  const child = spawn(program, [provider.issuer, clientId, secret, redirectUrl, ...(userinfo ? ['userinfo'] : [])], { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  started.push(child);
  const step = async (...words) => {
    child.stdin.write(`${words.map((word) => word || '-').join(' ')}\n`);
    const { value, done } = await answers.next();
    if (done) throw new Error('the program ended');
    return JSON.parse(value);
  };
  return {
    begin: () => step('begin'),
    finish: (callback, cookie) => step('finish', callback.code, callback.state, callback.iss, cookie),
    advance: (seconds) => step('advance', String(seconds)),
  };
}

async function signIn(party, account) {
  const start = await party.begin();
  assert.ok(start.url, JSON.stringify(start));
  return party.finish(await signInAt(start.url, account, redirectUrl), start.cookie);
}

const results = { passed: 0, failed: 0 };
async function test(name, body) {
  try {
    await body();
    results.passed += 1;
    console.log(`ok ${name}`);
  } catch (problem) {
    results.failed += 1;
    console.log(`FAIL ${name}: ${problem.message.replaceAll('\n', '\n    ')}`);
  }
}

for (const alg of algorithms) {
  await test(`an ID token signed with ${alg} signs in`, async () => {
    const who = await signIn(relyingParty(alg), 'alice');
    assert.deepEqual(who, { subject: 'alice', username: 'alice', email: 'alice@corp.example', role: 'analyst', return_to: '/incidents' });
  });
}

await test('a client with its secret in the form, and one without a secret, sign in', async () => {
  assert.equal((await signIn(relyingParty('post'), 'alice')).role, 'analyst');
  assert.equal((await signIn(relyingParty('public', { secret: '' }), 'alice')).role, 'analyst');
});

await test('the strongest group decides; an unverified address is not taken', async () => {
  const who = await signIn(relyingParty('ES256'), 'root');
  assert.equal(who.role, 'admin');
  assert.equal(who.email, '');
});

await test('who has no mapped group gets no access', async () => {
  assert.equal((await signIn(relyingParty('ES256'), 'guest')).kind, 'forbidden');
});

await test('a wrong client secret signs nobody in', async () => {
  assert.equal((await signIn(relyingParty('RS256', { secret: 'wrong' }), 'alice')).kind, 'forbidden');
});

await test('a code counts once', async () => {
  const party = relyingParty('RS256');
  const start = await party.begin();
  const callback = await signInAt(start.url, 'alice', redirectUrl);
  assert.equal((await party.finish(callback, start.cookie)).subject, 'alice');
  assert.equal((await party.finish(callback, start.cookie)).kind, 'forbidden');
});

await test('a callback in the browser of another sign-in is refused', async () => {
  const party = relyingParty('RS256');
  const [mine, other] = [await party.begin(), await party.begin()];
  const callback = await signInAt(mine.url, 'alice', redirectUrl);
  assert.equal((await party.finish(callback, other.cookie)).kind, 'forbidden');
  assert.equal((await party.finish({ ...callback, state: new URL(other.url).searchParams.get('state') }, other.cookie)).kind, 'forbidden');
});

await test('another issuer in the callback is refused', async () => {
  const party = relyingParty('RS256');
  const start = await party.begin();
  const callback = await signInAt(start.url, 'alice', redirectUrl);
  assert.equal(callback.iss, provider.issuer);
  assert.equal((await party.finish({ ...callback, iss: 'https://evil.example' }, start.cookie)).kind, 'forbidden');
  assert.equal((await party.finish({ ...callback, iss: '' }, start.cookie)).kind, 'forbidden');
});

await test('groups that only userinfo tells are found there', async () => {
  provider.replace(freshKeys(), false);
  assert.equal((await signIn(relyingParty('RS256'), 'alice')).kind, 'forbidden');
  assert.equal((await signIn(relyingParty('RS256', { userinfo: true }), 'alice')).role, 'analyst');
  provider.replace(freshKeys());
});

await test('changed keys are found a minute later', async () => {
  const party = relyingParty('ES256');
  assert.equal((await signIn(party, 'alice')).subject, 'alice');
  provider.replace(freshKeys());
  assert.equal((await signIn(party, 'alice')).kind, 'forbidden', 'the keys were asked for a moment ago');
  await party.advance(61);
  assert.equal((await signIn(party, 'alice')).subject, 'alice');
});

// ---- the same through the server's own pages

function settings(port, secretFile) {
  return `
[outbound]
allow = ["127.0.0.1"]
allow_http = true
[auth.oidc]
issuer = "${provider.issuer}"
client_id = "ES256"
client_secret_file = "${secretFile}"
redirect_url = "http://127.0.0.1:${port}/api/v1/auth/oidc/callback"
[auth.oidc.roles]
admin = ["soc-admins"]
analyst = ["soc"]
`;
}

function cookieOf(response, name) {
  return response.headers.getSetCookie().find((line) => line.startsWith(`${name}=`))?.split(';')[0];
}

async function signInAtServer(server, account) {
  const callbackUrl = `${server.url}/api/v1/auth/oidc/callback`;
  const start = await fetch(`${server.url}/api/v1/auth/oidc/start?next=/incidents`, { redirect: 'manual' });
  assert.equal(start.status, 303, await start.text());
  const callback = await signInAt(start.headers.get('location'), account, callbackUrl);
  const answer = await fetch(`${callbackUrl}?${new URLSearchParams(callback)}`, { headers: { cookie: cookieOf(start, '__Host-tocsin-oidc') }, redirect: 'manual' });
  return { status: answer.status, session: cookieOf(answer, '__Host-tocsin'), page: await answer.text() };
}

const server = await startServer(serverProgram, settings, 'ES256/secret:of-enough-length');
provider.replace(freshKeys(), true, [`${server.url}/api/v1/auth/oidc/callback`]);

await test('the server lets nobody in before there is an admin', async () => {
  const alice = await signInAtServer(server, 'alice');
  assert.equal(alice.status, 403);
  assert.equal(alice.session, undefined);
});

await test('an admin of the provider ends the open mode, and others get their role', async () => {
  const root = await signInAtServer(server, 'root');
  assert.equal(root.status, 200, root.page);
  assert.match(root.page, /url=\/incidents"/);
  assert.equal((await fetch(`${server.url}/api/v1/alerts`)).status, 401);
  const alice = await signInAtServer(server, 'alice');
  const me = await (await fetch(`${server.url}/api/v1/session`, { headers: { cookie: alice.session } })).json();
  assert.deepEqual([me.signed_in, me.login, me.role], [true, 'alice', 'analyst']);
  assert.equal((await fetch(`${server.url}/api/v1/alerts`, { headers: { cookie: alice.session } })).status, 200);
  assert.equal((await fetch(`${server.url}/api/v1/people`, { headers: { cookie: alice.session } })).status, 403);
});

await server.stop();

for (const child of started) child.stdin.end();
provider.stop();
console.log(`${results.passed} passed, ${results.failed} failed`);
process.exit(results.failed === 0 && results.passed > 0 ? 0 : 1);
