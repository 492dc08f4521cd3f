// One file to the server, and how far it is read.
import { ApiError, get, query } from '@/shared/api/http';
import type { components } from '@/shared/api/schema';
import type { Problem } from '@/shared/api/wire';

export type Upload = components['schemas']['Upload'];

const kPollMs = 500;
const kSlowPollMs = 5000; // while the server does not answer

export async function sendFile(file: File, source: string): Promise<Upload> {
  const path = `/api/v1/uploads${query({ source: source.trim(), filename: file.name })}`;
  const response = await fetch(path, {
    method: 'POST',
    headers: { Accept: 'application/json', 'Content-Type': 'application/octet-stream' },
    body: file,
  }).catch(() => {
    throw new ApiError(0, {
      title: 'No answer from the server',
      hint: 'Nothing is lost: send the file again, what was stored is not doubled.',
    });
  });
  const body: unknown = await response.json().catch(() => ({ title: `Status ${response.status}` }));
  if (!response.ok) throw new ApiError(response.status, body as Partial<Problem>, retryAfter(response));
  return body as Upload;
}

function retryAfter(response: Response): number | null {
  const seconds = Number.parseInt(response.headers.get('Retry-After') ?? '', 10);
  return Number.isNaN(seconds) ? null : seconds;
}

// Until it is done or failed; `seen` gets each report after the first. A server that is away comes back and knows how
// far it was, so only its own refusal ends this.
export async function follow(first: Upload, seen: (report: Upload) => void): Promise<void> {
  let wait = kPollMs;
  for (let state = first.state; state === 'running';) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    try {
      const report = await get<Upload>(`/api/v1/uploads/${first.id}`);
      seen(report);
      state = report.state;
      wait = kPollMs;
    } catch (error) {
      if (!(error instanceof ApiError) || (error.status > 0 && error.status < 500)) throw error;
      wait = kSlowPollMs;
    }
  }
}
