// The server itself, in a data directory of its own, on a free port of this machine.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

async function freePort() {
  const probe = createServer();
  await new Promise((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function untilReady(url, child) {
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline && child.exitCode === null) {
    const answer = await fetch(`${url}/health`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the server did not start');
}

// `settingsOf` gives the settings file for the port.
export async function startServer(program, settingsOf, secret) {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-oidc-'));
  const port = await freePort();
  const secretFile = join(folder, 'client-secret');
  writeFileSync(secretFile, `${secret}\n`, { mode: 0o600 });
  writeFileSync(join(folder, 'tocsin.toml'), settingsOf(port, secretFile));
  const child = spawn(program, ['serve', '--config', join(folder, 'tocsin.toml'), '--listen', `127.0.0.1:${port}`, '--data', join(folder, 'data')], { stdio: ['ignore', 'ignore', 'inherit'] });
  const url = `http://127.0.0.1:${port}`;
  await untilReady(url, child);
  return {
    url,
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
