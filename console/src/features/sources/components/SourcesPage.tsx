import { queryOptions, useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { get } from '@/shared/api/http';
import type { Source } from '@/shared/api/wire';
import { DemoButtons } from '@/shared/demo/DemoButtons';
import { useActions } from '@/shared/keys/registry';
import { alertsWhere } from '@/shared/query/write';
import { may } from '@/shared/session';
import { count, total } from '@/shared/text/words';
import { Button, Panel, copyText } from '@/shared/ui/basics';
import { Hostile, MonoBlock } from '@/shared/ui/Hostile';
import { Empty, Loading, ProblemView } from '@/shared/ui/states';
import { Age, useNow } from '@/shared/ui/TimeText';
import { usePageTitle } from '@/shared/ui/usePageTitle';
import { useUrlState } from '@/shared/ui/useUrlState';
import { faults, grouped, needsLook, spokenState } from '../sources';
import { SourcePanel } from './SourcePanel';
import css from './SourcesPage.module.css';

const sourcesQuery = queryOptions({
  queryKey: ['sources'],
  queryFn: async ({ signal }) => (await get<{ items: Source[] }>('/api/v1/sources', signal)).items,
  refetchInterval: 10_000,
});

export default function SourcesPage() {
  const { data, error, refetch } = useQuery(sourcesQuery);
  usePageTitle('Sources');
  return (
    <div>
      <div className={css['head']}>
        <h1>Sources</h1>
        <p className="secondary">
          {data ? headline(data) : 'What sends to this server.'} Counts are since this server started unless
          they say stored. A source whose rhythm nobody configured is unknown when it is quiet, not well.
        </p>
      </div>
      {error && !data && <ProblemView error={error} what="The list" onRetry={() => void refetch()} />}
      {!data && !error && <Loading lines={6} what="the sources" />}
      {data && <Sources sources={data} />}
      {may('alerts.ingest') && (
        <Panel title="Send an alert">
          <Send />
        </Panel>
      )}
      {may('demo.run') && (
        <Panel title="Sample data">
          <div className={css['row']}>
            <DemoButtons />
          </div>
          <p className="secondary">Both go through the same way as real alerts.</p>
        </Panel>
      )}
    </div>
  );
}

function headline(sources: readonly Source[]): string {
  const n = (state: Source['state']) => sources.filter((source) => source.state === state).length;
  return `${n('receiving')} of ${sources.length} heard, ${n('silent')} silent, ${n('unknown')} unknown.`;
}

function Sources({ sources }: { sources: readonly Source[] }) {
  const [chosen, setChosen] = useUrlState('source');
  const [only, setOnly] = useUrlState('only');
  const shown = only === 'faults' ? sources.filter(needsLook) : sources;
  const current = sources.find((source) => keyOf(source) === chosen);
  const turn = () => {
    setOnly(only === 'faults' ? null : 'faults');
  };
  const step = (by: number) => {
    const at = shown.findIndex((source) => keyOf(source) === chosen);
    const next = shown[Math.max(0, Math.min(shown.length - 1, at + by))];
    if (next) setChosen(keyOf(next));
  };
  useActions([
    {
      id: 'only-faults',
      title: only === 'faults' ? 'Show all sources' : 'Show only sources that are silent or have faults',
      group: 'View',
      keys: ['f'],
      run: turn,
    },
    {
      id: 'next',
      title: 'Next source',
      group: 'Move',
      keys: ['j'],
      run: () => {
        step(1);
      },
    },
    {
      id: 'previous',
      title: 'Previous source',
      group: 'Move',
      keys: ['k'],
      run: () => {
        step(-1);
      },
    },
    {
      id: 'back',
      title: 'Close the details',
      group: 'View',
      keys: ['Escape'],
      run: () => {
        setChosen(null);
      },
    },
  ]);
  if (sources.length === 0)
    return (
      <Empty text="Nothing has sent anything yet, and no listener or file is configured. Send one alert with the command below, configure a listener, or load sample data.">
        <DemoButtons />
      </Empty>
    );
  return (
    <>
      <div className={css['bar']}>
        <Button keys="f" aria-pressed={only === 'faults'} onClick={turn}>
          {only === 'faults' ? 'All sources' : 'Only silent or faulty'}
        </Button>
        {may('alerts.ingest') && (
          <>
            <Link to="/mappings">Try a mapping for a new source</Link>
            <Link to="/upload">Upload files</Link>
            <Link to="/alerts/new">Enter an alert by hand</Link>
          </>
        )}
      </div>
      {shown.length === 0 && (
        <Empty text="No source is silent or has faults. Those that are unknown are not judged by this.">
          <Button onClick={turn}>All sources</Button>
        </Empty>
      )}
      <div className={css['split']}>
        <div>
          {grouped(shown).map(([title, own]) => (
            <section key={title} aria-label={title}>
              <h2 className={css['group']}>{title}</h2>
              <Table sources={own} chosen={chosen} onChoose={setChosen} />
            </section>
          ))}
        </div>
        {current && <SourcePanel source={current} onClose={() => setChosen(null)} />}
      </div>
    </>
  );
}

// A listener and a source may share a name.
function keyOf(source: Source): string {
  return `${source.kind}:${source.name}`;
}

interface TableProps {
  sources: readonly Source[];
  chosen: string | null;
  onChoose: (key: string | null) => void;
}

function Table({ sources, chosen, onChoose }: TableProps) {
  return (
    <div className={css['scroll']}>
      <table className={css['table']}>
        <thead>
          <tr>
            {['Source', 'State', 'Last record', 'Last minute', 'Last hour', 'Stored', 'Faults'].map(
              (title, i) => (
                <th key={title} scope="col" className={i > 2 && i < 6 ? css['number'] : undefined}>
                  {title}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {sources.map((source) => {
            const key = keyOf(source);
            return (
              <tr key={key} className={key === chosen ? css['chosen'] : undefined}>
                <td>
                  <button
                    type="button"
                    className={css['name']}
                    aria-pressed={key === chosen}
                    onClick={() => {
                      onChoose(key === chosen ? null : key);
                    }}
                  >
                    <Hostile text={source.name} mono cap={60} />
                  </button>
                </td>
                <td>
                  <State source={source} />
                </td>
                <td>
                  {source.last_record_at ? (
                    <>
                      <Age at={source.last_record_at} /> ago
                    </>
                  ) : (
                    <span className={`${css['unknown']} hatch`}>? none</span>
                  )}
                </td>
                <td className={css['number']}>{total(source.last_minute)}</td>
                <td className={css['number']}>{total(source.last_hour)}</td>
                <td className={css['number']}>
                  <Stored source={source} />
                </td>
                <td className={css['wide']}>
                  <Faults source={source} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

export function State({ source }: { source: Source }) {
  const { mark, look, word, why } = spokenState(source, useNow());
  return (
    <span title={why}>
      <span className={`${css[look]} ${look === 'unknown' ? 'hatch' : ''}`}>
        {mark} {word}
      </span>{' '}
      <span className={css['why']}>{why}</span>
    </span>
  );
}

function Stored({ source }: { source: Source }) {
  if (source.kind !== 'source') return <span className="muted">see its sources</span>;
  return (
    <>
      <Link to={alertsWhere(['source', source.name])}>{count(source.alerts_stored, 'alert')}</Link>
      {source.events_stored > 0 && <>, {count(source.events_stored, 'event')}</>}
    </>
  );
}

function Faults({ source }: { source: Source }) {
  const found = faults(source);
  if (found.length === 0) return <span className="muted">none</span>;
  return (
    <>
      <span className={css['late']}>▲ {found.join(', ')}</span>
      {source.dead_letters > 0 && (
        <>
          {' '}
          {may('faults.read') ? (
            <Link to="/dead-letters">{count(source.dead_letters, 'dead letter')}</Link>
          ) : (
            count(source.dead_letters, 'dead letter')
          )}
        </>
      )}
    </>
  );
}

function Send() {
  const command = `curl -X POST ${location.origin}/api/v1/alerts -H 'Content-Type: application/json' \\
  -d '{"alert_type":"ssh_bruteforce","message":"First alert","host":"web-01","ip":"203.0.113.9","severity":"high"}'`;
  return (
    <>
      <MonoBlock text={command} label="Command that sends an alert" />
      <div className={css['row']}>
        <Button icon="copy" onClick={() => void copyText(command, 'the command')}>
          Copy command
        </Button>
        <a href="/docs">API reference</a>
      </div>
    </>
  );
}
