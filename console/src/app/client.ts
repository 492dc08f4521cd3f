import { QueryClient } from '@tanstack/react-query';
import { ApiError } from '@/shared/api/http';

// Reads come again after a lost answer or a server's fault, never after a refusal.
export function makeClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        refetchOnWindowFocus: false,
        retry: (failures, error) =>
          failures < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 500),
      },
    },
  });
}
