import { Button } from '@mantine/core';
import type { AppError } from '../../../shared/contract/errors.ts';
import { InlineError } from '../feedback/inline-error.tsx';
import { Timestamp } from '../text/timestamp.tsx';
import classes from './virtual-list.module.css';

interface ListFooterProps {
  list: { loadOlder: () => void };
  state: {
    items: readonly unknown[];
    phase: 'idle' | 'loading' | 'ready' | 'error';
    error: AppError | null;
    loadingOlder: boolean;
    nextCursor: string | null;
    scannedTo: string | null;
    searching: boolean;
  };
  /** What stands at the end of everything. */
  end?: string;
}

/** The old end of a paged list: loading, how far a search got, a failure with another try, or that this is all. */
export function ListFooter({ list, state, end = 'End of list' }: ListFooterProps) {
  if (state.phase === 'idle' || state.phase === 'loading') return null;
  const searched = state.scannedTo !== null && (
    <span>
      Searched back to <Timestamp at={state.scannedTo} day />
    </span>
  );
  return (
    <div className={classes.footer} role="status">
      {state.error !== null && state.items.length > 0 ? (
        <>
          <InlineError error={state.error} />
          <Button variant="default" size="compact-xs" onClick={list.loadOlder}>
            Try again
          </Button>
        </>
      ) : state.searching ? (
        <span>{searched || 'Searching'} …</span>
      ) : state.loadingOlder ? (
        <span>Loading older…</span>
      ) : state.nextCursor !== null ? (
        <>
          {searched}
          <Button variant="default" size="compact-xs" onClick={list.loadOlder}>
            {state.items.length === 0 ? 'Search further back' : 'Older'}
          </Button>
        </>
      ) : (
        state.items.length > 0 && <span>{end}</span>
      )}
    </div>
  );
}
