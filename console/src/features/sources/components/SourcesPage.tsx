import { queryOptions, useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { get } from '@/shared/api/http';
import type { Source } from '@/shared/api/wire';
import { DemoButtons } from '@/shared/demo/DemoButtons';
import { Bar, NotThereYet, PageHead, Rows, Split, useRowKeys } from '@/shared/list/List';
import { RowTable, type Column } from '@/shared/list/RowTable';
import { alertsWhere } from '@/shared/query/write';
import { may } from '@/shared/session';
import { count, total } from '@/shared/text/words';
import { Button, Panel, copyText } from '@/shared/ui/basics';
import { Hostile, MonoBlock } from '@/shared/ui/Hostile';
import { Empty } from '@/shared/ui/states';
import { Age } from '@/shared/ui/TimeText';
import { usePageTitle } from '@/shared/ui/usePageTitle';
import { useUrlState } from '@/shared/ui/useUrlState';
import { faults, grouped, needsLook } from '../sources';
import { SourcePanel } from './SourcePanel';
import { State } from './State';
import css from './SourcesPage.module.css';

const sourcesQuery = queryOptions({
  queryKey: ['sources'],
  queryFn: async ({ signal }) => (await get<{ items: Source[] }>('/api/v1/sources', signal)).items,
  refetchInterval: 10_000,
});

export default function SourcesPage() {
  const list = useQuery(sourcesQuery);
  const { data } = list;
  usePageTitle('Sources');
  return (
    <div>
      <PageHead title="Sources">
        {data ? headline(data) : 'What sends to this server.'} Counts are since this server started unless
        they say stored. A source whose rhythm nobody configured is unknown when it is quiet, not well.
      </PageHead>
      {!data && <NotThereYet list={list} what="the sources" />}
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
  useRowKeys({
    one: 'source',
    ids: shown.map(keyOf),
    chosen,
    choose: setChosen,
    more: [
      {
        id: 'only-faults',
        title: only === 'faults' ? 'Show all sources' : 'Show only sources that are silent or have faults',
        group: 'View',
        keys: ['f'],
        run: turn,
      },
    ],
  });
  if (sources.length === 0)
    return (
      <Empty text="Nothing has sent anything yet, and no listener or file is configured. Send one alert with the command below, configure a listener, or load sample data.">
        <DemoButtons />
      </Empty>
    );
  return (
    <>
      <Bar>
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
      </Bar>
      {shown.length === 0 && (
        <Empty text="No source is silent or has faults. Those that are unknown are not judged by this.">
          <Button onClick={turn}>All sources</Button>
        </Empty>
      )}
      <Split details={current && <SourcePanel source={current} onClose={() => setChosen(null)} />}>
        {grouped(shown).map(([title, own]) => (
          <section key={title} aria-label={title}>
            <h2 className={css['group']}>{title}</h2>
            <Rows>
              <RowTable
                rows={own}
                columns={columns}
                idOf={keyOf}
                chosen={chosen}
                onChoose={(key) => setChosen(key === chosen ? null : key)}
              />
            </Rows>
          </section>
        ))}
      </Split>
    </>
  );
}

// A listener and a source may share a name.
function keyOf(source: Source): string {
  return `${source.kind}:${source.name}`;
}

const columns: readonly [Column<Source>, ...Column<Source>[]] = [
  { title: 'Source', cell: (source) => <Hostile text={source.name} mono cap={60} /> },
  { title: 'State', cell: (source) => <State source={source} /> },
  {
    title: 'Last record',
    cell: (source) =>
      source.last_record_at ? (
        <>
          <Age at={source.last_record_at} /> ago
        </>
      ) : (
        <span className={`${css['unknown']} hatch`}>? none</span>
      ),
  },
  { title: 'Last minute', look: 'number', cell: (source) => total(source.last_minute) },
  { title: 'Last hour', look: 'number', cell: (source) => total(source.last_hour) },
  { title: 'Stored', look: 'number', cell: (source) => <Stored source={source} /> },
  { title: 'Faults', look: 'wide', cell: (source) => <Faults source={source} /> },
];

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
