// Talking to the server: JSON in and out, problems as values that the screens can word.

import { signInPage } from '@/shared/session';
import type { Problem } from './wire';

export class ApiError extends Error {
  constructor(
    readonly status: number, // 0: no answer
    readonly problem: Partial<Problem>,
    readonly retryAfterSeconds: number | null = null,
  ) {
    super(problem.detail ?? problem.title ?? 'No answer');
  }
}

export function reasonOf(error: unknown): string {
  if (error instanceof ApiError) return error.problem.detail ?? error.problem.title ?? 'no answer';
  return error instanceof Error ? error.message : String(error);
}

// With what to do about it.
export function faultText(error: unknown): string {
  if (!(error instanceof ApiError)) return reasonOf(error);
  if (error.status === 412)
    return 'Somebody changed it meanwhile. Save again to replace that with yours, or cancel to see it.';
  return [reasonOf(error), error.problem.hint].filter(Boolean).join(' ');
}

// What the server says of each wrong field, by its member: "title", "entities/0/value".
export function faultsOf(error: unknown): Map<string, string> {
  if (!(error instanceof ApiError)) return new Map();
  return new Map(
    (error.problem.errors ?? []).map(({ pointer, detail }) => [pointer.replace(/^\//, ''), detail]),
  );
}

export interface Tagged<T> {
  body: T;
  etag: string | null;
}

interface Options {
  method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  json?: unknown;
  file?: { type: string; body: Blob | string }; // instead of json
  ifMatch?: string | null;
  signal?: AbortSignal | null;
  slow?: boolean; // reads so much that it may take minutes
}

const kTimeoutMs = 20_000;
const kSlowTimeoutMs = 180_000;

export async function send<T>(path: string, options: Options = {}): Promise<Tagged<T>> {
  const response = await reach(path, options);
  // The session ended meanwhile. A wrong password on the page itself is for that page to tell.
  if (response.status === 401 && !path.startsWith('/api/v1/session')) window.location.assign(signInPage());
  if (!response.ok) throw await problemOf(response);
  const text = await response.text();
  return { body: (text === '' ? null : JSON.parse(text)) as T, etag: response.headers.get('ETag') };
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await send<T>(path, { signal: signal ?? null })).body;
}

export async function post<T>(path: string, json: unknown = {}): Promise<T> {
  return (await send<T>(path, { method: 'POST', json })).body;
}

async function reach(path: string, options: Options): Promise<Response> {
  const { method = 'GET', json, file, ifMatch, signal, slow = file !== undefined } = options;
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (file) headers['Content-Type'] = file.type;
  else if (json !== undefined) headers['Content-Type'] = 'application/json';
  if (ifMatch) headers['If-Match'] = ifMatch;
  const timeout = AbortSignal.timeout(slow ? kSlowTimeoutMs : kTimeoutMs);
  try {
    return await fetch(path, {
      method,
      headers,
      body: file?.body ?? (json === undefined ? null : JSON.stringify(json)),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(0, {
      title: 'No answer from the server',
      hint: 'Check that it runs and that this machine reaches it.',
    });
  }
}

async function problemOf(response: Response): Promise<ApiError> {
  const retry = Number(response.headers.get('Retry-After') ?? Number.NaN);
  const problem = await response.json().catch(() => ({ title: `Status ${response.status}` }));
  return new ApiError(response.status, problem as Partial<Problem>, Number.isNaN(retry) ? null : retry);
}

export function query(parameters: Record<string, string | number | null | undefined>): string {
  const filled = Object.entries(parameters).filter(
    ([, value]) => value !== undefined && value !== null && value !== '',
  );
  return filled.length === 0
    ? ''
    : `?${new URLSearchParams(filled.map(([name, value]) => [name, String(value)]))}`;
}
