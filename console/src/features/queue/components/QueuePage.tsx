import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { ApiError, query } from '@/shared/api/http';
import type { Item, Kind } from '@/shared/api/wire';
import { useDecisions, type Decisions } from '@/shared/decide/Decide';
import { DemoButtons } from '@/shared/demo/DemoButtons';
import { useActions } from '@/shared/keys/registry';
import { may } from '@/shared/session';
import { usePageTitle } from '@/shared/ui/usePageTitle';
import { hasNews } from '@/shared/live/merge';
import { parse, removeTerm } from '@/shared/query/parse';
import { total as totalText, count } from '@/shared/text/words';
import { Button } from '@/shared/ui/basics';
import { Boundary, Empty, Loading, ProblemView } from '@/shared/ui/states';
import { countQuery } from '../api/list';
import { useQueue, type Queue } from '../useQueue';
import { toggled, useQueueKeys } from '../useQueueKeys';
import { useQueueUrl, type QueueUrl } from '../useQueueUrl';
import { defaultQuery, defaultSort, views } from '../views';
import { Grid } from './Grid';
import { KpiLine } from './KpiLine';
import { Peek } from './Peek';
import { BulkDialog } from './BulkDialog';
import { QueryBar } from './QueryBar';
import { ViewMenu } from './ViewMenu';
import css from './QueuePage.module.css';

export function QueuePage() {
  const url = useQueueUrl();
  const navigate = useNavigate();
  const queue = useQueue(url);
  const { rows, focusId, selected, marks } = queue;
  const [bulk, setBulk] = useState(false);
  const focused = rows.find((row) => row.id === focusId) ?? null;
  const targets = useMemo<readonly Item[]>(() => {
    if (selected.size > 0) return rows.filter((row) => selected.has(row.id));
    return focused ? [focused] : [];
  }, [rows, selected, focused]);
  const step = (by: number) => {
    const at = rows.findIndex((row) => row.id === focusId);
    const next = rows[Math.max(0, Math.min(rows.length - 1, at + by))];
    if (next) queue.setFocusId(next.id);
    return next;
  };
  const decisions = useDecisions(targets, () => {
    queue.setSelected(new Set());
    step(1);
  });
  const open = (id: string) => {
    void navigate(`/${url.kind}/${encodeURIComponent(id)}`);
  };
  useQueueKeys({ queue, url, step, open, focused });
  useActions([
    {
      id: 'bulk',
      title: `Change all ${totalText(queue.total)} that match…`,
      group: 'Decide',
      keys: ['Shift+a'],
      needs: 'alerts.decide',
      blocked: rows.length === 0 ? 'Nothing matches.' : null,
      run: () => {
        setBulk(true);
      },
    },
  ]);
  const grave = Object.values(marks.waiting).filter(
    (severity) => severity === 'critical' || severity === 'high',
  ).length;
  usePageTitle('Queue', grave);
  return (
    <div className={css['page']}>
      <section className={css['main']} aria-label="Queue">
        <Head url={url} total={queue.list.isSuccess ? queue.total : undefined} />
        <QueryBar
          kind={url.kind}
          q={url.q}
          serverError={
            queue.list.error instanceof ApiError && queue.list.error.status === 422
              ? queue.list.error.message
              : null
          }
          onQuery={(q) => {
            url.edit({ q, sel: null });
          }}
        />
        <KpiLine
          kind={url.kind}
          marks={marks}
          asOf={queue.asOf}
          busy={queue.list.isFetching}
          onRefresh={() => void queue.refresh()}
        />
        <Boundary what="The list">
          <Rows queue={queue} url={url} onOpen={open} />
        </Boundary>
        <SelectionBar
          selected={selected}
          decisions={decisions}
          total={queue.total}
          onAll={() => {
            setBulk(true);
          }}
          onClear={() => {
            queue.setSelected(new Set());
          }}
        />
      </section>
      {url.peek && focused && (
        <Peek
          key={url.kind}
          item={focused}
          decisions={decisions}
          onClose={() => {
            url.edit({ peek: null }, true);
          }}
        />
      )}
      {decisions.dialogs}
      {bulk && queue.asOf !== null && (
        <BulkDialog
          kind={url.kind}
          q={url.q}
          asOf={queue.asOf}
          listed={queue.total}
          onClose={() => {
            setBulk(false);
          }}
          onDone={() => {
            queue.setSelected(new Set());
            void queue.refresh();
          }}
        />
      )}
    </div>
  );
}

