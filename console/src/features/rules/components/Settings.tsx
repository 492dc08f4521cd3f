// On, off and the level at which it reports, for this tenant. What takes alerts away is asked about first, and
// everything can be undone.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { faultText } from '@/shared/api/http';
import type { RuleDetail, RuleLevel } from '@/shared/api/wire';
import { useActions } from '@/shared/keys/registry';
import { may } from '@/shared/session';
import { plain } from '@/shared/text/words';
import { visible } from '@/shared/text/hostile';
import { Button } from '@/shared/ui/basics';
import { Confirm } from '@/shared/ui/Form';
import { toast, underway } from '@/shared/ui/toasts';
import {
  changeRule,
  doneText,
  levels,
  riskOf,
  ruleQuery,
  rulesQuery,
  wayBack,
  type RuleChange,
} from '../rules';

function useChange(rule: RuleDetail) {
  const client = useQueryClient();
  const learn = async (now: RuleDetail) => {
    client.setQueryData(ruleQuery(rule.id).queryKey, now);
    await client.invalidateQueries({ queryKey: rulesQuery.queryKey });
    await client.invalidateQueries({ queryKey: ['rules', 'coverage'] });
  };
  return useMutation({
    mutationFn: (change: RuleChange) =>
      underway(async () => {
        const now = await changeRule(rule.id, change);
        const back = wayBack(rule, change);
        toast({
          text: visible(doneText(rule, change), 160),
          undo: async () => {
            await learn(await changeRule(rule.id, back));
            return visible(doneText(rule, back), 160);
          },
        });
        return now;
      }),
    onSuccess: learn,
    onError: (error) => toast({ text: `The rule stays as it is: ${faultText(error)}` }),
  });
}

export function Settings({ rule }: { rule: RuleDetail }) {
  const [asked, setAsked] = useState<RuleChange | null>(null);
  const change = useChange(rule);
  const ask = (wanted: RuleChange) => {
    if (change.isPending) return;
    if (riskOf(rule, wanted) === null) change.mutate(wanted);
    else setAsked(wanted);
  };
  const turn = () => ask({ enabled: !rule.enabled });
  useActions([
    {
      id: 'turn-rule',
      title: rule.enabled ? 'Switch the rule off' : 'Switch the rule on',
      group: 'Work',
      keys: ['s'],
      needs: 'knowledge.write',
      run: turn,
    },
  ]);
  return (
    <>
      <span>{rule.enabled ? 'On' : 'Off: it makes no alerts'}</span>
      <Button keys="s" needs="knowledge.write" disabled={change.isPending} onClick={turn}>
        {rule.enabled ? 'Switch off' : 'Switch on'}
      </Button>
      {may('knowledge.write') && (
        <label className="controls">
          <span className="secondary">Reports as </span>
          <select
            value={rule.level}
            disabled={change.isPending}
            onChange={(event) => {
              const level = event.target.value as RuleLevel;
              ask({ level: level === rule.own_level ? null : level });
            }}
          >
            {levels.map((level) => (
              <option key={level} value={level}>
                {plain(level)}
                {level === rule.own_level ? ' (its own)' : ''}
              </option>
            ))}
          </select>
        </label>
      )}
      {asked && (
        <Confirm
          title={asked.enabled === false ? 'Switch the rule off' : 'Lower the level'}
          act={asked.enabled === false ? 'Switch off' : 'Lower the level'}
          keep="Leave it as it is"
          onClose={() => setAsked(null)}
          onAct={() => {
            setAsked(null);
            change.mutate(asked);
          }}
        >
          <p>{riskOf(rule, asked)}</p>
          <p className="secondary">
            For alerts that should not come of certain hosts or users, an exception is narrower. This can be
            undone.
          </p>
        </Confirm>
      )}
    </>
  );
}
