// Who acts here, asked once when the console opens, and the ways out.
import { queryOptions } from '@tanstack/react-query';
import { actAs, me, signInPage, type Session } from '@/shared/session';
import { get, post } from './http';

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }) => {
    const found = await get<Session>('/api/v1/session', signal);
    actAs(found);
    return found;
  },
  staleTime: Infinity,
});

export async function signOut(everywhere = false): Promise<void> {
  me.signedIn = false; // so that the end of the feed, which follows, is nothing to find out about
  try {
    await post(`/api/v1/session/sign-out${everywhere ? '?everywhere=true' : ''}`);
  } catch (error) {
    me.signedIn = true;
    throw error;
  }
  window.location.assign('/sign-in');
}

// The server closed the feed. Whose session has ended meanwhile is led to the sign-in page; no answer says nothing.
export async function leaveIfSignedOut(): Promise<void> {
  const session = await get<Session>('/api/v1/session').catch(() => null);
  if (session && !session.signed_in) window.location.assign(signInPage());
}
