/**
 * A script worker that has gone wrong: it knows the seal of its channel, and says there whatever its event holds. A script
 * itself cannot: what it writes to the channel is not sealed, and comes to nothing.
 */
import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { z } from 'zod';
import { createLineReader } from '../../electron/jobs/process/line-reader.ts';
import { helloSchema } from '../../electron/jobs/script/channel/script-channel.ts';
import { createSeal, type Seal } from '../../electron/jobs/script/channel/script-seal.ts';

const runSchema = z.object({
  event: z.object({
    payload: z.object({ base64: z.string(), repeat: z.number().default(1), log: z.string().optional() }),
  }),
});

const pause = new Int32Array(new SharedArrayBuffer(4));

function write(bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(3, bytes, at);
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error) || error.code !== 'EAGAIN') throw error;
      Atomics.wait(pause, 0, 0, 1);
    }
  }
}

/** Whole lines under the seal, what has no end as it is. */
function closeLines(bytes: Buffer, seal: Seal): Buffer {
  const end = bytes.lastIndexOf(10) + 1;
  const lines = bytes.subarray(0, end).toString('utf8').split('\n').slice(0, -1);
  return Buffer.concat([...lines.map((line) => Buffer.from(seal.close(line))), bytes.subarray(end)]);
}

let seal: Seal | null = null;
const say = (message: object): void => write(Buffer.from(seal?.close(JSON.stringify(message)) ?? ''));

const socket = new Socket({ fd: 3, readable: true, writable: false });
socket.on('close', () => process.exit(0));
socket.on('error', () => process.exit(0));
socket.on(
  'data',
  createLineReader((line) => {
    if (line === '') return;
    if (seal === null) {
      seal = createSeal(helloSchema.parse(JSON.parse(line)).key, 'worker');
      say({ t: 'ready' });
      return;
    }
    const opened = seal.open(line);
    const text = opened.kind === 'text' ? opened.text : 'null';
    const parsed = runSchema.safeParse(JSON.parse(text));
    // Replies and the like.
    if (!parsed.success) return;
    const { base64, repeat, log } = parsed.data.event.payload;
    const bytes = Buffer.from(base64, 'base64');
    for (let round = 0; round < repeat; round += 1) write(closeLines(bytes, seal));
    if (log !== undefined) say({ t: 'output', stream: 'stdout', text: `${log}\n` });
    say({ t: 'done', outcome: '"done"', error: null, rssBytes: 0, spawned: false, files: false, settled: null });
    say({ t: 'settled', left: null, loaded: [] });
  }),
);
