import type { Status } from '../../../shared/contract/app.ts';
import { type AttentionNote, shorten } from './attention.ts';

type Seen = Pick<Status, 'phase' | 'receiver' | 'alerts'>;

/** Says once that deliveries are refused, and again only after they were accepted in between. Call it at each change. */
export function createRefusalNotice(show: (note: AttentionNote) => void): (status: Seen) => void {
  let isRefusing = false;
  return ({ phase, receiver, alerts }) => {
    // Stopping or restarting, which was asked for.
    if (phase !== 'running') return;
    const was = isRefusing;
    isRefusing = !receiver.accepting;
    if (was || !isRefusing) return;
    const body =
      alerts.find(({ level }) => level === 'error')?.message ??
      'Senders get 503 until Signalbox accepts deliveries again.';
    show({ title: 'Deliveries are refused', body: shorten(body, 200), path: '/' });
  };
}
