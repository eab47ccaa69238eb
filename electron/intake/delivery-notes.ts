import type { DeliveryNote } from '../../shared/contract/deliveries.ts';
import type { DeliveryDraft } from './intake-types.ts';

/** A body of a thousand odd items has a thousand things to note; the first of them say what is wrong with the sender. */
const maxNotes = 20;
const maxMessageLength = 500;

/** Adds what is new in `notes` to the draft, up to 20. */
export function addNotes(delivery: DeliveryDraft, notes: readonly DeliveryNote[] | undefined): void {
  if (notes === undefined || notes.length === 0) return;
  const kept = [...(delivery.notes ?? [])];
  for (const { code, message } of notes) {
    if (kept.length >= maxNotes) break;
    const short = message.length <= maxMessageLength ? message : `${message.slice(0, maxMessageLength - 1)}…`;
    if (!kept.some((known) => known.code === code && known.message === short)) kept.push({ code, message: short });
  }
  delivery.notes = kept;
}

/** As it is stored: JSON, or null when there is nothing. */
export const notesText = ({ notes }: DeliveryDraft): string | null =>
  notes === undefined || notes.length === 0 ? null : JSON.stringify(notes);
