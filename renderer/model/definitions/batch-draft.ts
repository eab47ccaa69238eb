import {
  type HttpBatch,
  httpBatchSchema,
  type ListenerBatch,
  listenerBatchSchema,
} from '../../../shared/contract/batches.ts';

/** How events are gathered, as it is being typed; empty text means: the default. */
export interface BatchDraft {
  isOn: boolean;
  count: string;
  period: string;
  /** Of a listener. */
  by: string;
  /** Of a job that sends requests. */
  bytes: string;
}

export const noBatch: BatchDraft = { isOn: false, count: '', period: '', by: '', bytes: '' };

export const batchDraftOf = (batch: (ListenerBatch & HttpBatch) | undefined): BatchDraft =>
  batch === undefined
    ? noBatch
    : {
        isOn: true,
        count: batch.count === undefined ? '' : String(batch.count),
        period: batch.period ?? '',
        by: batch.by ?? '',
        bytes: batch.bytes === undefined ? '' : String(batch.bytes),
      };

function typed({ count, period }: BatchDraft): Record<string, unknown> {
  return {
    ...(count.trim() === '' ? {} : { count: Number(count) }),
    ...(period.trim() === '' ? {} : { period: period.trim() }),
  };
}

const ofListener = (draft: BatchDraft): Record<string, unknown> => ({
  ...typed(draft),
  ...(draft.by.trim() === '' ? {} : { by: draft.by.trim() }),
});

const ofHttp = (draft: BatchDraft): Record<string, unknown> => ({
  ...typed(draft),
  ...(draft.bytes.trim() === '' ? {} : { bytes: Number(draft.bytes) }),
});

/** What cannot be read yet is the default; `batchProblems` says so at its field. */
export const listenerBatchOf = (draft: BatchDraft): ListenerBatch | undefined =>
  draft.isOn ? (listenerBatchSchema.safeParse(ofListener(draft)).data ?? {}) : undefined;
export const httpBatchOf = (draft: BatchDraft): HttpBatch | undefined =>
  draft.isOn ? (httpBatchSchema.safeParse(ofHttp(draft)).data ?? {}) : undefined;

const texts: Record<string, string> = {
  count: 'must be a whole number from 1 to 10000',
  period: 'must be a time from 50ms to 24h, such as 1m',
  by: 'must be a path such as payload.id',
  bytes: 'must be a whole number from 1 to 8388608',
};

/** What is wrong, keyed as the app's own. */
export function batchProblems(draft: BatchDraft, of: 'listener' | 'http'): Record<string, string> {
  if (!draft.isOn) return {};
  const read =
    of === 'listener' ? listenerBatchSchema.safeParse(ofListener(draft)) : httpBatchSchema.safeParse(ofHttp(draft));
  if (read.success) return {};
  return Object.fromEntries(
    read.error.issues.map(({ path: [key] }) => [`batch.${String(key)}`, texts[String(key)] ?? 'cannot be read']),
  );
}
