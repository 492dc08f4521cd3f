// The virtual list of rules: the grid has the focus and points at the row in focus, as the queue does.
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { Link } from 'react-router';
import type { Rule } from '@/shared/api/wire';
import { kTouchRow, useRowHeight } from '@/shared/list/useRowHeight';
import { total } from '@/shared/text/words';
import { Hostile } from '@/shared/ui/Hostile';
import { SeverityMark } from '@/shared/ui/Severity';
import { alertsOf, costText, falseText, rulePage, severityOf, sourceText } from '../rules';
import css from './RuleGrid.module.css';

interface Props {
  rules: readonly Rule[];
  focusId: string | null;
  onFocus: (id: string) => void;
  onOpen: (id: string) => void;
}

const kHead = 32;

export function RuleGrid({ rules, focusId, onFocus, onOpen }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const height = useRowHeight();
  const head = height === kTouchRow ? 0 : kHead;
  const focusAt = rules.findIndex(({ id }) => id === focusId);
  // The compiler cannot see through the virtualizer; nothing below depends on its being memoised.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtual = useVirtualizer({
    count: rules.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 12,
    scrollMargin: head,
    scrollPaddingStart: head,
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range);
      return focusAt < 0 || shown.includes(focusAt) ? shown : [...shown, focusAt].sort((a, b) => a - b);
    },
  });
  useEffect(() => {
    virtual.measure();
  }, [height, virtual]);
  useEffect(() => {
    if (focusAt >= 0) virtual.scrollToIndex(focusAt, { align: 'auto' });
  }, [focusAt, virtual]);
  return (
    <div
      className={css['grid']}
      role="grid"
      aria-label="Rules"
      aria-rowcount={rules.length + 1}
      tabIndex={0}
      aria-activedescendant={focusAt >= 0 ? `rule-row-${focusAt}` : undefined}
    >
      <div className={css['scroller']} ref={scroller} role="presentation">
        <Head />
        <div role="rowgroup" className={css['canvas']} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const rule = rules[index];
            return (
              rule && (
                <Row
                  key={rule.id}
                  rule={rule}
                  index={index}
                  focused={index === focusAt}
                  place={start - head}
                  onFocus={onFocus}
                  onOpen={onOpen}
                />
              )
            );
          })}
        </div>
      </div>
    </div>
  );
}

const titles = [
  ['title', 'Rule'],
  ['level', 'Level'],
  ['on', 'State'],
  ['matches', 'Matches 7 d'],
  ['false', 'False positives'],
  ['cost', 'Cost per 1,000'],
  ['source', 'Log source'],
  ['technique', 'Techniques'],
  ['status', 'Status'],
] as const;

function Head() {
  return (
    <div role="rowgroup" className={css['head']}>
      <div role="row" aria-rowindex={1} className={css['row']}>
        {titles.map(([name, text]) => (
          <span key={name} role="columnheader" className={css[name]}>
            {text}
          </span>
        ))}
      </div>
    </div>
  );
}

interface RowProps {
  rule: Rule;
  index: number;
  focused: boolean;
  place: number;
  onFocus: (id: string) => void;
  onOpen: (id: string) => void;
}

function Row({ rule, index, focused, place, onFocus, onOpen }: RowProps) {
  return (
    // Keys are handled for the whole grid; the row only takes clicks.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      role="row"
      tabIndex={-1}
      id={`rule-row-${index}`}
      aria-rowindex={index + 2}
      aria-selected={focused}
      className={`${css['row']} ${css['body']} ${focused ? css['focused'] : ''}`}
      style={{ transform: `translateY(${place}px)` }}
      onClick={() => onFocus(rule.id)}
      onDoubleClick={() => onOpen(rule.id)}
    >
      <Cells rule={rule} />
    </div>
  );
}

function Cells({ rule }: { rule: Rule }) {
  const cell = (name: string, content: React.ReactNode, title?: string) => (
    <span role="gridcell" className={css[name]} title={title}>
      {content}
    </span>
  );
  return (
    <>
      {cell(
        'title',
        <Link tabIndex={-1} to={rulePage(rule.id)}>
          <Hostile text={rule.title} cap={200} />
        </Link>,
      )}
      {cell('level', <SeverityMark severity={severityOf(rule.level)} />)}
      {cell('on', rule.enabled ? 'On' : <span className={css['off']}>Off</span>)}
      {cell(
        'matches',
        rule.matches_7d > 0 ? (
          <Link tabIndex={-1} to={alertsOf(rule)} aria-label={`${rule.matches_7d} matches, their alerts`}>
            {total(rule.matches_7d)}
          </Link>
        ) : (
          '0'
        ),
      )}
      {cell(
        'false',
        rule.closed_alerts > 0 ? (
          <Link tabIndex={-1} to={alertsOf(rule, ['status', 'closed'])}>
            {falseText(rule)}
          </Link>
        ) : (
          <span className="muted">{falseText(rule)}</span>
        ),
      )}
      {cell('cost', rule.cost ? costText(rule) : <span className="muted">{costText(rule)}</span>)}
      {cell('source', <Hostile text={sourceText(rule)} cap={60} />)}
      {cell('technique', rule.techniques.join(', ') || <span className="muted">none</span>)}
      {cell('status', <Hostile text={rule.status} cap={20} />)}
    </>
  );
}
