import { Button } from '@mantine/core';
import { formatCount } from '../../../ui/text/format.ts';
import { Timestamp } from '../../../ui/text/timestamp.tsx';
import classes from './order.module.css';
import type { Pieces } from './use-pieces.ts';

interface OrderBarProps {
  /** Such as `Highest amount first`. */
  title: string;
  pieces: Pieces<unknown>;
  /** Back to the newest first. */
  onLeave: () => void;
}

/** Says of how many events an order is, and goes on or back. */
export function OrderBar({ title, pieces, onLeave }: OrderBarProps) {
  const { events, isReading, isMore, scannedTo } = pieces;
  return (
    <div className={classes.bar} role="status">
      <b>{title}</b>
      <span className={classes.of}>
        {isMore || isReading ? (
          <>
            of the newest {formatCount(events)} matching events
            {scannedTo !== null && (
              <>
                , back to <Timestamp at={scannedTo} day />
              </>
            )}
          </>
        ) : (
          `of all ${formatCount(events)} matching events`
        )}
        {isReading && ' …'}
      </span>
      {!isReading && isMore && (
        <Button size="compact-xs" variant="default" onClick={pieces.readOn}>
          Include older
        </Button>
      )}
      <Button size="compact-xs" variant="default" disabled={isReading} onClick={pieces.reload}>
        Refresh
      </Button>
      <Button size="compact-xs" variant="subtle" onClick={onLeave}>
        Newest first
      </Button>
    </div>
  );
}
