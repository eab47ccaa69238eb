import { useEffect } from 'react';
import type { Approval } from '../../../shared/contract/approvals.ts';
import { call } from '../../client/index.ts';
import { type CallState, useCall } from '../calls/use-call.ts';

const checkMs = 2000;
/** Hashing large files must not keep the app busy: it rests ten times as long as it took. */
const restsFor = 10;

/**
 * What a pending run would execute, kept fresh: fetched again when its definition changes, and when its files do, which
 * nothing announces. A hidden page does not look.
 */
export function useApproval(runId: string): CallState<Approval> {
  const got = useCall('runs.approval', { id: runId }, { reloadOn: ['jobs.changed'] });
  const { reload } = got;
  const digest = got.value?.digest;

  useEffect(() => {
    if (digest === undefined) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const later = (ms: number): void => {
      if (!isOver) timer = setTimeout(() => void check(), ms);
    };
    const check = async (): Promise<void> => {
      timer = undefined;
      if (document.hidden) return;
      const from = performance.now();
      // A file that cannot be read now is shown as the error it is.
      const now = await call('runs.approvalDigest', { id: runId }).catch(() => null);
      if (isOver) return;
      if (now?.digest !== digest) reload();
      later(Math.max(checkMs, restsFor * (performance.now() - from)));
    };
    const onShown = (): void => {
      if (!document.hidden && timer === undefined) later(0);
    };
    later(checkMs);
    document.addEventListener('visibilitychange', onShown);
    return () => {
      isOver = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onShown);
    };
  }, [runId, digest, reload]);
  return got;
}
