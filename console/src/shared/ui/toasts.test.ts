import { describe, expect, it } from 'vitest';
import { canUndo, toast, underway, undoLast } from './toasts';

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
});
