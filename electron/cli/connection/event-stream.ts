import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** The `data` of each server-sent event, as Signalbox writes them: one line each. */
export async function* readEventStream(stream: Readable): AsyncGenerator<string> {
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.startsWith('data: ')) yield line.slice('data: '.length);
  }
}
