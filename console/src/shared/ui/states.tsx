// What a place shows when it has nothing to show: the exact words of the design, section 6.
import { Component, useEffect, useState, type ReactNode } from 'react';
import { ApiError } from '@/shared/api/http';
import { duration, sentence } from '@/shared/text/words';
import { Button, CopyButton } from './basics';
import css from './states.module.css';

// Nothing below 300 ms, then a still skeleton, from 2 s on words.
export function Loading({ lines = 6, what = 'the list' }: { lines?: number; what?: string }) {
  const [ms, setMs] = useState(0);
  useEffect(() => {
    const began = Date.now();
    const timer = window.setInterval(() => {
      setMs(Date.now() - began);
    }, 300);
    return () => {
      window.clearInterval(timer);
    };
  }, []);
  if (ms < 300) return <div className={css['quiet']} aria-busy />;
  return (
    <div className={css['skeleton']} role="status">
      {ms >= 2000 ? (
        <p className="secondary">Still reading, {duration(ms)}.</p>
      ) : (
        <span className="sr-only">Reading {what}</span>
      )}
      {Array.from({ length: lines }, (_, i) => (
        <span key={i} className={css['bone']} />
      ))}
    </div>
  );
}

export function Empty({ text, children }: { text: string; children?: ReactNode }) {
  return (
    <div className={css['empty']}>
      <p>{text}</p>
      {children && <div className={css['row']}>{children}</div>}
    </div>
  );
}

// `what` is the subject: "The list".
export function ProblemView({
  error,
  what,
  onRetry,
}: {
  error: unknown;
  what: string;
  onRetry?: () => void;
}) {
  const problem =
    error instanceof ApiError
      ? error.problem
      : { title: error instanceof Error ? error.message : String(error) };
  const busy = error instanceof ApiError && error.status === 429;
  return (
    <div className={css['problem']} role="alert">
      <p>
        {busy
          ? `The server is busy and took nothing. Trying again in ${error.retryAfterSeconds ?? 3} s.`
          : [`${what} could not be read.`, problem.detail ?? problem.title, problem.hint]
              .map((part) => sentence(part ?? ''))
              .filter(Boolean)
              .join(' ')}
      </p>
      <div className={css['row']}>
        {onRetry && <Button onClick={onRetry}>Try again</Button>}
        {problem.trace_id && (
          <span className="muted">
            Trace <code>{problem.trace_id.slice(0, 8)}</code>{' '}
            <CopyButton text={problem.trace_id} what="the trace id" />
          </span>
        )}
      </div>
    </div>
  );
}

// One a panel: what breaks inside stays inside.
export class Boundary extends Component<{ what: string; children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error): { error: Error } {
    return { error };
  }

  override render(): ReactNode {
    if (!this.state.error) return this.props.children;
    return (
      <ProblemView
        error={this.state.error}
        what={this.props.what}
        onRetry={() => {
          this.setState({ error: null });
        }}
      />
    );
  }
}