function Head({ url, total }: { url: QueueUrl; total: number | string | undefined }) {
  return (
    <div className={css['head']}>
      <h1>Queue</h1>
      <div className={css['lists']} role="group" aria-label="List">
        {(['incidents', 'alerts'] as const).map((kind) => (
          <Link key={kind} to={`/queue?list=${kind}`} aria-current={kind === url.kind ? 'page' : undefined}>
            {kind === 'incidents' ? 'Incidents' : 'Alerts'}
          </Link>
        ))}
      </div>
      <ViewMenu url={url} />
      <span className={css['total']}>{totalText(total)} match</span>
      {url.kind === 'alerts' && may('records.export') && (
        <a
          className={css['export']}
          href={`/api/v1/alerts/export${query({ format: 'csv', q: url.q, sort: url.sort })}`}
          download
        >
          Export CSV
        </a>
      )}
    </div>
  );
}

function Rows({ queue, url, onOpen }: { queue: Queue; url: QueueUrl; onOpen: (id: string) => void }) {
  const { list, rows } = queue;
  if (list.isPending) return <Loading lines={12} />;
  if (list.error instanceof ApiError && list.error.status === 422 && rows.length === 0)
    return (
      <Empty text="This query could not be read, so it is not known what matches. The fault is marked above.">
        <Button
          onClick={() => {
            url.edit({ q: null, sel: null });
          }}
        >
          Back to open rows
        </Button>
      </Empty>
    );
  if (list.isError && rows.length === 0)
    return <ProblemView error={list.error} what="The list" onRetry={() => void list.refetch()} />;
  if (rows.length === 0) return <NoRows url={url} waiting={hasNews(queue.marks)} />;
  return (
    <Grid
      kind={url.kind}
      rows={rows}
      total={queue.total}
      sort={url.sort}
      focusId={queue.focusId}
      selected={queue.selected}
      changed={queue.marks.changed}
      isGone={queue.isGone}
      onFocus={queue.setFocusId}
      onOpen={onOpen}
      onToggle={(id) => {
        queue.setSelected(toggled(queue.selected, id));
      }}
      onSort={(sort) => {
        url.edit({ sort: sort === url.sort ? defaultSort[url.kind] : sort });
      }}
      onEnd={queue.more}
    />
  );
}

function hiddenText(open: number | string | undefined, kind: Kind): string {
  if (open === undefined) return 'Open rows may be hidden by this query.';
  if (open === 0) return `No ${kind.slice(0, -1)} is open.`;
  return open === 1
    ? `1 open ${kind.slice(0, -1)} is hidden by this query.`
    : `${totalText(open)} open ${kind} are hidden by this query.`;
}

function NoRows({ url, waiting }: { url: QueueUrl; waiting: boolean }) {
  const { data: open } = useQuery(countQuery(url.kind, defaultQuery(url.kind)));
  const { terms } = parse(url.q);
  const last = terms.at(-1);
  if (last && url.q !== views[url.kind][0]?.q)
    return (
      <Empty text={`No match. ${hiddenText(open, url.kind)}`}>
        <Button
          onClick={() => {
            url.edit({ q: removeTerm(url.q, last), sel: null });
          }}
        >
          Remove {url.q.slice(last.start, last.end)}
        </Button>
      </Empty>
    );
  if (waiting)
    return <Empty text="Nothing open in this list when it was read. New rows are waiting above." />;
  return (
    <Empty
      text={
        url.kind === 'alerts'
          ? 'Nothing open for you. Send an alert, or try sample data.'
          : 'Nothing open for you. Incidents form when alerts belong together.'
      }
    >
      <DemoButtons />
    </Empty>
  );
}

interface BarProps {
  selected: ReadonlySet<string>;
  decisions: Decisions;
  total: number | string;
  onAll: () => void;
  onClear: () => void;
}

function SelectionBar({ selected, decisions, total, onAll, onClear }: BarProps) {
  if (selected.size === 0) return null;
  return (
    <div className={css['selection']} role="group" aria-label="Acts on the selection">
      <b>{count(selected.size, 'row')} selected</b>
      <Button keys="a" needs="alerts.triage" onClick={decisions.take}>
        Assign to me
      </Button>
      <Button keys="v" needs="alerts.decide" onClick={decisions.judge}>
        Verdict
      </Button>
      <Button keys="e" needs="alerts.decide" onClick={decisions.close}>
        Close…
      </Button>
      {total !== selected.size && (
        <Button keys="Shift A" needs="alerts.decide" onClick={onAll}>
          Change all {totalText(total)} that match…
        </Button>
      )}
      <span className={css['spacer']} />
      <Button look="ghost" keys="Esc" onClick={onClear}>
        Clear
      </Button>
    </div>
  );
}
