// Runs the browser tests of the sign-in through an OpenID provider, with a provider and a server of their own:
// TOCSIN_BIN=build/release/tocsin node tests/e2e/run_oidc.mjs
import { fileURLToPath } from 'node:url';
import { freshKeys, startProvider } from '../oidc/provider.mjs';
import { startServer } from '../oidc/server.mjs';

const program =
  process.env.TOCSIN_BIN ?? fileURLToPath(new URL('../../build/release/tocsin', import.meta.url));
const provider = await startProvider();
// A browser keeps a Secure cookie of plain HTTP for localhost only.
const addressOf = (port) => `http://localhost:${port}`;
const callback = '/api/v1/auth/oidc/callback';
const settings = (port, secretFile) => `
[outbound]
allow = ["127.0.0.1"]
allow_http = true
[auth.oidc]
issuer = "${provider.issuer}"
client_id = "ES256"
client_secret_file = "${secretFile}"
redirect_url = "${addressOf(port)}${callback}"
[auth.oidc.roles]
admin = ["soc-admins"]
analyst = ["soc"]
`;
const server = await startServer(program, settings, 'ES256/secret:of-enough-length');
process.env.BASE_URL = addressOf(new URL(server.url).port);
process.env.OIDC_ISSUER = provider.issuer;
provider.replace(freshKeys(), true, [`${process.env.BASE_URL}${callback}`]);

// They read where the server is when they are loaded.
const { runAll } = await import('./harness.mjs');
await import('./oidc_sign_in.mjs');
try {
  await runAll();
} finally {
  await server.stop();
  provider.stop();
}
