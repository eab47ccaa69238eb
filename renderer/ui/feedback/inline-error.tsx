import { IconAlertTriangle } from '@tabler/icons-react';
import type { AppError } from '../../../shared/contract/errors.ts';
import classes from '../text/text.module.css';

/** A failure beside what failed; nothing when there is none. */
export function InlineError({ error, message }: { error?: AppError | null; message?: string | null }) {
  const text = message ?? error?.message;
  if (text === undefined || text === '') return null;
  return (
    <div className={classes.error} role="alert">
      <IconAlertTriangle size={14} stroke={1.8} aria-hidden />
      <span>
        {text}
        {error?.details?.map((detail) => (
          <span key={`${detail.path.join('.')}:${detail.message}`}>
            <br />
            {detail.path.length > 0 && <code>{detail.path.join('.')}: </code>}
            {detail.message}
          </span>
        ))}
      </span>
    </div>
  );
}
