import type { Status } from '../../shared/contract/app.ts';

export type Lamp = 'green' | 'amber' | 'red';

/** Red: deliveries are turned away. Amber: someone should look. Green: all is well. */
export function lampOf({ receiver, runs, alerts }: Pick<Status, 'receiver' | 'runs' | 'alerts'>): Lamp {
  if (!receiver.accepting || alerts.some((alert) => alert.level === 'error')) return 'red';
  return runs.inbox > 0 || alerts.some((alert) => alert.level === 'warning') ? 'amber' : 'green';
}

/** The tray's three lines. */
export function statusLines({ receiver, runs }: Pick<Status, 'receiver' | 'runs'>): string[] {
  return [
    receiver.accepting ? 'Accepting deliveries' : 'Not accepting deliveries',
    runs.waiting > 0 ? `${runs.running} running, ${runs.waiting} waiting` : `${runs.running} running`,
    runs.inbox === 0 ? 'Inbox is empty' : `${runs.inbox} in the inbox`,
  ];
}
