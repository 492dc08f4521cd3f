// A thumb for an answer: one press, and the other one takes it back.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { faultText, post } from '@/shared/api/http';
import type { components } from '@/shared/api/schema';
import { useActions, type Action } from '@/shared/keys/registry';
import { may } from '@/shared/session';
import { Button } from '@/shared/ui/basics';
import { Fault } from '@/shared/ui/Field';
import { toast } from '@/shared/ui/toasts';
import css from './Rating.module.css';

type AnswerRating = components['schemas']['AnswerRating'];

export function Rating({ answer, id }: Pick<AnswerRating, 'answer' | 'id'>) {
  const client = useQueryClient();
  const rate = useMutation({
    mutationFn: (helpful: boolean) =>
      post<AnswerRating>('/api/v1/answers/ratings', { answer, id, helpful } satisfies AnswerRating),
    onSuccess: ({ helpful }) => {
      toast({ text: helpful ? 'Rated as helpful.' : 'Rated as not helpful.' });
      return client.invalidateQueries({ queryKey: ['measures'] });
    },
  });
  const action = (helpful: boolean, title: string): Action => ({
    id: helpful ? 'rate-up' : 'rate-down',
    title,
    group: 'Work',
    needs: 'alerts.decide',
    run: () => {
      rate.mutate(helpful);
    },
  });
  useActions([action(true, 'Rate the answer as helpful'), action(false, 'Rate the answer as not helpful')]);
  if (!may('alerts.decide')) return null;
  const said = rate.isError ? null : (rate.data?.helpful ?? null);
  const thumb = (helpful: boolean) => (
    <Button
      icon={helpful ? 'thumbUp' : 'thumbDown'}
      aria-pressed={said === helpful}
      onClick={() => {
        if (!rate.isPending) rate.mutate(helpful);
      }}
    >
      {helpful ? 'Helpful' : 'Not helpful'}
    </Button>
  );
  return (
    <div className={css['rating']} role="group" aria-label="Was this answer helpful?">
      {thumb(true)}
      {thumb(false)}
      <Fault>{rate.isError ? `Not rated. ${faultText(rate.error)}` : ''}</Fault>
    </div>
  );
}
