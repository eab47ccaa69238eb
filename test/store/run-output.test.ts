import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type OutputChunk, readOutput, type StoredLine, writeOutput } from '../../electron/store/runs/run-output.ts';
import { tempStore } from '../support/temp-store.ts';

const streams = ['stdout', 'stderr', 'system'] as const;

/** Lines of three streams as a job writes them: cut into chunks, some of which have been dropped again. */
const attempt = fc
  .array(fc.record({ stream: fc.constantFrom(...streams), isCut: fc.boolean(), isDropped: fc.boolean() }), {
    maxLength: 60,
  })
  .map((lines) => {
    const open = new Map<string, OutputChunk>();
    const chunks: { chunk: OutputChunk; isDropped: boolean }[] = [];
    lines.forEach(({ stream, isCut, isDropped }, order) => {
      let chunk = open.get(stream);
      if (chunk === undefined || isCut) {
        chunk = { n: chunks.length, stream, lines: [], bytes: 0 };
        open.set(stream, chunk);
        chunks.push({ chunk, isDropped: isDropped && order > 0 });
      }
      chunk.lines.push([order, 1_764_000_000_000 + order, `line ${order}`]);
    });
    return chunks.filter(({ isDropped }) => !isDropped).map(({ chunk }) => chunk);
  });

it('the output of an attempt comes in pages that together are the whole of it', async () => {
  const store = tempStore();
  let runSeq = 0;
  await fc.assert(
    fc.asyncProperty(attempt, fc.integer({ min: 1, max: 9 }), async (chunks, limit) => {
      runSeq += 1;
      const of = { runSeq, attempt: 1 };
      await store.writer.write(({ db }) => {
        writeOutput(db, { ...of, add: chunks, drop: [] });
      });
      const kept: StoredLine[] = chunks.flatMap(({ lines }) => lines).sort((a, b) => a[0] - b[0]);
      const whole = readOutput(store.db, of);
      expect(whole.next).toBeNull();
      expect(whole.items.filter(({ stream, text }) => stream !== 'system' || text.startsWith('line'))).toHaveLength(
        kept.length,
      );
      const paged: typeof whole.items = [];
      let truncated = false;
      let after: number | undefined;
      do {
        const page = readOutput(store.db, { ...of, after, limit });
        paged.push(...page.items);
        truncated ||= page.truncated;
        after = page.next ?? undefined;
      } while (after !== undefined);
      expect({ items: paged, truncated }).toEqual({ items: whole.items, truncated: whole.truncated });
      const last = kept.at(-1)?.[0] ?? -1;
      expect(truncated).toBe(kept.length <= last);
    }),
  );
});

it('a page reads the chunks it needs and no others', async () => {
  const store = tempStore();
  const lines = (from: number): StoredLine[] => Array.from({ length: 100 }, (_, at) => [from + at, 1, 'y']);
  const add = [0, 1, 2, 3].map((n) => ({ n, stream: 'stdout' as const, lines: lines(n * 100), bytes: 100 }));
  await store.writer.write(({ db }) => {
    writeOutput(db, { runSeq: 1, attempt: 1, add, drop: [] });
    db.exec("UPDATE run_output SET lines = '[[0,broken' WHERE n = 0");
  });
  const page = readOutput(store.db, { runSeq: 1, attempt: 1, after: 149, limit: 20 });
  expect(page).toMatchObject({ truncated: false, next: 169 });
  expect(page.items).toHaveLength(20);
});
