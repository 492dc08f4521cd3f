// Who acts here, as the server said when the console was opened. On loopback without people every request is
// the local administrator's.
import type { components } from './api/schema';

export type Session = components['schemas']['Session'];

// What the console asks about before it offers something; the server decides (docs/security/roles.md).
export type Verb =
  | 'alerts.ingest'
  | 'alerts.triage'
  | 'alerts.decide'
  | 'incidents.shape'
  | 'response.approve'
  | 'views.share'
  | 'records.export'
  | 'knowledge.read'
  | 'knowledge.write'
  | 'faults.read'
  | 'faults.repair'
  | 'demo.run'
  | 'people.read'
  | 'people.write'
  | 'audit.read'
  | 'settings.read'
  | 'settings.write'
  | 'tenants.read'
  | 'tenants.write';

export const me = {
  name: 'local-admin',
  label: 'you',
  signedIn: false,
  tenant: 'default',
  tenants: [] as readonly string[],
  verbs: new Set<string>(),
  scope: null as Session['scope'],
};

export const may = (verb: Verb): boolean => me.verbs.has(verb);

export function actAs(session: Session): void {
  me.name = session.login ?? 'local-admin';
  me.signedIn = session.mode === 'sign-in' && session.signed_in;
  me.tenant = session.tenant ?? 'default';
  me.tenants = session.tenants;
  me.verbs = new Set(session.verbs);
  me.scope = session.scope;
}

// All pages show this tenant from now on. The cookie chooses and grants nothing (src/auth/gate.h).
export function workIn(tenant: string, page = '/queue'): void {
  document.cookie = `tocsin_tenant=${encodeURIComponent(tenant)}; Path=/; SameSite=Strict; Max-Age=31536000`;
  window.location.assign(page);
}

export function personText(name: string | null | undefined): string {
  if (!name) return 'nobody';
  return name === me.name ? me.label : name;
}

type Place = Pick<Location, 'pathname' | 'search'>;

// Where to go after signing in: the page that was asked for, a page of ours and never another site.
export function pageAfter({ pathname, search }: Place): string {
  const asked = pathname === '/sign-in' ? new URLSearchParams(search).get('next') : pathname + search;
  const next = asked ?? '';
  const isOurs = /^\/[A-Za-z0-9]/.test(next) && !next.includes('\\') && !next.startsWith('/sign-in');
  return isOurs ? next : '/queue';
}

// Where the browser goes to sign in at the provider, and from there to the page it wanted.
export function providerPage(start: string, place: Place): string {
  return `${start}?next=${encodeURIComponent(pageAfter(place))}`;
}

export function signInPage(): string {
  const here = window.location.pathname + window.location.search;
  return here.startsWith('/sign-in') ? here : `/sign-in?next=${encodeURIComponent(here)}`;
}
