// One job: what it is about, why it failed, and what can be done with it.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { post, reasonOf } from '@/shared/api/http';
import { statsQuery } from '@/shared/api/stats';
import type { Job } from '@/shared/api/wire';
import { useActions } from '@/shared/keys/registry';
import { Acts, Details } from '@/shared/list/List';
import { Button, Facts } from '@/shared/ui/basics';
import { Confirm } from '@/shared/ui/Form';
import { Hostile, MonoBlock } from '@/shared/ui/Hostile';
import { Moment } from '@/shared/ui/TimeText';
import { toast } from '@/shared/ui/toasts';
import { canDiscard, canRetry, kindWord, stateWord, whenWord } from '../jobs';

type Act = 'retry' | 'discard';
const done: Record<Act, string> = { retry: 'It waits again.', discard: 'The job is discarded.' };
const undone: Record<Act, string> = { retry: 'Not given another round', discard: 'Not discarded' };

function useAct(job: Job, onGone: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (act: Act) => post(`/api/v1/jobs/${encodeURIComponent(job.id)}/${act}`).then(() => act),
    onSuccess: (act) => {
      toast({ text: done[act] });
      if (act === 'discard') onGone();
    },
    onError: (problem, act) => {
      toast({ text: `${undone[act]}: ${reasonOf(problem)}` });
    },
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: ['jobs'] });
      await client.invalidateQueries({ queryKey: statsQuery.queryKey });
    },
  });
}

export function JobPanel({ job, onClose }: { job: Job; onClose: () => void }) {
  const [asked, setAsked] = useState(false);
  const act = useAct(job, onClose);
  const retry = () => {
    act.mutate('retry');
  };
  const ask = () => {
    setAsked(true);
  };
  useActions([
    {
      id: 'retry-job',
      title: 'Retry job',
      group: 'Work',
      keys: ['r'],
      needs: 'faults.repair',
      blocked: canRetry(job) ? null : 'Only a job that failed can be retried.',
      run: retry,
    },
    {
      id: 'discard-job',
      title: 'Discard job…',
      group: 'Work',
      keys: ['x'],
      needs: 'faults.repair',
      blocked: canDiscard(job) ? null : 'Only a job that waits or failed can be discarded.',
      run: ask,
    },
  ]);
  return (
    <Details label="Job" title={kindWord(job.kind)} onClose={onClose}>
      <Facts rows={facts(job)} />
      <h3>What it is about</h3>
      <MonoBlock text={job.payload} label="Payload" cap={4000} />
      <Acts>
        {canRetry(job) && (
          <Button look="primary" keys="r" needs="faults.repair" disabled={act.isPending} onClick={retry}>
            Retry job
          </Button>
        )}
        {canDiscard(job) && (
          <Button look="danger" keys="x" needs="faults.repair" disabled={act.isPending} onClick={ask}>
            Discard job…
          </Button>
        )}
      </Acts>
      {asked && (
        <Discard
          job={job}
          onClose={() => {
            setAsked(false);
          }}
          onDiscard={() => {
            setAsked(false);
            act.mutate('discard');
          }}
        />
      )}
    </Details>
  );
}

function facts(job: Job) {
  return [
    ['Id', <code key="i">{job.id}</code>],
    ['State', stateWord(job.state)],
    ['Tries', `${job.attempts} of ${job.max_attempts}`],
    ['Urgency', `${job.urgency} of 100`],
    [whenWord(job.state), <Moment key="m" at={job.run_at} ms />],
    [
      'Last error',
      job.last_error ? <Hostile key="e" text={job.last_error} cap={4096} /> : <span key="e">none</span>,
    ],
  ] as const;
}

function Discard({ job, onClose, onDiscard }: { job: Job; onClose: () => void; onDiscard: () => void }) {
  return (
    <Confirm title="Discard job" act="Discard job" keep="Keep job" onClose={onClose} onAct={onDiscard}>
      <p>
        {kindWord(job.kind)} will not be done, and the job is forgotten. This cannot be undone. Regular work
        is planned anew by itself.
      </p>
    </Confirm>
  );
}
