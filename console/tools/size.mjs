// Fails the build when the first load would be too big, or when a built file names a foreign host.
import { readFileSync, readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const limitBytes = 250_000;
const dist = new URL('../dist/', import.meta.url);
const html = readFileSync(new URL('index.html', dist), 'utf8');
const firstLoad = ['index.html', ...[...html.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map((m) => m[1])];
const bytes = firstLoad.reduce((sum, name) => sum + gzipSync(readFileSync(new URL(name, dist))).length, 0);

// Names that libraries carry in messages and XML namespaces; nothing is fetched from them.
const harmless =
  /^(www\.w3\.org|react\.dev|reactrouter\.com|localhost|github\.com|tanstack\.com|mui\.com|attack\.mitre\.org)$/;
const foreign = readdirSync(new URL('assets/', dist)).flatMap((name) =>
  [...readFileSync(new URL(`assets/${name}`, dist), 'latin1').matchAll(/https?:\/\/([a-z0-9.-]+)/gi)]
    .map((match) => match[1])
    .filter((host) => !harmless.test(host))
    .map((host) => `${name}: ${host}`),
);

process.stdout.write(`first load ${(bytes / 1000).toFixed(1)} kB gzip of at most ${limitBytes / 1000} kB\n`);
if (bytes > limitBytes) process.exitCode = 1;
if (foreign.length > 0) {
  process.stderr.write(`foreign hosts in the build:\n${[...new Set(foreign)].join('\n')}\n`);
  process.exitCode = 1;
}
