import type { ExportFormat } from '../../../../shared/contract/event-exports.ts';
import type { Column } from '../../../../shared/contract/views.ts';
import { collectExport, type ExportProgress } from '../../../../shared/exports/collect-export.ts';
import { saveFile } from '../../../browser/save-file.ts';
import { call } from '../../../client/index.ts';

/** What is exported: chosen events, or everything a query finds. */
export type Exported = { ids: readonly string[] } | { query: string };

export const formats: Readonly<Record<ExportFormat, { name: string; file: string; type: string; about: string }>> = {
  jsonl: {
    name: 'JSON Lines',
    file: 'jsonl',
    type: 'application/x-ndjson',
    about: 'One event per line, with context, payload and runs.',
  },
  csv: { name: 'CSV', file: 'csv', type: 'text/csv', about: 'The columns that are shown.' },
  har: { name: 'HAR', file: 'har', type: 'application/json', about: 'The requests as received, for HTTP tools.' },
  curl: { name: 'curl', file: 'sh', type: 'text/x-shellscript', about: 'A script that sends the requests again.' },
};

const stamp = (at: Date): string => at.toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');

/**
 * Writes the events to a file, which is saved when it is complete. Each piece becomes a blob, which the browser keeps
 * outside of the page's memory.
 */
export async function exportEvents(
  what: Exported,
  { format, columns }: { format: ExportFormat; columns: readonly Column[] },
  options: { signal: AbortSignal; onProgress: (progress: ExportProgress & { bytes: number }) => void },
): Promise<ExportProgress> {
  const parts: Blob[] = [];
  let bytes = 0;
  const input = 'ids' in what ? { ids: [...what.ids] } : { query: what.query };
  const done = await collectExport(
    (cursor) =>
      call('events.export', { ...input, format, cursor, ...(format === 'csv' ? { columns: [...columns] } : {}) }),
    (text) => {
      const part = new Blob([text]);
      bytes += part.size;
      parts.push(part);
    },
    { signal: options.signal, onProgress: (progress) => options.onProgress({ ...progress, bytes }) },
  );
  const { file, type } = formats[format];
  saveFile(`events-${stamp(new Date())}.${file}`, type, ...parts);
  return done;
}
