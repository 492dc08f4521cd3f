// A source without code: its mapping tried on a pasted sample. Nothing is stored on the server.
import { useMutation, useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { Link } from 'react-router';
import { ApiError, get, post } from '@/shared/api/http';
import type { DeadLetter } from '@/shared/api/wire';
import { useActions } from '@/shared/keys/registry';
import { Button, CopyButton, Kbd } from '@/shared/ui/basics';
import { Empty, ProblemView } from '@/shared/ui/states';
import { usePageTitle } from '@/shared/ui/usePageTitle';
import { useUrlState } from '@/shared/ui/useUrlState';
import { example, loadTrial, placeOf, rangeOf, saveTrial, type Trial } from '../mapping';
import { Outcome, type TrialReply } from './Outcome';
import css from './MappingsPage.module.css';

export default function MappingsPage() {
  const [letter] = useUrlState('letter');
  usePageTitle('Try a mapping');
  const sample = useQuery({
    queryKey: ['dead-letters', letter],
    queryFn: ({ signal }) =>
      get<DeadLetter & { body: string }>(`/api/v1/dead-letters/${encodeURIComponent(letter ?? '')}`, signal),
    enabled: letter !== null,
  });
  return (
    <div className={css['page']}>
      <div className={css['head']}>
        <h1>Try a mapping</h1>
        <p className="secondary">
          A YAML file tells where each field of an alert stands in the sender&apos;s JSON. Paste it and a
          sample: this shows the records that would be made. Nothing is stored; the file itself goes into the
          folder mappings of the data directory.
        </p>
      </div>
      {sample.error && (
        <ProblemView
          error={sample.error}
          what="The dead letter that was to be the sample"
          onRetry={() => void sample.refetch()}
        />
      )}
      {(letter === null || sample.data || sample.error) && (
        <Editor key={sample.data ? letter : 'own'} letter={sample.data?.body} />
      )}
    </div>
  );
}

function Editor({ letter }: { letter: string | undefined }) {
  const [trial, setTrial] = useState<Trial>(() => ({
    ...loadTrial(),
    ...(letter === undefined ? {} : { payload: letter }),
  }));
  const [kept, setKept] = useState(true);
  const mapping = useRef<HTMLTextAreaElement>(null);
  const run = useMutation({
    mutationFn: (body: Trial) => post<TrialReply>('/api/v1/sources/mappings/try', body),
  });
  const blocked = trial.mapping.trim() === '' || trial.payload.trim() === '';
  const edit = (change: Partial<Trial>) => {
    const next = { ...trial, ...change };
    setTrial(next);
    setKept(saveTrial(next));
  };
  const start = () => {
    if (!blocked) run.mutate(trial);
  };
  const place = run.error instanceof ApiError ? placeOf(run.error.problem) : null;
  useActions([
    {
      id: 'mapping-edit',
      title: 'Edit the mapping',
      group: 'Work',
      keys: ['m'],
      run: () => mapping.current?.focus(),
    },
    {
      id: 'mapping-try',
      title: 'Try the mapping (in a field: Ctrl Enter)',
      group: 'Work',
      keys: ['Shift+t'],
      blocked: blocked ? 'Paste a mapping and a sample first.' : null,
      run: start,
    },
  ]);
  return (
    <form
      className={css['columns']}
      onSubmit={(event) => {
        event.preventDefault();
        start();
      }}
    >
      <div className={css['inputs']}>
        <Field
          id="mapping"
          label="Mapping, YAML"
          value={trial.mapping}
          wrong={place !== null}
          element={mapping}
          onChange={(text) => {
            edit({ mapping: text });
          }}
          onRun={start}
        />
        <Field
          id="payload"
          label="Sample, as the source sends it"
          value={trial.payload}
          onChange={(text) => {
            edit({ payload: text });
          }}
          onRun={start}
        />
        <div className={css['row']}>
          <Button look="primary" type="submit" disabled={blocked || run.isPending}>
            Try mapping <Kbd>Ctrl Enter</Kbd>
          </Button>
          <Button
            onClick={() => {
              run.reset();
              edit(example);
            }}
          >
            Fill in an example
          </Button>
          <CopyButton text={trial.mapping} what="the mapping" />
          <span className="muted" role="status">
            {kept ? 'Kept in this browser.' : 'This browser does not keep it.'}
          </span>
        </div>
      </div>
      <section className={css['result']} aria-label="What it makes of the sample" aria-live="polite">
        {run.error && (
          <>
            <ProblemView error={run.error} what={place ? 'The mapping' : 'The trial'} />
            {place && (
              <div className={css['row']}>
                <Button
                  onClick={() => {
                    mapping.current?.focus();
                    mapping.current?.setSelectionRange(...rangeOf(trial.mapping, place));
                  }}
                >
                  Go to line {place.line}, column {place.column}
                </Button>
              </div>
            )}
          </>
        )}
        {run.isPending && <p className="secondary">Trying.</p>}
        {run.data && <Outcome reply={run.data} />}
        {run.isIdle && (
          <Empty text="Paste a mapping and a sample, or fill in an example, and try it. A body that could not be read can be taken from the dead letters.">
            <Link to="/dead-letters">Dead letters</Link>
          </Empty>
        )}
      </section>
    </form>
  );
}

interface FieldProps {
  id: string;
  label: string;
  value: string;
  wrong?: boolean;
  element?: React.RefObject<HTMLTextAreaElement | null>;
  onChange: (text: string) => void;
  onRun: () => void;
}

function Field({ id, label, value, wrong = false, element, onChange, onRun }: FieldProps) {
  return (
    <label className={css['field']} htmlFor={id}>
      <span className="secondary">{label}</span>
      <textarea
        id={id}
        ref={element}
        spellCheck={false}
        autoComplete="off"
        aria-invalid={wrong}
        value={value}
        onChange={(event) => {
          onChange(event.target.value);
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          onRun();
        }}
      />
    </label>
  );
}
