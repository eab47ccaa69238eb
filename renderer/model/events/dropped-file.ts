import { create } from 'zustand';
import { isJsonRecord, parseExact } from '../../../shared/exact-json/parse-exact.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';

/** The event that a file dropped on the window fills in; it is raised only by a click. */
export interface DroppedEvent {
  type: string;
  /** JSON. */
  message: string;
}

/** Size limit of a dropped file, which is that of an event's data. */
export const maxDroppedBytes = 1024 * 1024;

/** The type is the field `type` of the file, else the file name. Null if the file is not JSON. */
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

/** The dropped event until the form that raises events takes it. */
export const useDroppedEvent = create<{ event: DroppedEvent | null }>(() => ({ event: null }));

export function takeDroppedEvent(): DroppedEvent | null {
  const { event } = useDroppedEvent.getState();
  if (event !== null) useDroppedEvent.setState({ event: null });
  return event;
}
