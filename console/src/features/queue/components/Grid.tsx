// The virtual list. The grid itself has the focus and points at the row in focus, so a row may leave the page while
// it scrolls and the focus never gets lost.
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { Link } from 'react-router';
import { useAttackTable } from '@/shared/facts/attack';
import type { Item, Kind } from '@/shared/api/wire';
import { kTouchRow, useRowHeight } from '@/shared/list/useRowHeight';
import { columns, type Column } from './columns';
import css from './Grid.module.css';

interface Props {
  kind: Kind;
  rows: readonly Item[];
  total: number | string;
  sort: string;
  focusId: string | null;
  selected: ReadonlySet<string>;
  changed: Record<string, number>;
  isGone: (item: Item) => boolean;
  onFocus: (id: string) => void;
  onOpen: (id: string) => void;
  onToggle: (id: string) => void;
  onSort: (sort: string) => void;
  onEnd: () => void;
}

const kHeadHeight = 32;

export function Grid(props: Props) {
  const { kind, rows, focusId, onEnd } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const rowHeight = useRowHeight();
  const headHeight = rowHeight === kTouchRow ? 0 : kHeadHeight;
  const focusAt = rows.findIndex((row) => row.id === focusId);
  // The compiler cannot see through the virtualizer; nothing below depends on its being memoised.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollMargin: headHeight,
    scrollPaddingStart: headHeight,
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range);
      // The row in focus stays in the page: assistive technology must find what the grid points at.
      return focusAt < 0 || shown.includes(focusAt) ? shown : [...shown, focusAt].sort((a, b) => a - b);
    },
  });
  const shown = virtual.getVirtualItems();
  const lastShown = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    virtual.measure();
  }, [rowHeight, virtual]);
  useKeepPlace(scroller, virtual, focusId, focusAt, rowHeight);
  useEffect(() => {
    if (lastShown >= rows.length - 30) onEnd();
  }, [lastShown, rows.length, onEnd]);
  return (
    <div
      className={`${css['grid']} ${css[kind]}`}
      role="grid"
      id="queue-grid"
      aria-label={kind === 'alerts' ? 'Alerts' : 'Incidents'}
      aria-rowcount={typeof props.total === 'number' ? props.total + 1 : -1}
      aria-multiselectable
      tabIndex={0}
      aria-activedescendant={focusAt >= 0 ? `row-${focusId}` : undefined}
    >
      <div className={css['scroller']} ref={scroller} role="presentation">
        <Head {...props} />
        <div role="rowgroup" className={css['canvas']} style={{ height: virtual.getTotalSize() }}>
          {shown.map(({ index, start }) => {
            const item = rows[index];
            return (
              item && (
                <Row
                  key={item.id}
                  {...props}
                  item={item}
                  index={index}
                  start={start - headHeight}
                  touch={headHeight === 0}
                />
              )
            );
          })}
        </div>
      </div>
    </div>
  );
}

// Moves the view only as far as the row in focus needs; when rows came in above, that row keeps its place on screen.
function useKeepPlace(
  scroller: React.RefObject<HTMLDivElement | null>,
  virtual: { scrollToIndex: (index: number, options: { align: 'auto' }) => void },
  focusId: string | null,
  focusAt: number,
  rowHeight: number,
): void {
  const before = useRef<{ id: string | null; at: number }>({ id: null, at: -1 });
  useEffect(() => {
    const was = before.current;
    before.current = { id: focusId, at: focusAt };
    if (focusAt < 0) return;
    const element = scroller.current;
    if (was.id === focusId && was.at >= 0 && was.at !== focusAt && element && element.scrollTop > 0)
      element.scrollBy(0, (focusAt - was.at) * rowHeight);
    else if (was.id !== focusId) virtual.scrollToIndex(focusAt, { align: 'auto' });
  }, [scroller, virtual, focusId, focusAt, rowHeight]);
}

function Head({ kind, sort, onSort }: Props) {
  return (
    <div role="rowgroup" className={css['head']}>
      <div role="row" aria-rowindex={1} className={css['row']}>
        <span role="columnheader" className={css['check']}>
          <span className="sr-only">Selected</span>
        </span>
        {columns[kind].map((column) => (
          <HeadCell key={column.id} column={column} sort={sort} onSort={onSort} />
        ))}
      </div>
    </div>
  );
}

function HeadCell({
  column,
  sort,
  onSort,
}: {
  column: Column;
  sort: string;
  onSort: (sort: string) => void;
}) {
  const by = column.sort;
  if (by === undefined)
    return (
      <span role="columnheader" className={css[column.id]}>
        {column.title}
      </span>
    );
  return (
    <span role="columnheader" aria-sort={sort === by ? 'descending' : 'none'} className={css[column.id]}>
      <button
        type="button"
        className={css['sort']}
        onClick={() => {
          onSort(by);
        }}
      >
        {column.title}
        <span aria-hidden>{sort === by ? ' ↓' : ''}</span>
      </button>
    </span>
  );
}

function Row({
  kind,
  item,
  index,
  start,
  focusId,
  selected,
  changed,
  isGone,
  onFocus,
  onOpen,
  onToggle,
  touch,
}: Props & { item: Item; index: number; start: number; touch: boolean }) {
  const table = useAttackTable();
  const focused = item.id === focusId;
  const gone = isGone(item);
  const state = [
    focused && css['focused'],
    selected.has(item.id) && css['selected'],
    gone && css['gone'],
    item.id in changed && css['changed'],
  ];
  return (
    // Keys are handled for the whole grid; the row only takes clicks.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      role="row"
      tabIndex={-1}
      id={`row-${item.id}`}
      aria-rowindex={index + 2}
      aria-selected={selected.has(item.id)}
      className={[css['row'], css['body'], ...state].filter(Boolean).join(' ')}
      style={{ transform: `translateY(${start}px)` }}
      onClick={(event) => {
        onFocus(item.id);
        if (touch && event.target instanceof Element && !event.target.closest('a,input')) onOpen(item.id);
      }}
      onDoubleClick={() => {
        onOpen(item.id);
      }}
    >
      <span role="gridcell" className={css['check']}>
        <input
          type="checkbox"
          tabIndex={-1}
          aria-label={`Select ${item.id}`}
          checked={selected.has(item.id)}
          onChange={() => {
            onToggle(item.id);
          }}
        />
      </span>
      {columns[kind].map((column) => (
        <span key={column.id} role="gridcell" className={css[column.id]}>
          {column.id === 'title' ? (
            <>
              <Link tabIndex={-1} className={css['link']} to={`/${kind}/${encodeURIComponent(item.id)}`}>
                {column.cell(item, table)}
              </Link>
              {gone && <span className={css['note']}>no longer matches</span>}
              {!gone && item.id in changed && <span className={css['note']}>changed</span>}
            </>
          ) : (
            column.cell(item, table)
          )}
        </span>
      ))}
    </div>
  );
}
