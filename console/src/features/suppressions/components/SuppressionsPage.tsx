// Searches whose alerts are kept out of the queue: whose, why, until when, how many, and which stopped by itself.
import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import type { Suppression } from '@/shared/api/wire';
import { useActions } from '@/shared/keys/registry';
import { Bar, NotThereYet, PageHead, Rows, Split, StateFilter, useRowKeys } from '@/shared/list/List';
import { RowTable, type Column } from '@/shared/list/RowTable';
import { may, personText } from '@/shared/session';
import { visible } from '@/shared/text/hostile';
import { total } from '@/shared/text/words';
import { Button } from '@/shared/ui/basics';
import { Hostile } from '@/shared/ui/Hostile';
import { Empty } from '@/shared/ui/states';
import { Age, useNow } from '@/shared/ui/TimeText';
import { usePageTitle } from '@/shared/ui/usePageTitle';
import { useUrlState } from '@/shared/ui/useUrlState';
import { expiryText, hiddenBy, listQuery, stateOf, states, stateWord, type State } from '../suppressions';
import { SuppressionDialog } from './SuppressionDialog';
import { SuppressionPanel } from './SuppressionPanel';

const columns: readonly [Column<Suppression>, ...Column<Suppression>[]] = [
  { title: 'Suppression', cell: (one) => <Hostile text={one.name} cap={100} /> },
  { title: 'State', cell: (one) => stateWord(one.state), warns: (one) => one.state === 'needs_review' },
  { title: 'Expires', cell: (one) => <Expires one={one} /> },
  {
    title: 'Hits',
    look: 'number',
    cell: (one) => (one.hits > 0 ? <Link to={hiddenBy(one.id)}>{total(one.hits)}</Link> : '0'),
  },
  { title: 'Owner', cell: (one) => visible(personText(one.owner), 40) },
  { title: 'Hides', look: 'wide', cell: (one) => <Hostile text={one.q} mono cap={160} /> },
  {
    title: 'Last hit',
    cell: (one) => (one.last_hit_at ? <Age at={one.last_hit_at} /> : <span className="muted">never</span>),
  },
];

function Expires({ one }: { one: Suppression }) {
  const now = useNow();
  if (one.lifted) return <span className="muted">lifted</span>;
  return <time dateTime={one.expires_at}>{expiryText(one, now)}</time>;
}

export default function SuppressionsPage() {
  const list = useQuery(listQuery);
  const [asked, setAsked] = useUrlState('state');
  const [chosen, setChosen] = useUrlState('id');
  const { adding, begin, end } = useAdding();
  usePageTitle('Suppressions');
  const state = stateOf(asked);
  const all = list.data ?? [];
  const shown = all.filter((one) => state === null || one.state === state);
  const current = all.find(({ id }) => id === chosen);
  useRowKeys({ one: 'suppression', ids: shown.map(({ id }) => id), chosen, choose: setChosen });
  useActions([
    {
      id: 'add-suppression',
      title: 'Suppress alerts…',
      group: 'Work',
      keys: ['n'],
      needs: 'knowledge.write',
      run: begin,
    },
  ]);
  const counts = (name: State) => all.filter((one) => one.state === name).length;
  return (
    <div>
      <PageHead title="Suppressions">
        Alerts that one finds are stored, closed without a verdict and counted, and nobody is told of them.
        Critical ones, those on crown jewels and those to review are never hidden. One stops by itself at what
        it never hid before, and at a jump in volume.
      </PageHead>
      <Bar>
        <StateFilter
          states={states.map(([name, word]) => [name, word, total(counts(name))] as const)}
          state={state}
          onState={setAsked}
        />
        <Button look="primary" keys="n" needs="knowledge.write" onClick={begin}>
          Suppress alerts…
        </Button>
      </Bar>
      <NotThereYet list={list} what="the suppressions" />
      {list.isSuccess && shown.length === 0 && <Nothing state={state} onAll={() => setAsked(null)} />}
      {(shown.length > 0 || current) && (
        <Split
          details={
            current && <SuppressionPanel key={current.id} one={current} onClose={() => setChosen(null)} />
          }
        >
          {shown.length > 0 && (
            <Rows>
              <RowTable
                rows={shown}
                columns={columns}
                idOf={({ id }) => id}
                chosen={chosen}
                onChoose={setChosen}
              />
            </Rows>
          )}
        </Split>
      )}
      {adding && may('knowledge.write') && (
        <SuppressionDialog stored={null} etag={null} start={adding} onClose={end} onDone={setChosen} />
      )}
    </div>
  );
}

// The dialog is in the address, so that an alert's page can lead to it with a search.
function useAdding() {
  const [parameters, setParameters] = useSearchParams();
  const edit = (change: (next: URLSearchParams) => void) => {
    const next = new URLSearchParams(location.search);
    change(next);
    setParameters(next, { replace: true });
  };
  return {
    adding: parameters.has('add')
      ? { q: parameters.get('q') ?? '', name: parameters.get('name') ?? '' }
      : null,
    begin: () => edit((next) => next.set('add', '1')),
    end: () => edit((next) => ['add', 'q', 'name'].forEach((name) => next.delete(name))),
  };
}

function Nothing({ state, onAll }: { state: State | null; onAll: () => void }) {
  if (state !== null)
    return (
      <Empty text={`No suppression in the state “${stateWord(state)}”.`}>
        <Button onClick={onAll}>All suppressions</Button>
      </Empty>
    );
  return (
    <Empty text="No alert is kept out of the queue. Open an alert that comes all the time and choose “Suppress alerts like this”, or begin with a search.">
      <Link to="/queue?list=alerts">To the alerts</Link>
    </Empty>
  );
}
