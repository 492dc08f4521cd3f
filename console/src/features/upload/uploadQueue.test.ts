import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Upload } from './api/uploads';
import { follow } from './api/uploads';
import { sendFiles } from './uploadQueue';

const file = (name: string) => new File(['x'], name);
const answer = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers });
const report = (state: string, items = 0) => ({ id: 'UP-1', state, items }) as unknown as Upload;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('files are sent', () => {
  it('one after another, whatever becomes of each', async () => {
    let open = 0;
    let most = 0;
    const names: string[] = [];
    vi.stubGlobal('fetch', async (path: string) => {
      most = Math.max(most, ++open);
      names.push(new URL(path, 'http://tocsin').searchParams.get('filename') ?? '');
      await Promise.resolve();
      open -= 1;
      return names.length === 2 ? answer(422, { title: 'nobody knows it' }) : answer(200, report('done'));
    });
    await sendFiles(['a', 'b', 'c'].map(file), '');
    expect(names).toEqual(['a', 'b', 'c']);
    expect(most).toBe(1);
  });

  it('again when the server was busy', async () => {
    const fetched = vi
      .fn()
      .mockResolvedValueOnce(answer(429, { title: 'busy' }, { 'Retry-After': '3' }))
      .mockResolvedValueOnce(answer(200, report('done')));
    vi.stubGlobal('fetch', fetched);
    const sent = sendFiles([file('a')], '');
    await vi.advanceTimersByTimeAsync(2900);
    expect(fetched).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(200);
    await sent;
    expect(fetched).toHaveBeenCalledTimes(2);
  });
});

describe('a file that is read is followed', () => {
  it('while the server is away, until it is done', async () => {
    const answers = [
      () => answer(200, report('running', 1)),
      () => Promise.reject(new TypeError('no connection')),
      () => answer(503, { title: 'starting' }),
      () => answer(200, report('done', 2)),
    ];
    vi.stubGlobal('fetch', () => Promise.resolve((answers.shift() as () => unknown)()));
    const seen: number[] = [];
    const end = follow(report('running'), ({ items }) => seen.push(items));
    await vi.advanceTimersByTimeAsync(20_000);
    await end;
    expect(seen).toEqual([1, 2]);
  });

  it('not when the server does not know it', async () => {
    vi.stubGlobal('fetch', () => Promise.resolve(answer(404, { title: 'no such upload' })));
    const end = expect(follow(report('running'), () => undefined)).rejects.toThrow('no such upload');
    await vi.advanceTimersByTimeAsync(1000);
    await end;
  });
});
