import { useStatus } from '../../model/app/status.ts';
import { useAlarmInbox } from '../../model/definitions/alarm-inbox.ts';

/** Runs and alarms in the inbox. */
export function useInboxCount(): number {
  const alarms = useAlarmInbox((state) => state.items.length);
  return useStatus((state) => state.status?.runs.inbox ?? 0) + alarms;
}
