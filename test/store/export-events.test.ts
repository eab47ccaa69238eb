import { describe, expect, it } from 'vitest';
import { type ExportRequest, exportEvents } from '../../electron/store/lists/export-events.ts';
import type { ExportFormat } from '../../shared/contract/event-exports.ts';
import { parseExact } from '../../shared/exact-json/parse-exact.ts';
import { csvField } from '../../shared/exports/as-csv.ts';
import { collectExport } from '../../shared/exports/collect-export.ts';
import { delivery, draft, type TempStore, tempIntake, tempStore } from '../support/temp-store.ts';

const base = { receiverUrl: 'https://hooks.example.com', version: '1.2.3', nowMs: Date.parse('2026-01-02T04:00:00Z') };

async function fill(store: TempStore, count: number): Promise<string[]> {
  const { intake } = tempIntake(store);
  const replies = await Promise.all(
    Array.from({ length: count }, (_, n) => {
      const payload = { n, note: n % 2 === 0 ? `=SUM(A${n})` : `line "${n}"\nnext`, amount: -n };
      return intake.accept(delivery([draft({ type: 'order.paid', payload })], { body: payload }));
    }),
  );
  return replies.flatMap(({ eventIds }) => eventIds);
}

/** The file, collected piece by piece; a budget of no time makes many pieces. */
async function fileOf(store: TempStore, request: Partial<ExportRequest> & { format: ExportFormat }, budgetMs = 0) {
  let text = '';
  let pieces = 0;
  const done = await collectExport(
    async (cursor) => {
      pieces += 1;
      return exportEvents(store.reading, { ...base, ...request, cursor }, budgetMs);
    },
    (part) => {
      text += part;
    },
  );
  return { text, pieces, ...done };
}

describe('a file of events', () => {
  it('as JSON Lines has every event once, in pieces or in one, with the digits that were sent', async () => {
    const store = tempStore();
    const ids = await fill(store, 120);
    const { intake } = tempIntake(store);
    await intake.accept(delivery([draft({ type: 'other', payload: parseExact('{"id":9007199254740993}') })]));
    const many = await fileOf(store, { format: 'jsonl', query: 'type:order.paid' });
    const one = await fileOf(store, { format: 'jsonl', query: 'type:order.paid' }, 60_000);
    expect(many.text).toBe(one.text);
    expect(many.pieces).toBeGreaterThan(one.pieces);
    const lines = many.text.trimEnd().split('\n');
    expect(lines.map((line): unknown => JSON.parse(line).id)).toEqual(ids.toReversed());
    expect(many).toMatchObject({ events: 120, skipped: 0 });
    expect((await fileOf(store, { format: 'jsonl', query: 'type:other' })).text).toContain('"id":9007199254740993}');
    expect(await fileOf(store, { format: 'jsonl', query: 'type:nothing' })).toMatchObject({ text: '', events: 0 });
  });

  it('holds chosen events alone, newest first', async () => {
    const store = tempStore();
    const ids = await fill(store, 70);
    const chosen = ids.filter((_, n) => n % 10 === 3);
    const { text } = await fileOf(store, { format: 'jsonl', ids: [...chosen, 'evt_gone'] });
    expect(
      text
        .trimEnd()
        .split('\n')
        .map((line): unknown => JSON.parse(line).id),
    ).toEqual(chosen.toReversed());
  });

  it('as CSV has the columns that are asked for, and nothing a spreadsheet would run', async () => {
    const store = tempStore();
    await fill(store, 3);
    const columns = ['type', 'payload.n', 'payload.amount', 'payload.note'].map((field) => ({ field }));
    const { text } = await fileOf(store, { format: 'csv', query: '', columns });
    expect(text).toBe(
      [
        'Type,payload.n,payload.amount,payload.note',
        "order.paid,2,-2,'=SUM(A2)",
        'order.paid,1,-1,"line ""1""\nnext"',
        "order.paid,0,0,'=SUM(A0)",
        '',
      ].join('\r\n'),
    );
    expect(['+1', '-1.5e3', '@x', '\tx', '-x', '=1', '--1', 'a,b', ''].map(csvField)).toEqual([
      '+1',
      '-1.5e3',
      "'@x",
      "'\tx",
      "'-x",
      "'=1",
      "'--1",
      '"a,b"',
      '',
    ]);
  });

  it('as HAR is valid JSON with a request for each delivery, and leaves out events without one', async () => {
    const store = tempStore();
    await fill(store, 60);
    const { intake } = tempIntake(store);
    await intake.accept(delivery([draft({ type: 'a', payload: { a: 1 } }), draft({ type: 'b', payload: { b: 2 } })]));
    // As retention leaves it: deliveries go before their events.
    await store.writer.write(({ db }) => db.exec('DELETE FROM deliveries WHERE seq = 1'));
    const { text, events, skipped } = await fileOf(store, { format: 'har', query: '' });
    const { log } = JSON.parse(text);
    expect(log.creator).toEqual({ name: 'Signalbox', version: '1.2.3' });
    // Two events came in one delivery.
    expect([log.entries.length, events, skipped]).toEqual([60, 61, 1]);
    expect(log.entries[1].request).toMatchObject({
      method: 'POST',
      url: 'https://hooks.example.com/in/crm',
      postData: { mimeType: 'application/json' },
    });
    expect(JSON.parse(log.entries[1].request.postData.text)).toMatchObject({ n: 59 });
  });

  it('as curl is a script of one command each', async () => {
    const store = tempStore();
    await fill(store, 2);
    const { text } = await fileOf(store, { format: 'curl', query: '' });
    expect(text.match(/^curl -X POST 'https:\/\/hooks\.example\.com\/in\/crm'/gm)).toHaveLength(2);
    expect(text.startsWith('#!/bin/sh\n')).toBe(true);
  });

  it('ends when it is canceled, and asks for no more', async () => {
    const store = tempStore();
    await fill(store, 120);
    const cancel = new AbortController();
    let pieces = 0;
    const ended = collectExport(
      async (cursor) => {
        pieces += 1;
        return exportEvents(store.reading, { ...base, format: 'jsonl', query: '', cursor }, 0);
      },
      () => undefined,
      { signal: cancel.signal, onProgress: () => cancel.abort() },
    );
    await expect(ended).rejects.toThrow();
    expect(pieces).toBe(1);
  });
});
