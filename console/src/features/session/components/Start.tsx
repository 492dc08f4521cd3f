// What is shown first: the console, or what must be done before it.
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { sessionQuery } from '@/shared/api/session';
import { Loading, ProblemView } from '@/shared/ui/states';
import { PasswordPage } from './PasswordPage';
import { SignInPage } from './SignInPage';

export function Start({ children }: { children: ReactNode }) {
  const session = useQuery(sessionQuery);
  if (session.isPending) return <Loading lines={4} what="the session" />;
  if (session.isError)
    return (
      <ProblemView
        what="The session"
        error={session.error}
        onRetry={() => {
          void session.refetch();
        }}
      />
    );
  if (!session.data.signed_in) return <SignInPage provider={session.data.provider} />;
  if (session.data.must_change_password) return <PasswordPage />;
  return children;
}
