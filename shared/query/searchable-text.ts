import { canonicalNumber, isExactNumber } from '../exact-json/exact-number.ts';

export const SEARCHABLE_TEXT_MAX_BYTES = 262_144;

/**
 * The last word of a text that was cut. It starts with a private-use character, which the tokenizer takes for a letter,
 * so that no ordinary search finds it and the planner can ask for "has the phrase, or was cut".
 */
export const TRUNCATED_MARKER = '\u{e000}truncated';

const MAX_DEPTH = 64;

/** The parts of an event that its text is made of. */
export interface SearchableEvent {
  id: string;
  externalId: string | null;
  type: string;
  source: string;
  context: unknown;
  payload: unknown;
}

/**
 * What full-text search finds an event by: its type, ids and source, then every text, number and boolean inside context
 * and payload (not the keys), a line each. A number sent in an unusual way (`1.0`) also stands there as it is usually
 * written, by which equal numbers are looked up. At most `SEARCHABLE_TEXT_MAX_BYTES` of UTF-8, the marker included.
 */
export function searchableText(event: SearchableEvent): { text: string; truncated: boolean } {
  const leaves = [event.type, event.id, event.externalId ?? '', event.source].filter((leaf) => leaf !== '');
  let length = 0;
  let isComplete = true;
  const addLeaf = (leaf: string): void => {
    if (leaf === '') return;
    leaves.push(leaf);
    length += leaf.length + 1;
  };
  const collect = (value: unknown, depth: number): void => {
    // A character is at least a byte: past this the rest would be cut anyway.
    if (length > SEARCHABLE_TEXT_MAX_BYTES) return;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      addLeaf(String(value));
    } else if (isExactNumber(value)) {
      const digits = String(value);
      const canonical = canonicalNumber(value);
      addLeaf(digits);
      if (canonical !== digits) addLeaf(canonical);
    } else if (typeof value === 'object' && value !== null) {
      if (depth >= MAX_DEPTH) isComplete = false;
      else {
        for (const part of Object.values(value)) {
          if (length > SEARCHABLE_TEXT_MAX_BYTES) return;
          collect(part, depth + 1);
        }
      }
    }
  };
  collect(event.context, 0);
  collect(event.payload, 0);
  const text = leaves.join('\n');
  const kept = cutToBytes(text, SEARCHABLE_TEXT_MAX_BYTES);
  if (kept.length === text.length && isComplete) return { text, truncated: false };
  const room = SEARCHABLE_TEXT_MAX_BYTES - new TextEncoder().encode(TRUNCATED_MARKER).length - 1;
  return { text: `${cutToBytes(text, room)}\n${TRUNCATED_MARKER}`, truncated: true };
}

function cutToBytes(text: string, maxBytes: number): string {
  // No UTF-16 unit takes more than three bytes.
  if (text.length * 3 <= maxBytes) return text;
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(maxBytes));
  return text.slice(0, read);
}
