import { pushes } from '../../../shared/contract/pushes.ts';
import type { Runtime } from '../../runtime/runtime-types.ts';
import { createAttention, shorten } from './attention.ts';
import type { FollowedApp } from './follow-app.ts';
import type { Notes } from './notes.ts';
import { createRefusalNotice } from './refusal-notice.ts';

export interface NotificationDeps {
  runtime: Pick<Runtime, 'onAttention' | 'pushHub'>;
  app: Pick<FollowedApp, 'status' | 'onChange'>;
  notes: Notes;
  isWanted(): boolean;
  /** Shows the page at this path. */
  open(path: string): void;
}

/** Gathers what needs attention into few notifications, by the process's own clock. */
export const attentionNotes = (notes: Notes, isWanted: () => boolean, open: (path: string) => void, of = '') =>
  createAttention({
    isWanted: () => notes.isSupported() && isWanted(),
    nowMs: () => performance.now(),
    after(delayMs, callback) {
      const timer = setTimeout(callback, delayMs);
      return () => clearTimeout(timer);
    },
    show: ({ title, body, path }) => notes.show({ title: `${of}${title}`, body }, () => open(path)),
  });

/** Shows the messages of alarms; `of` goes before their titles. */
export function showAlarms(value: unknown, notes: Notes, open: (path: string) => void, of = ''): void {
  const told = pushes['alarms.notified'].safeParse(value);
  if (!told.success) return;
  for (const { title, body, path } of told.data.items)
    notes.show({ title: `${of}${title}`, body: shorten(body, 200) }, () => open(path));
}

/** Tells the person through the desktop's notifications; gives the way to stop. */
export function notifyOfRuns({ runtime, app, notes, isWanted, open }: NotificationDeps): () => void {
  const attention = attentionNotes(notes, isWanted, open);
  let isStopped = false;
  // Independent of the setting for runs: while it lasts, senders lose what they do not retry.
  const checkRefusals = createRefusalNotice((note) => notes.show(note, () => open(note.path)));
  const look = (): void => {
    if (!isStopped) checkRefusals(app.status());
  };
  app.onChange(look);
  look();
  // An alarm names the desktop itself: no setting turns it off.
  const alarms = runtime.pushHub.connect(
    ({ value }) => {
      showAlarms(value, notes, open);
      return true;
    },
    { names: ['alarms.notified'] },
  );
  const stop = runtime.onAttention((runs) => attention.add(runs));
  return () => {
    isStopped = true;
    stop();
    alarms.close();
    attention.close();
  };
}
