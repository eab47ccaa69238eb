import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { AppError } from '../../../shared/contract/errors.ts';
import classes from './states.module.css';

interface ErrorStateProps {
  error: AppError;
  title?: string;
  onRetry?: () => void;
}

export function ErrorState({ error, title = 'This could not be loaded', onRetry }: ErrorStateProps) {
  return (
    <div className={classes.state} role="alert">
      <IconAlertTriangle size={26} stroke={1.3} className={classes.bad} />
      <div className={classes.title}>{title}</div>
      <div className={classes.text}>{error.message}</div>
      {onRetry !== undefined && (
        <div className={classes.action}>
          <Button variant="default" onClick={onRetry}>
            Try again
          </Button>
        </div>
      )}
    </div>
  );
}
