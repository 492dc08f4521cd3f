// Where the focus is, written into the address once it rests there.
import { useEffect, useRef } from 'react';

const kRestMs = 250;

// Browsers refuse more than a few address changes a second, and j held down makes thirty.
export function useRested(value: string | null, write: (value: string | null) => void): void {
  const writer = useRef(write);
  useEffect(() => {
    writer.current = write;
  });
  useEffect(() => {
    const timer = window.setTimeout(() => {
      writer.current(value);
    }, kRestMs);
    return () => {
      window.clearTimeout(timer);
    };
  }, [value]);
}
