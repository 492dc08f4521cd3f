import { describe, expect, it, vi } from 'vitest';
import { ApiError } from '@/shared/api/http';
import { canUndo, shownTexts, toast, underway, undoLast } from './toasts';

const undoable = (log: string[], name: string) => {
  toast({
    text: name,
    undo: () => {
      log.push(name);
      return Promise.resolve(`${name} undone`);
    },
  });
};

describe('undo', () => {
  it('takes back the newest change, once', async () => {
    const log: string[] = [];
    expect(canUndo()).toBe(false);
    undoable(log, 'first');
    undoable(log, 'second');
    undoLast();
    undoLast();
    undoLast();
    await Promise.resolve();
    expect(log).toEqual(['second', 'first']);
  });

  it('waits for a change that is underway', async () => {
    const log: string[] = [];
    undoable(log, 'before');
    let answer: () => void = () => undefined;
    const change = underway(async () => {
      await new Promise<void>((resolve) => (answer = resolve));
      undoable(log, 'slow');
    });
    undoLast();
    expect(log).toEqual([]);
    answer();
    await change;
    expect(log).toEqual(['slow']);
    undoLast();
    expect(log).toEqual(['slow', 'before']);
  });

  it('pressed during a change that fails takes back nothing', async () => {
    const log: string[] = [];
    undoable(log, 'before');
    let fail: (error: Error) => void = () => undefined;
    const change = underway(() => new Promise((_, reject) => (fail = reject)));
    undoLast();
    fail(new Error('refused'));
    await expect(change).rejects.toThrow('refused');
    expect(log).toEqual([]);
    undoLast();
    expect(log).toEqual(['before']);
  });

  it('that is refused says why', async () => {
    toast({ text: 'done', undo: () => Promise.reject(new ApiError(507, { detail: 'the disk is full' })) });
    undoLast();
    await vi.waitFor(() => {
      expect(shownTexts().at(-1)).toBe('Not undone: the disk is full');
    });
  });
});
