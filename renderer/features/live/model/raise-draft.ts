import { isoTimeMs } from '../../../../shared/conditions/values/iso-time.ts';
import { type Json, jsonSchema } from '../../../../shared/contract/common.ts';
import { durationMs, durationSchema } from '../../../../shared/contract/duration.ts';
import type { CallInput } from '../../../../shared/contract/index.ts';
import { maxDelaySeconds } from '../../../../shared/contract/scheduled-events.ts';
import { isJsonRecord, parseExact } from '../../../../shared/exact-json/parse-exact.ts';

/** An event of one's own, as it is being typed. */
export interface RaiseDraft {
  type: string;
  /** JSON; empty means none. */
  message: string;
  /** A JSON object; empty means none. */
  metadata: string;
  when: 'now' | 'in' | 'at';
  /** A duration such as `10m`. */
  delay: string;
  /** As a browser's field for date and time has it: local, without a zone. */
  at: string;
}

export const emptyRaise: RaiseDraft = { type: '', message: '{}', metadata: '', when: 'now', delay: '10m', at: '' };

type RaiseField = 'type' | 'message' | 'metadata' | 'delay' | 'at';
type Read = { ok: true; input: CallInput<'events.raise'> } | { ok: false; errors: Partial<Record<RaiseField, string>> };

const delaySchema = durationSchema(1, maxDelaySeconds * 1000);

function readJson(text: string): { ok: true; value: Json | undefined } | { ok: false } {
  if (text.trim() === '') return { ok: true, value: undefined };
  try {
    return { ok: true, value: jsonSchema.parse(parseExact(text)) };
  } catch {
    return { ok: false };
  }
}

export function readRaise(draft: RaiseDraft, nowMs: number): Read {
  const errors: Partial<Record<RaiseField, string>> = {};
  const type = draft.type.trim();
  if (!/[A-Za-z0-9]/.test(type)) errors.type = 'needs a name with letters or digits';
  const message = readJson(draft.message);
  if (!message.ok) errors.message = 'must be JSON';
  const metadata = readJson(draft.metadata);
  if (!metadata.ok || (metadata.value !== undefined && !isJsonRecord(metadata.value)))
    errors.metadata = 'must be a JSON object';
  const delay = draft.delay.trim();
  if (draft.when === 'in' && !delaySchema.safeParse(delay).success)
    errors.delay = 'must be a time such as 30s, 10m or 2h, up to 30 days';
  // Date.parse takes the 30th of February for a day in March.
  const atMs = Number.isNaN(isoTimeMs(draft.at)) ? Number.NaN : Date.parse(draft.at);
  if (draft.when === 'at') {
    if (Number.isNaN(atMs)) errors.at = 'must be a date and a time';
    else if (atMs <= nowMs) errors.at = 'is in the past';
    else if (atMs > nowMs + maxDelaySeconds * 1000) errors.at = 'must be at most 30 days from now';
  }
  if (Object.keys(errors).length > 0 || !message.ok || !metadata.ok) return { ok: false, errors };
  return {
    ok: true,
    input: {
      type,
      ...(message.value === undefined ? {} : { message: message.value }),
      ...(metadata.value !== undefined && isJsonRecord(metadata.value) ? { metadata: metadata.value } : {}),
      ...(draft.when === 'in' ? { inSeconds: durationMs(delay) / 1000 } : {}),
      ...(draft.when === 'at' ? { scheduleFor: new Date(atMs).toISOString() } : {}),
    },
  };
}

/** The type as the app will have it: in capitals, with the prefix of custom events. */
export function customTypeOf(name: string): string {
  const trimmed = name.trim();
  if (trimmed.startsWith('CUSTOM_')) return trimmed;
  const words = trimmed
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  return words === '' || words.startsWith('CUSTOM_') ? words : `CUSTOM_${words}`;
}
