// Alerts of this run only: a word that no other alert carries marks them, so the suite can run against any data.
import { api, until } from './harness.mjs';

export const word = `e2e${Date.now().toString(36)}`;
let number = 0;

export async function sendAlert(change = {}) {
  number += 1;
  return api('/api/v1/alerts', {
    method: 'POST',
    json: {
      alert_type: 'ssh_bruteforce',
      title: `${word} case ${number}: repeated sign-in failures`,
      message: `case ${number}`,
      host: `${word}-host-${number}`,
      user: `${word}-user-${number}`,
      ip: `198.51.100.${(number % 200) + 1}`,
      severity: 'medium',
      ...change,
    },
  });
}

export async function sendAlerts(count, change = {}) {
  const alerts = [];
  for (let i = 0; i < count; i++) alerts.push(await sendAlert(change));
  return alerts;
}

// A grave alert alone becomes an incident; live correlation needs up to two seconds.
export async function makeIncident(change = {}) {
  const alert = await sendAlert({
    severity: 'critical',
    asset_tier: 'crown_jewel',
    ...change,
  });
  return until('the alert is in an incident', async () => {
    const { incident_id: id } = await api(`/api/v1/alerts/${alert.id}`);
    return id && { id, alert: alert.id };
  });
}

export function alertsOf(extra = '') {
  return `/queue?list=alerts&sort=newest&q=${encodeURIComponent(`${word} ${extra}`.trim())}`;
}
