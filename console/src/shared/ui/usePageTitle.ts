import { useEffect } from 'react';

// "(3) Queue · Tocsin": the number counts new critical and high rows only.
export function usePageTitle(name: string, news = 0): void {
  useEffect(() => {
    document.title = `${news > 0 ? `(${news}) ` : ''}${name} · Tocsin`;
  }, [name, news]);
}
