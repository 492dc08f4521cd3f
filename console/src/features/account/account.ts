// What the page of one's own account asks for and sends.
import { queryOptions } from '@tanstack/react-query';
import { get, post, send } from '@/shared/api/http';
import type { RecoveryCodes, SecondFactorOffer, SessionRow } from '@/shared/api/wire';

export const sessionsQuery = queryOptions({
  queryKey: ['me', 'sessions'],
  queryFn: async ({ signal }) => (await get<{ items: SessionRow[] }>('/api/v1/me/sessions', signal)).items,
});

export const endSession = (id: string) =>
  send<null>(`/api/v1/me/sessions/${encodeURIComponent(id)}`, { method: 'DELETE' });

export const changePassword = (current: string, fresh: string) =>
  send<null>('/api/v1/me/password', { method: 'PUT', json: { current, new: fresh } });

export const offerFactor = () => post<SecondFactorOffer>('/api/v1/me/second-factor');

export const confirmFactor = async (ticket: string, code: string, password: string) =>
  (
    await send<RecoveryCodes>('/api/v1/me/second-factor', {
      method: 'PUT',
      json: { ticket, code: code.replace(/\s/g, ''), password },
    })
  ).body.recovery_codes;

export const removeFactor = (password: string) => post<null>('/api/v1/me/second-factor/remove', { password });

// "Mozilla/5.0 (X11; Linux x86_64) … Chrome/130.0 …" → "Chrome on Linux"; what is not known stays as it came.
export function deviceOf(agent: string): string {
  const browsers: readonly (readonly [RegExp, string])[] = [
    [/\bEdg(e|A|iOS)?\//, 'Edge'],
    [/\bOPR\//, 'Opera'],
    [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
    [/\bHeadlessChrome\/|\bChrome\/|\bCriOS\//, 'Chrome'],
    [/\bSafari\//, 'Safari'],
  ];
  const systems: readonly (readonly [RegExp, string])[] = [
    [/\bAndroid\b/, 'Android'],
    [/\b(iPhone|iPad)\b/, 'iOS'],
    [/\bWindows\b/, 'Windows'],
    [/\bMac OS X\b/, 'macOS'],
    [/\bLinux\b/, 'Linux'],
  ];
  const of = (names: typeof browsers) => names.find(([mark]) => mark.test(agent))?.[1];
  const browser = of(browsers);
  const system = of(systems);
  if (!browser) return agent;
  return system ? `${browser} on ${system}` : browser;
}
