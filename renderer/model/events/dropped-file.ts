import { create } from 'zustand';
import { isJsonRecord, parseExact } from '../../../shared/exact-json/parse-exact.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';

/** What a file that was dropped on the window becomes: an event that is raised when the person says so. */
export interface DroppedEvent {
  type: string;
  /** JSON. */
  message: string;
}

/** An event's data may be this long. */
export const maxDroppedBytes = 1024 * 1024;

/** The type is the file's own `type`, else its name. Null when it is not JSON. */
export function readDroppedFile(name: string, text: string): DroppedEvent | null {
  let value: ReturnType<typeof parseExact>;
  try {
    value = parseExact(text);
  } catch {
    return null;
  }
  const own = isJsonRecord(value) ? value.type : undefined;
  const type = typeof own === 'string' && own.trim() !== '' ? own : name.replace(/\.[^.]*$/, '');
  return { type, message: stringifyExact(value, 2) };
}

/** Waits to be taken by the form that raises events. */
export const useDroppedEvent = create<{ event: DroppedEvent | null }>(() => ({ event: null }));

export function takeDroppedEvent(): DroppedEvent | null {
  const { event } = useDroppedEvent.getState();
  if (event !== null) useDroppedEvent.setState({ event: null });
  return event;
}
