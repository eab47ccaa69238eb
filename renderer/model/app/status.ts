import { create } from 'zustand';
import type { Status } from '../../../shared/contract/app.ts';
import { type AppError, call, onGap, onPush, toAppError } from '../../client/index.ts';

interface StatusState {
  status: Status | null;
  error: AppError | null;
}

export const useStatus = create<StatusState>(() => ({ status: null, error: null }));

async function fetchStatus(): Promise<void> {
  try {
    useStatus.setState({ status: await call('app.status', {}), error: null });
  } catch (error) {
    // The last known status stays on show; the connection lamp tells that it is old.
    useStatus.setState({ error: toAppError(error) });
  }
}

export function followStatus(): () => void {
  void fetchStatus();
  const stops = [
    onPush('app.statusChanged', (status) => useStatus.setState({ status, error: null })),
    onGap(() => void fetchStatus()),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
