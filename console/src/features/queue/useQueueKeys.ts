// What the keys do in the list.
import type { Item } from '@/shared/api/wire';
import { useActions } from '@/shared/keys/registry';
import type { Queue } from './useQueue';
import type { QueueUrl } from './useQueueUrl';
import { views } from './views';

export function toggled(set: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(id)) next.add(id);
  return next;
}

interface KeyProps {
  queue: Queue;
  url: QueueUrl;
  step: (by: number) => Item | undefined;
  open: (id: string) => void;
  focused: Item | null;
}

export function useQueueKeys({ queue, url, step, open, focused }: KeyProps): void {
  const nothing = focused ? null : 'The list has no row in focus.';
  const { selected, setSelected, rows } = queue;
  const extend = (by: number) => {
    const next = step(by);
    const ids = [focused?.id, next?.id].filter((id) => id !== undefined);
    setSelected(new Set([...selected, ...ids]));
  };
  useActions([
    {
      id: 'next',
      title: 'Next row',
      group: 'Move',
      keys: ['j', 'ArrowDown'],
      blocked: nothing,
      hidden: true,
      run: () => step(1),
    },
    {
      id: 'previous',
      title: 'Previous row',
      group: 'Move',
      keys: ['k', 'ArrowUp'],
      blocked: nothing,
      hidden: true,
      run: () => step(-1),
    },
    {
      id: 'page-down',
      title: 'Ten rows down',
      group: 'Move',
      keys: ['PageDown'],
      blocked: nothing,
      hidden: true,
      run: () => step(10),
    },
    {
      id: 'page-up',
      title: 'Ten rows up',
      group: 'Move',
      keys: ['PageUp'],
      blocked: nothing,
      hidden: true,
      run: () => step(-10),
    },
    {
      id: 'first',
      title: 'First row',
      group: 'Move',
      keys: ['Home'],
      blocked: nothing,
      hidden: true,
      run: () => step(-rows.length),
    },
    {
      id: 'open',
      title: 'Open the row in focus',
      group: 'Move',
      keys: ['Enter', 'o'],
      blocked: nothing,
      run: () => {
        if (focused) open(focused.id);
      },
    },
    {
      id: 'peek',
      title: url.peek ? 'Close the peek panel' : 'Peek at the row in focus',
      group: 'View',
      keys: ['Space'],
      blocked: nothing,
      run: () => {
        url.edit({ peek: url.peek ? null : '1' }, true);
      },
    },
    {
      id: 'select',
      title: 'Select the row in focus',
      group: 'Work',
      keys: ['x'],
      blocked: nothing,
      run: () => {
        if (focused) setSelected(toggled(selected, focused.id));
      },
    },
    {
      id: 'extend-down',
      title: 'Extend the selection down',
      group: 'Work',
      keys: ['Shift+j', 'Shift+ArrowDown'],
      blocked: nothing,
      hidden: true,
      run: () => {
        extend(1);
      },
    },
    {
      id: 'extend-up',
      title: 'Extend the selection up',
      group: 'Work',
      keys: ['Shift+k', 'Shift+ArrowUp'],
      blocked: nothing,
      hidden: true,
      run: () => {
        extend(-1);
      },
    },
    {
      id: 'select-all',
      title: 'Select all loaded rows',
      group: 'Work',
      keys: ['Ctrl+a'],
      blocked: nothing,
      run: () => {
        setSelected(new Set(rows.map((row) => row.id)));
      },
    },
    {
      id: 'clear',
      title: 'Clear the selection, then close the peek',
      group: 'Work',
      keys: ['Escape'],
      hidden: true,
      run: () => {
        if (selected.size > 0) setSelected(new Set());
        else if (url.peek) url.edit({ peek: null }, true);
      },
    },
    {
      id: 'refresh',
      title: 'Show new rows',
      group: 'View',
      keys: ['Shift+r'],
      run: () => void queue.refresh(),
    },
    {
      id: 'list',
      title: url.kind === 'alerts' ? 'Show incidents' : 'Show alerts',
      group: 'View',
      keys: ['l'],
      run: () => {
        url.edit({ list: url.kind === 'alerts' ? 'incidents' : 'alerts', q: null, sort: null, sel: null });
      },
    },
    ...views[url.kind].map((view) => ({
      id: `view-${view.title}`,
      title: `View: ${view.title}`,
      group: 'View' as const,
      run: () => {
        url.edit({ q: view.q, sel: null });
      },
    })),
  ]);
}
