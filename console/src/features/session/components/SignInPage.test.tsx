// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { SignInPage } from './SignInPage';

describe('the sign-in page', () => {
  afterEach(() => {
    cleanup();
    window.history.replaceState(null, '', '/');
  });

  it('leads to the provider and from there to the page that was wanted', () => {
    window.history.replaceState(null, '', '/sign-in?next=%2Fincidents%2FIN-1%3Ftab%3Dgraph');
    render(<SignInPage provider={{ name: 'Corp login', start: '/api/v1/auth/oidc/start' }} />);
    const link = screen.getByRole('link', { name: 'Sign in with Corp login' });
    expect(link.getAttribute('href')).toBe('/api/v1/auth/oidc/start?next=%2Fincidents%2FIN-1%3Ftab%3Dgraph');
  });

  it('never hands a foreign page to the provider', () => {
    window.history.replaceState(null, '', '/sign-in?next=%2F%2Fevil.example');
    render(<SignInPage provider={{ name: 'Corp login', start: '/api/v1/auth/oidc/start' }} />);
    expect(screen.getByRole('link').getAttribute('href')).toBe('/api/v1/auth/oidc/start?next=%2Fqueue');
  });

  it('offers no provider where there is none', () => {
    render(<SignInPage provider={null} />);
    expect(screen.queryByRole('link')).toBeNull();
    expect(screen.getByRole('button', { name: 'Sign in' })).toBeTruthy();
  });
});
