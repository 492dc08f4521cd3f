// A very small test harness around a real browser and a real server. Nothing here sleeps: every wait is for a condition.
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const require = createRequire(import.meta.url);
export const axeSource = require('axe-core').source;

export const base = (process.env.BASE_URL ?? 'http://127.0.0.1:8000').replace(/\/$/, '');
export const shotFolder = process.argv.includes('--screenshots')
  ? fileURLToPath(new URL('../../docs/screenshots/', import.meta.url))
  : null;
if (shotFolder) mkdirSync(shotFolder, { recursive: true });

const tests = [];

export function test(name, run) {
  tests.push({ name, run });
}

export function check(condition, message) {
  if (!condition) throw new Error(message);
}

export function equal(actual, expected, what) {
  const [a, e] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== e) throw new Error(`${what}: ${a}, expected ${e}`);
}

// Asks until the answer is truthy.
export async function until(what, ask, withinMs = 15_000) {
  const end = Date.now() + withinMs;
  for (let last; ;) {
    last = await ask();
    if (last) return last;
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

// What a page shows follows an action when the browser gets to it: asks until the answer is the expected one.
export async function becomes(ask, expected, what, withinMs = 15_000) {
  const wanted = JSON.stringify(expected);
  let last;
  const agrees = async () => (last = JSON.stringify(await ask())) === wanted;
  await until(what, agrees, withinMs).catch(() => {
    throw new Error(`${what}: ${last}, expected ${wanted}`);
  });
}

export async function api(path, options = {}) {
  const { json, ...rest } = options;
  const response = await fetch(base + path, {
    ...rest,
    headers: {
      Accept: 'application/json',
      ...(json ? { 'Content-Type': 'application/json' } : {}),
      ...rest.headers,
    },
    ...(json ? { body: JSON.stringify(json) } : {}),
  });
  if (!response.ok)
    throw new Error(`${options.method ?? 'GET'} ${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

function launch() {
  const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      ...root,
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

// A page that keeps what went wrong on it: errors, refused content, foreign hosts other than its `friends`.
// `prepare` gets the page before it goes anywhere.
export async function openPage(browser, path, { prepare, friends = [], ...options } = {}) {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    colorScheme: 'dark',
    ...options,
  });
  const page = await context.newPage();
  page.wrongs = [];
  page.setDefaultTimeout(15_000);
  page.on('pageerror', (error) => page.wrongs.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (/Content Security Policy|Trusted ?Type/i.test(message.text()))
      page.wrongs.push(`policy: ${message.text()}`);
  });
  page.on('request', (request) => {
    if (![base, 'data:', ...friends].some((start) => request.url().startsWith(start)))
      page.wrongs.push(`foreign: ${request.url()}`);
  });
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(`Content Security Policy violated: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  await prepare?.(page);
  await page.goto(base + path);
  return page;
}

export async function shot(page, name) {
  if (shotFolder) await page.screenshot({ path: `${shotFolder}${name}.png` });
}

export async function runAll() {
  const browser = await launch();
  const only = process.env.ONLY;
  let passed = 0;
  let failed = 0;
  for (const { name, run } of tests.filter((one) => !only || one.name.includes(only))) {
    const pages = [];
    const open = async (path, options) => {
      const page = await openPage(browser, path, options);
      pages.push(page);
      return page;
    };
    try {
      await run(open);
      const wrongs = pages.flatMap((page) => page.wrongs);
      check(wrongs.length === 0, wrongs.join('\n'));
      passed += 1;
      console.log(`ok   ${name}`);
    } catch (error) {
      failed += 1;
      console.log(
        `FAIL ${name}\n     ${String(error.stack ?? error)
          .split('\n')
          .slice(0, 6)
          .join('\n     ')}`,
      );
      if (process.env.KEEP_SHOTS)
        await pages.at(-1)?.screenshot({
          path: `${process.env.KEEP_SHOTS}/fail-${failed}.png`,
        });
    }
    for (const page of pages) await page.context().close();
  }
  await browser.close();
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
}
