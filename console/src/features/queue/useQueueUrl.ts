// Every state of the queue is in the address: list, query, order, focus, peek.
import { useCallback } from 'react';
import { useSearchParams } from 'react-router';
import type { Kind } from '@/shared/api/wire';
import { defaultQuery, defaultSort } from './views';

export interface QueueUrl {
  kind: Kind;
  q: string;
  sort: string;
  focus: string | null;
  peek: boolean;
  edit: (
    change: Partial<Record<'list' | 'q' | 'sort' | 'sel' | 'peek', string | null>>,
    keep?: boolean,
  ) => void;
}

export function useQueueUrl(): QueueUrl {
  const [parameters, setParameters] = useSearchParams();
  const kind: Kind = parameters.get('list') === 'alerts' ? 'alerts' : 'incidents';
  const edit = useCallback<QueueUrl['edit']>(
    (change, keep = false) => {
      // Another page may be on its way while this one is still shown.
      if (location.pathname !== '/queue') return;
      // From the address itself: what React has rendered may be one change behind it.
      const next = new URLSearchParams(location.search);
      for (const [name, value] of Object.entries(change)) {
        if (value === null) next.delete(name);
        else if (value !== undefined) next.set(name, value);
      }
      setParameters(next, { replace: keep });
    },
    [setParameters],
  );
  return {
    kind,
    q: parameters.get('q') ?? defaultQuery(kind),
    sort: parameters.get('sort') ?? defaultSort[kind],
    focus: parameters.get('sel'),
    peek: parameters.get('peek') === '1',
    edit,
  };
}
