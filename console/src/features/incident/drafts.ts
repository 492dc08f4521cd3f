// A draft belongs to the permanent id of its incident and to this browser until it is shared.

export interface Draft {
  text: string;
  savedAt: string;
}

const key = (id: string) => `tocsin.draft.${id}`;

export function loadDraft(id: string): Draft | null {
  try {
    const found = JSON.parse(localStorage.getItem(key(id)) ?? 'null') as Draft | null;
    return found && typeof found.text === 'string' ? found : null;
  } catch {
    return null;
  }
}

// Null when there is nothing to keep, or this browser does not keep it.
export function saveDraft(id: string, text: string, now: Date): Draft | null {
  try {
    if (text === '') localStorage.removeItem(key(id));
    else localStorage.setItem(key(id), JSON.stringify({ text, savedAt: now.toISOString() } satisfies Draft));
    return text === '' ? null : { text, savedAt: now.toISOString() };
  } catch {
    return null;
  }
}
