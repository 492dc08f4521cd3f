import { describe, expect, it } from 'vitest';
import { actAs, me, pageAfter, personText, type Session } from './session';

describe('the session', () => {
  it('leads back to a page of ours and nowhere else', () => {
    const after = (search: string) => pageAfter({ pathname: '/sign-in', search });
    expect(after('?next=%2Fincidents%2FIN-1%3Ftab%3Dgraph')).toBe('/incidents/IN-1?tab=graph');
    expect(pageAfter({ pathname: '/sources', search: '?only=faults&next=/queue' })).toBe(
      '/sources?only=faults&next=/queue',
    );
    expect(pageAfter({ pathname: '//evil', search: '' })).toBe('/queue');
    for (const next of [
      '',
      '//evil',
      'https://evil',
      '/\\evil',
      'javascript:alert(1)',
      '/sign-in?next=/x',
      '/%09/evil',
    ])
      expect(after(`?next=${encodeURIComponent(next)}`)).toBe('/queue');
  });

  it('knows who acts', () => {
    const session: Session = {
      mode: 'sign-in',
      signed_in: true,
      provider: null,
      login: 'ana',
      name: 'Ana',
      role: 'analyst',
      verbs: ['alerts.read'],
      scope: {},
      tenant: 'default',
      tenants: ['default'],
      must_change_password: false,
      second_factor: false,
    };
    actAs(session);
    expect(me.signedIn).toBe(true);
    expect(personText('ana')).toBe('you');
    expect(personText('bob')).toBe('bob');
    actAs({ ...session, mode: 'open', login: 'local-admin' });
    expect(me.signedIn).toBe(false);
  });
});
