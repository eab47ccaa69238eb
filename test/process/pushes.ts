import { request } from 'node:http';
import { type PushEnvelope, pushEnvelopeSchema } from '../../shared/contract/pushes.ts';
import { parseExact } from '../../shared/exact-json/parse-exact.ts';

export interface PushReader {
  /** Everything that came so far, in order. */
  seen: PushEnvelope[];
  /** The first envelope, seen already or still to come, for which `pick` gives something. */
  until<T>(
    what: string,
    pick: (envelope: PushEnvelope) => T | null | undefined | false,
    timeoutMs?: number,
  ): Promise<T>;
  close(): void;
}

/** Reads `/api/push` as a console does; resolves when the stream is open, so that nothing later is missed. */
export function readPushes(url: string, token: string): Promise<PushReader> {
  return new Promise((resolve, reject) => {
    const seen: PushEnvelope[] = [];
    const waiting = new Set<() => void>();
    const sent = request(url, { headers: { authorization: `Bearer ${token}` } }, (response) => {
      if (response.statusCode !== 200) {
        reject(new Error(`pushes are answered with ${response.statusCode}`));
        response.destroy();
        return;
      }
      let rest = '';
      response.setEncoding('utf8');
      response.on('error', () => undefined);
      response.on('data', (chunk: string) => {
        const blocks = (rest + chunk).split('\n\n');
        rest = blocks.pop() ?? '';
        for (const block of blocks) {
          const data = block.split('\n').find((line) => line.startsWith('data: '));
          if (data !== undefined) seen.push(pushEnvelopeSchema.parse(parseExact(data.slice(6))));
        }
        for (const look of [...waiting]) look();
      });
      resolve({ seen, until, close: () => sent.destroy() });
    });
    sent.on('error', reject);
    sent.end();

    function until<T>(
      what: string,
      pick: (envelope: PushEnvelope) => T | null | undefined | false,
      timeoutMs = 120_000,
    ): Promise<T> {
      return new Promise<T>((found, missed) => {
        let at = 0;
        const timer = setTimeout(() => {
          waiting.delete(look);
          const names = seen.map((envelope) => envelope.name).join(', ');
          missed(new Error(`no push of ${what} within ${timeoutMs} ms; came: ${names}`));
        }, timeoutMs);
        function look(): void {
          for (; at < seen.length; at += 1) {
            const envelope = seen[at];
            const value = envelope === undefined ? null : pick(envelope);
            if (value === null || value === undefined || value === false) continue;
            clearTimeout(timer);
            waiting.delete(look);
            found(value);
            return;
          }
        }
        waiting.add(look);
        look();
      });
    }
  });
}
