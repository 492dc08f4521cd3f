// The state of these pages is in the address: what is filtered, which row or list is open, which dialog.
import { useCallback } from 'react';
import { useSearchParams } from 'react-router';

type Part = 'q' | 'row' | 'name' | 'add' | 'mode' | 'drop' | 'kind' | 'value';

export interface Address {
  of: (part: Part) => string | null;
  edit: (change: Partial<Record<Part, string | null>>) => void;
  link: (change: Partial<Record<Part, string | null>>) => string; // "?q=db&row=AS-…"
}

export function useAddress(): Address {
  const [parameters, setParameters] = useSearchParams();
  const edit = useCallback<Address['edit']>(
    // From the address itself: what React has rendered may be one change behind it.
    (change) => {
      setParameters(changed(new URLSearchParams(location.search), change), { replace: true });
    },
    [setParameters],
  );
  return {
    of: (part) => parameters.get(part),
    edit,
    link: (change) => `?${changed(new URLSearchParams(parameters), change)}`,
  };
}

function changed(parameters: URLSearchParams, change: Partial<Record<Part, string | null>>): URLSearchParams {
  for (const [part, value] of Object.entries(change)) {
    if (value === null) parameters.delete(part);
    else parameters.set(part, value);
  }
  return parameters;
}
