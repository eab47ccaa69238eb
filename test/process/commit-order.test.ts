import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makePlace, startSignalbox } from './signalbox.ts';

const hasStrace = spawnSync('strace', ['-e', 'trace=none', 'true']).status === 0;

const config = `version: 1
sources:
  - { slug: crm, preset: generic, event: { type: $.type, id: $.id }, rateLimit: off }
jobs:
  - { slug: never, kind: command, command: ["true"] }
listeners:
  - { slug: never, source: crm, type: planned, where: { payload.never: true }, job: never }
`;

/** The calls of a trace in time; one that another thread's call has cut in two comes twice, the second time whole. */
function* readCalls(trace: string) {
  const begun = new Map<string, string>();
  for (const whole of trace.split('\n')) {
    const match = /^(\d+) +(.*)$/.exec(whole);
    if (match === null) continue;
    const [, thread = '', text = ''] = match;
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(text);
    const cut = /^(.*?) <unfinished \.\.\.>$/.exec(text);
    if (cut !== null) begun.set(thread, cut[1] ?? '');
    const line = resumed === null ? (cut?.[1] ?? text) : `${begun.get(thread) ?? ''}${resumed[1] ?? ''}`;
    yield { line, isBegin: resumed === null, isEnd: cut === null };
  }
}

describe.skipIf(!hasStrace)('what the kernel sees of a delivery', () => {
  it('is a sync of the write-ahead log between the body read and every 202 written', async () => {
    const place = makePlace();
    onTestFinished(place.remove);
    // Not in the config file's folder: the app watches that one, and would be told of every line of its own trace.
    const traced = makePlace();
    onTestFinished(traced.remove);
    const trace = join(traced.dir, 'trace');
    const calls = 'fsync,fdatasync,read,recvfrom,recvmsg,write,writev,sendmsg,sendto';
    const box = await startSignalbox({
      dataDir: place.dataDir,
      config,
      under: ['strace', '-f', '-y', '-s', '40', '-e', `trace=${calls}`, '-o', trace],
    });
    onTestFinished(async () => {
      await box.end();
    });
    const deliveries = 12;
    for (let i = 0; i < deliveries; i++) await box.accept('crm', { type: 'planned', id: String(i) });
    await box.end();

    let isSynced = false;
    let answered = 0;
    const early: string[] = [];
    for (const { line, isBegin, isEnd } of readCalls(readFileSync(trace, 'utf8'))) {
      // What a read has read, and whether a sync succeeded, stands where it ended; a write matters from its beginning.
      if (isEnd && /^(read|recvfrom|recvmsg)\(.*POST \/in\/crm/.test(line)) isSynced = false;
      else if (isEnd && /^f(data)?sync\(\d+<[^>]*\/signalbox\.db-wal>\) += 0$/.test(line)) isSynced = true;
      else if (isBegin && /^(write|writev|sendmsg|sendto)\(.*HTTP\/1\.1 202/.test(line)) {
        answered += 1;
        if (!isSynced) early.push(line);
      }
    }
    expect(answered).toBe(deliveries);
    expect(early).toEqual([]);
  });
});
