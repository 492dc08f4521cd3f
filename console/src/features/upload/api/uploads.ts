// One file to the server, and how far it is read.
import { ApiError, get, query } from '@/shared/api/http';
import type { components } from '@/shared/api/schema';
import type { Problem } from '@/shared/api/wire';

export type Upload = components['schemas']['Upload'];

const kPollMs = 500;

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
  if (!response.ok) throw new ApiError(response.status, body as Partial<Problem>);
  return body as Upload;
}

// Until it is done or failed; `seen` gets each report on the way.
export async function follow(first: Upload, seen: (report: Upload) => void, signal: AbortSignal) {
  for (let report = first; ; report = await get<Upload>(`/api/v1/uploads/${first.id}`, signal)) {
    seen(report);
    if (report.state !== 'running') return;
    await new Promise((resolve) => setTimeout(resolve, kPollMs));
    if (signal.aborted) return;
  }
}
