// What a rule would have fired on, over the events that are stored.
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { faultsOf } from '@/shared/api/http';
import { useActions } from '@/shared/keys/registry';
import { total } from '@/shared/text/words';
import { Button, Panel } from '@/shared/ui/basics';
import { Field } from '@/shared/ui/Field';
import { backtest, eventCounts, type Tried } from '../trials';
import { TrialView } from './Trial';
import css from './Rules.module.css';

function useTrial() {
  return useMutation({
    mutationFn: ({ tried, events }: { tried: Tried; events: number }) => backtest(tried, events),
  });
}

export function Backtest({ id }: { id: string }) {
  const [events, setEvents] = useState<number>(100_000);
  const trial = useTrial();
  const run = () => {
    if (!trial.isPending) trial.mutate({ tried: { rule_id: id }, events });
  };
  useActions([
    {
      id: 'backtest',
      title: 'Try the rule on stored events',
      group: 'Work',
      keys: ['b'],
      needs: 'knowledge.write',
      run,
    },
  ]);
  return (
    <Panel title="Try it on stored events">
      <div className={css['line']}>
        <Events value={events} onEvents={setEvents} />
        <Button keys="b" needs="knowledge.write" disabled={trial.isPending} onClick={run}>
          Try the rule
        </Button>
      </div>
      <p className="muted">Nothing is changed, and no alert comes of it.</p>
      <TrialView trial={trial} act="fired" />
    </Panel>
  );
}

function Events({ value, onEvents }: { value: number; onEvents: (events: number) => void }) {
  return (
    <label className="controls">
      <span className="secondary">On the newest </span>
      <select value={value} onChange={(event) => onEvents(Number(event.target.value))}>
        {eventCounts.map((n) => (
          <option key={n} value={n}>
            {total(n)} events
          </option>
        ))}
      </select>
    </label>
  );
}

// A text that is not loaded yet.
export function TryText() {
  const [text, setText] = useState('');
  const [events, setEvents] = useState<number>(100_000);
  const trial = useTrial();
  const faults = faultsOf(trial.error);
  const fault = faults.get('text') ?? faults.get('');
  return (
    <Panel title="Try a rule that is not loaded">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!trial.isPending) trial.mutate({ tried: { text }, events });
        }}
      >
        <Field
          label="Rules as YAML"
          name="rule-text"
          help="Sigma rules and correlations, as in a file. Nothing is stored: put the file into the rules directory for that."
          fault={fault}
        >
          <textarea
            name="rule-text"
            className="mono"
            rows={12}
            spellCheck={false}
            value={text}
            aria-describedby="rule-text-about"
            aria-invalid={fault !== undefined}
            onChange={(event) => setText(event.target.value)}
          />
        </Field>
        <div className={css['line']}>
          <Events value={events} onEvents={setEvents} />
          <Button type="submit" look="primary" needs="knowledge.write" disabled={trial.isPending}>
            Try the rule
          </Button>
        </div>
      </form>
      <TrialView trial={trial} act="fired" fault={fault ? 'Not tried: see the field above.' : ''} />
    </Panel>
  );
}
