import type { ServerResponse } from 'node:http';
import type { PushEnvelope, PushName } from '../../../shared/contract/pushes.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';
import type { PushConnection, PushHub } from './push-hub.ts';

const heartbeatMs = 15_000;
const reconnectAfterMs = 2_000;
const maxStreams = 128;

export interface PushStreams {
  /** Turns the response into a stream of server-sent events; false when there are too many already. */
  open(response: ServerResponse, reader: StreamReader): boolean;
  /** Ends the streams of a session that was logged out. */
  endOf(ownerId: string): void;
  endAll(): void;
  /** Ends those whose reader may not read (all of) it any more; who still may comes back. */
  endUnallowed(): void;
}

export interface StreamReader {
  /** Asked at every heartbeat. */
  isAllowed(): boolean;
  /** The session that it belongs to. */
  ownerId: string | null;
  names: readonly PushName[];
}

interface Stream {
  ownerId: string | null;
  isAllowed(): boolean;
  beat(): void;
  end(): void;
}

/**
 * Pushes over HTTP. A reader that is slower than the news is left out until its socket has drained, so what waits for
 * it in memory is never more than one batch a push name.
 */
export function createPushStreams(hub: PushHub): PushStreams {
  const streams = new Set<Stream>();
  let heartbeat: NodeJS.Timeout | null = null;

  // One batch goes to many streams: its value is made into text once.
  const texts = new WeakMap<object, string>();
  function textOf(value: unknown): string {
    if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
    const known = texts.get(value);
    if (known !== undefined) return known;
    const text = stringifyExact(value);
    texts.set(value, text);
    return text;
  }

  const frame = ({ seq, name, value, dropped }: PushEnvelope): string =>
    `id: ${seq}\ndata: {"seq":${seq},"name":${JSON.stringify(name)},"value":${textOf(value)},"dropped":${dropped}}\n\n`;

  function remove(stream: Stream): void {
    streams.delete(stream);
    if (streams.size > 0 || heartbeat === null) return;
    clearInterval(heartbeat);
    heartbeat = null;
  }

  return {
    open(response, { isAllowed, ownerId, names }) {
      if (streams.size >= maxStreams) return false;
      response.writeHead(200, {
        'Content-Type': 'text/event-stream; charset=utf-8',
        'Cache-Control': 'no-store',
        // nginx would otherwise hold the events back until its buffer is full.
        'X-Accel-Buffering': 'no',
      });
      response.write(`retry: ${reconnectAfterMs}\n\n`);
      const send = (envelope: PushEnvelope): boolean => {
        if (response.writableNeedDrain || response.destroyed) return false;
        response.write(frame(envelope));
        return true;
      };
      const connection: PushConnection = hub.connect(send, { names });
      const stream: Stream = {
        ownerId,
        isAllowed,
        beat() {
          if (!isAllowed()) stream.end();
          else if (!response.writableNeedDrain) response.write(': still here\n\n');
        },
        end() {
          connection.close();
          remove(stream);
          response.end();
        },
      };
      streams.add(stream);
      response.on('drain', () => connection.resume());
      response.on('close', () => {
        connection.close();
        remove(stream);
      });
      heartbeat ??= setInterval(() => {
        for (const each of [...streams]) each.beat();
      }, heartbeatMs).unref();
      return true;
    },
    endOf(ownerId) {
      for (const stream of [...streams]) if (stream.ownerId === ownerId) stream.end();
    },
    endUnallowed() {
      for (const stream of [...streams]) if (!stream.isAllowed()) stream.end();
    },
    endAll() {
      for (const stream of [...streams]) stream.end();
    },
  };
}
