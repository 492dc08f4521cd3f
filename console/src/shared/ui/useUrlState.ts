// One part of a view's state, kept in the address: what is not said is the default and stays out of it.
import { useCallback } from 'react';
import { useSearchParams } from 'react-router';

export function useUrlState(name: string): [string | null, (value: string | null) => void] {
  const [parameters, setParameters] = useSearchParams();
  const write = useCallback(
    (value: string | null) => {
      // From the address itself: what React has rendered may be one change behind it.
      const next = new URLSearchParams(location.search);
      if (value === null) next.delete(name);
      else next.set(name, value);
      setParameters(next, { replace: true });
    },
    [name, setParameters],
  );
  return [parameters.get(name), write];
}
