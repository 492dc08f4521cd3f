// The height of a row as the tokens say it for this density and screen.
import { useSyncExternalStore } from 'react';
import { usePrefs } from '@/shared/prefs/prefs';

export const kTouchRow = 64;

const phone = '(max-width: 899px)';

export function useRowHeight(): number {
  const { density } = usePrefs();
  const touch = useMedia(phone);
  if (touch) return kTouchRow;
  return density === 'comfortable' ? 40 : 32;
}

export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (watcher) => {
      const media = window.matchMedia(query);
      media.addEventListener('change', watcher);
      return () => {
        media.removeEventListener('change', watcher);
      };
    },
    () => window.matchMedia(query).matches,
  );
}
