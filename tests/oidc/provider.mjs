// A certified OpenID provider (npm oidc-provider) on a free port of this machine, with accounts that need no password.
import { createServer } from 'node:http';
import { generateKeyPairSync } from 'node:crypto';
import Provider from 'oidc-provider';

export const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'];
export const redirectUrl = 'http://127.0.0.1/api/v1/auth/oidc/callback';

const accounts = {
  alice: { preferred_username: 'alice', name: 'Alice Miller', email: 'alice@corp.example', email_verified: true, groups: ['soc'] },
  root: { preferred_username: 'root', email: 'root@corp.example', email_verified: false, groups: ['soc', 'soc-admins'] },
  guest: { preferred_username: 'guest', groups: ['visitors'] },
};

function keyPair(kind, options) {
  return generateKeyPairSync(kind, options).privateKey.export({ format: 'jwk' });
}

export function freshKeys() {
  return {
    keys: [
      { ...keyPair('rsa', { modulusLength: 2048 }), use: 'sig' },
      { ...keyPair('ec', { namedCurve: 'P-256' }), use: 'sig' },
      { ...keyPair('ed25519'), use: 'sig' },
    ],
  };
}

function makeClient(id, redirectUrls, extra) {
  return { client_id: id, client_secret: `${id}/secret:of-enough-length`, redirect_uris: redirectUrls, grant_types: ['authorization_code'], response_types: ['code'], ...extra };
}

export function makeProvider(issuer, keys, claimsInIdToken, redirectUrls) {
  const client = (id, extra) => makeClient(id, redirectUrls, extra);
  const clients = algorithms.map((alg) => client(alg, { id_token_signed_response_alg: alg }));
  clients.push(client('post', { token_endpoint_auth_method: 'client_secret_post' }));
  clients.push({ ...client('public', { token_endpoint_auth_method: 'none' }), client_secret: undefined });
  return new Provider(issuer, {
    clients,
    jwks: keys,
    cookies: { keys: ['of a test'] },
    conformIdTokenClaims: !claimsInIdToken,
    enabledJWA: { idTokenSigningAlgValues: algorithms },
    claims: { openid: ['sub'], profile: ['preferred_username', 'name', 'groups'], email: ['email', 'email_verified'] },
    pkce: { required: () => true },
    findAccount: (_, id) => (accounts[id] ? { accountId: id, claims: () => ({ sub: id, ...accounts[id] }) } : undefined),
  });
}

// One address whose provider can be replaced, as after a change of its keys.

export async function startProvider() {
  const running = {};
  const server = createServer((request, response) => running.provider.callback()(request, response));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  running.issuer = `http://127.0.0.1:${server.address().port}`;
  running.replace = (keys, claimsInIdToken = true, redirectUrls = [redirectUrl]) => {
    running.provider = makeProvider(running.issuer, keys, claimsInIdToken, redirectUrls);
  };
  running.stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return running;
}
