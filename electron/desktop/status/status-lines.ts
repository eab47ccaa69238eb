import type { Status } from '../../../shared/contract/app.ts';

export type Lamp = 'green' | 'amber' | 'red';

/** What of the status is shown. */
export type Shown = Pick<Status, 'runs' | 'alerts' | 'phase'> & {
  receiver: Pick<Status['receiver'], 'accepting' | 'problem'>;
};

/** Red: deliveries are turned away. Amber: someone should look. Green: all is well. */
export function lampOf({ receiver, runs, alerts }: Omit<Shown, 'phase'>): Lamp {
  if (!receiver.accepting || alerts.some((alert) => alert.level === 'error')) return 'red';
  return runs.inbox > 0 || alerts.some((alert) => alert.level === 'warning') ? 'amber' : 'green';
}

/** The tray's three lines. */
export function statusLines({ receiver, runs, phase }: Omit<Shown, 'alerts'>): string[] {
  const ends = phase === 'finishing' || phase === 'stopping';
  return [
    ends
      ? 'Quitting…'
      : receiver.accepting
        ? 'Accepting deliveries'
        : receiver.problem === null
          ? 'Not accepting deliveries'
          : 'Not listening for deliveries',
    runs.waiting > 0 ? `${runs.running} running, ${runs.waiting} waiting` : `${runs.running} running`,
    runs.inbox === 0 ? 'Inbox is empty' : `${runs.inbox} in the inbox`,
  ];
}
