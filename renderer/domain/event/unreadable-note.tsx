import { DeliveryNotes } from './delivery-notes.tsx';

/** Which parts of an event, delivery or run are damaged in the store; nothing when all can be read. */
export function UnreadableNote({ parts }: { parts: readonly string[] | undefined }) {
  if (parts === undefined || parts.length === 0) return null;
  return <DeliveryNotes notes={[{ code: 'damaged', message: `Damaged in the store: ${parts.join(', ')}.` }]} />;
}
