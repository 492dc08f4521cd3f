// How old each part is and what it lacks, and what a value would get.
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { useActions } from '@/shared/keys/registry';
import { total } from '@/shared/text/words';
import { Button, Panel } from '@/shared/ui/basics';
import { Hostile } from '@/shared/ui/Hostile';
import { Loading, ProblemView } from '@/shared/ui/states';
import { Age } from '@/shared/ui/TimeText';
import { toast } from '@/shared/ui/toasts';
import { partsQuery, useDropCatalogue, usePutCatalogue, useReload, type PartState } from '../api/reference';
import { useAddress } from '../useAddress';
import { FileDialog } from './FileDialog';
import { Lookup } from './Lookup';
import { NotDone, RemoveDialog, Table } from './parts';
import css from './Enrichment.module.css';

const parts: Record<PartState['part'], { title: string; to?: string; next: string }> = {
  assets: { title: 'Assets', to: '/enrichment/assets', next: 'Add one, or upload a table.' },
  users: { title: 'Users', to: '/enrichment/users', next: 'Add one, or upload a table.' },
  intel: { title: 'Intel lists', to: '/enrichment/intel', next: 'Import a STIX or MISP file.' },
  warning_lists: { title: 'Warning lists', to: '/enrichment/warning-lists', next: 'Upload a list.' },
  known_exploited: { title: 'Exploited vulnerabilities', next: 'Upload the catalogue of CISA.' },
  geoip: { title: 'Geo databases', next: '' }, // its note says where to put them
};

export function Overview() {
  const { data, error, refetch } = useQuery(partsQuery);
  const { of, edit } = useAddress();
  const reload = useReload();
  const catalogue = data?.find(({ part }) => part === 'known_exploited');
  const read = () => {
    reload.mutate(null, {
      onSuccess: () => {
        toast({ text: 'The files of the enrichment folder were read again.' });
      },
    });
  };
  useActions([
    {
      id: 'lookup',
      title: 'Look a value up',
      group: 'Work',
      keys: ['/'],
      run: () => document.getElementById('lookup-value')?.focus(),
    },
    {
      id: 'reload',
      title: 'Read the enrichment files again',
      group: 'Work',
      keys: ['Shift+r'],
      needs: 'knowledge.write',
      run: read,
    },
  ]);
  return (
    <>
      <Lookup />
      <div className={css['panel']}>
        <Panel
          title="What is loaded"
          aside={
            <Button keys="Shift R" needs="knowledge.write" disabled={reload.isPending} onClick={read}>
              Read files again
            </Button>
          }
        >
          {reload.error && <NotDone error={reload.error} what="Not read." />}
          {error && !data && <ProblemView error={error} what="The state" onRetry={() => void refetch()} />}
          {!data && !error && <Loading lines={6} what="the state" />}
          {data && <Parts states={data} />}
        </Panel>
      </div>
      <Panel title="Exploited vulnerabilities">
        <p className="secondary">
          CISA publishes the catalogue as known_exploited_vulnerabilities.json. Without it only the ids that
          came with this version are known, without due dates.
        </p>
        <div className={css['row']}>
          <Button
            needs="knowledge.write"
            onClick={() => {
              edit({ add: 'catalogue' });
            }}
          >
            Upload catalogue…
          </Button>
          {catalogue?.origin === 'uploaded' && (
            <Button
              needs="knowledge.write"
              look="ghost"
              onClick={() => {
                edit({ drop: 'catalogue' });
              }}
            >
              Go back to the shipped ids…
            </Button>
          )}
        </div>
      </Panel>
      {of('add') === 'catalogue' && <PutCatalogue />}
      {of('drop') === 'catalogue' && <DropCatalogue />}
    </>
  );
}

function Parts({ states }: { states: readonly PartState[] }) {
  return (
    <Table
      caption="What is loaded"
      columns={['Part', 'Entries', 'Version', 'As of', 'Loaded', 'What is missing']}
    >
      {states.map((state) => {
        const { title, to, next } = parts[state.part];
        return (
          <tr key={state.part}>
            <th scope="row">{to ? <Link to={to}>{title}</Link> : title}</th>
            <td className={css['number']}>{total(state.entries)}</td>
            <td>
              {state.version === '' ? (
                <span className="muted">none</span>
              ) : (
                <Hostile text={state.version} kind="version" cap={60} />
              )}
            </td>
            <td>{state.as_of ? <Ago at={state.as_of} /> : <span className="muted">not said</span>}</td>
            <td>{state.loaded_at ? <Ago at={state.loaded_at} /> : <span className="muted">never</span>}</td>
            <td className={css['wide']}>
              {state.note !== '' && <Hostile text={`${spoken(state.note)} `} cap={400} />}
              {state.entries === 0 && next}
              {state.note === '' && state.entries > 0 && <span className="muted">nothing</span>}
            </td>
          </tr>
        );
      })}
    </Table>
  );
}

function spoken(note: string): string {
  return `${note.charAt(0).toUpperCase()}${note.slice(1)}.`;
}

function Ago({ at }: { at: string }) {
  return (
    <>
      <Age at={at} /> ago
    </>
  );
}

function PutCatalogue() {
  const { edit } = useAddress();
  const put = usePutCatalogue();
  return (
    <FileDialog
      title="Upload the catalogue of exploited vulnerabilities"
      button="Upload catalogue"
      accept=".json,application/json"
      about="The file known_exploited_vulnerabilities.json as CISA publishes it. It takes the place of the one before."
      act={put}
      onDone={(stored) => {
        toast({ text: `Stored the catalogue, version ${stored.version}: ${total(stored.entries)} ids.` });
      }}
      onClose={() => {
        edit({ add: null });
      }}
    />
  );
}

function DropCatalogue() {
  const { edit } = useAddress();
  const drop = useDropCatalogue();
  const close = () => {
    edit({ drop: null });
  };
  return (
    <RemoveDialog
      title="Go back to the shipped ids"
      button="Delete uploaded catalogue"
      busy={drop.isPending}
      error={drop.error}
      onRemove={() => {
        drop.mutate(null, {
          onSuccess: () => {
            toast({ text: 'The uploaded catalogue was deleted.' });
            close();
          },
        });
      }}
      onClose={close}
    >
      <p>The uploaded catalogue is deleted, with its due dates. To have it again, upload it again.</p>
    </RemoveDialog>
  );
}
