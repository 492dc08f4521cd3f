// What the webhooks of a source must prove: a secret is made, shown once, counted on, changed and taken away.
import { createHmac, randomUUID } from 'node:crypto';
import { api, base, becomes, check, equal, shot, test } from './harness.mjs';
import { faults, fitsSideways } from './looks.mjs';
import { word } from './seed.mjs';

const hook = `${base}/api/v1/webhooks/falco`;
let number = 0;
const alert = () =>
  JSON.stringify({
    output: `${word} shell ${++number} in a container`,
    priority: 'Warning',
    rule: 'Terminal shell in container',
    time: new Date().toISOString(),
    output_fields: { 'container.id': `${word}-${number}` },
  });

// Standard Webhooks: HMAC-SHA-256 over id, seconds and body.
function signed(secret, body) {
  const id = `msg_${randomUUID()}`;
  const seconds = String(Math.floor(Date.now() / 1000));
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const mac = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': seconds,
    'webhook-signature': `v1,${mac}`,
  };
}

async function deliver(body, headers = {}) {
  const response = await fetch(hook, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body,
  });
  return response.ok ? (await response.json()).accepted : response.status;
}

async function deliverSigned(secret) {
  const body = alert();
  return deliver(body, signed(secret, body));
}

async function secretOf(page) {
  const dialog = page.getByRole('dialog', { name: 'Secret of falco' });
  const secret = await dialog.locator('[data-secret]').textContent();
  check(/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/.test(secret), 'a secret of Standard Webhooks');
  return { dialog, secret };
}

test('a source takes only signed deliveries: the secret is shown once, changed, and taken away', async (open) => {
  equal(await deliver(alert()), 1, 'an unsigned delivery before there is a secret');
  const { refused } = await api('/api/v1/sources/falco/trust');
  const page = await open('/sources?source=source:falco');
  const panel = page.getByRole('region', { name: 'Webhook trust' });
  await panel.getByText('none: whatever comes is taken').waitFor();
  await panel.getByLabel('Kind of proof').selectOption({ label: 'Standard Webhooks signature' });
  await panel.getByRole('button', { name: 'Take only signed deliveries' }).click();
  const { dialog, secret } = await secretOf(page);
  equal(await faults(page), [], 'the dialog of the secret');
  await shot(page, 'webhook-secret');
  // Lost by Escape or a click beside it, it could not be shown again.
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  check(await dialog.evaluate((one) => one.open), 'Escape closes it');
  await page.mouse.click(5, 5);
  await dialog.getByRole('button', { name: 'I have kept it' }).click();
  await dialog.waitFor({ state: 'detached' });
  await panel.getByText('Standard Webhooks signature').waitFor();
  await page.reload();
  await panel.getByText('Standard Webhooks signature').waitFor();
  check(!(await page.content()).includes(secret), 'the secret is shown again');

  equal(await deliverSigned(secret), 1, 'a signed delivery');
  const body = alert();
  const headers = signed(secret, body);
  equal(await deliver(body.replace('Warning', 'Critical'), headers), 401, 'a changed body');
  equal(await deliver(body, { ...headers, 'webhook-id': 'msg_another' }), 401, 'a changed id');
  equal(await deliver(body), 401, 'no signature');
  equal(await deliver(body, headers), 1, 'the same, unchanged');
  // Without a reload: the panel asks by itself.
  await panel.getByText(new RegExp(`^${refused + 3}, the last `)).waitFor();
  await shot(page, 'webhook-trust');

  await panel.getByRole('button', { name: 'Make a new secret' }).click();
  const next = await secretOf(page);
  check(next.secret !== secret, 'the new secret is the old one');
  await next.dialog.getByText(/The one before counts until/).waitFor();
  await next.dialog.getByRole('button', { name: 'I have kept it' }).click();
  await panel.getByText('Secret before until').waitFor();
  equal(
    [await deliverSigned(secret), await deliverSigned(next.secret)],
    [1, 1],
    'both secrets while one is changed',
  );

  await panel.getByRole('button', { name: 'Take unsigned ones…' }).click();
  const sure = page.getByRole('dialog', {
    name: 'Take unsigned deliveries of falco?',
  });
  await sure.waitFor();
  await becomes(
    () => page.evaluate(() => document.activeElement.textContent),
    'Keep the secret',
    'what has the focus',
  );
  await page.keyboard.press('Enter');
  await sure.waitFor({ state: 'detached' });
  equal(await deliver(alert()), 401, 'an unsigned delivery after the way back');
  await panel.getByRole('button', { name: 'Take unsigned ones…' }).click();
  await sure.getByRole('button', { name: 'Remove the secret' }).click();
  await panel.getByText('none: whatever comes is taken').waitFor();
  equal(await deliver(alert()), 1, 'an unsigned delivery without a secret');
});

test('the trust of a source has room on a phone', async (open) => {
  await deliver(alert());
  const page = await open('/sources?source=source:falco', {
    viewport: { width: 390, height: 844 },
  });
  await page.getByRole('region', { name: 'Webhook trust' }).waitFor();
  await fitsSideways(page, 'a source with its trust');
  equal(await faults(page), [], 'a source with its trust');
});
