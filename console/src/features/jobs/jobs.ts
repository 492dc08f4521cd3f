// What the Jobs screen says of a job, and what can be done with it.
import { infiniteQueryOptions } from '@tanstack/react-query';
import { get, query } from '@/shared/api/http';
import type { Job, Page } from '@/shared/api/wire';

export type State = Job['state'];

// In the order of the filter. "Failed" is for good: a job that failed and will be tried again waits.
export const states: readonly (readonly [State, string])[] = [
  ['waiting', 'Waiting'],
  ['leased', 'Running'],
  ['dead', 'Failed'],
  ['done', 'Done'],
];

export const stateWord = (state: State): string => states.find(([name]) => name === state)?.[1] ?? state;

export const stateOf = (text: string | null): State | null =>
  states.find(([name]) => name === text)?.[0] ?? null;

export const canRetry = (job: Job): boolean => job.state === 'dead';
export const canDiscard = (job: Job): boolean => job.state === 'dead' || job.state === 'waiting';

// "store.retention" is what the server calls it; a person reads words.
export const kindWord = (kind: string): string => {
  const words = kind.replace(/[._-]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
};

// What the time of a job means depends on its state.
export const whenWord = (state: State): string =>
  ({ waiting: 'Not before', leased: 'Taken', dead: 'Failed', done: 'Done' })[state];

export const jobsQuery = (state: State | null) =>
  infiniteQueryOptions({
    queryKey: ['jobs', state],
    queryFn: ({ pageParam, signal }) =>
      get<Page<Job>>(`/api/v1/jobs${query({ limit: 100, cursor: pageParam, state: state ?? '' })}`, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    refetchInterval: 10_000,
  });
