import { connect } from 'node:net';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import type { Accepted, AcceptInput, RefuseInput } from '../../electron/intake/intake-types.ts';
import type { ReceiverSettings } from '../../electron/receiver/admit/policy.ts';
import type { ReceiverLimits } from '../../electron/receiver/limits.ts';
import { createReceiver, type Receiver } from '../../electron/receiver/receiver.ts';
import { presets as allPresets } from '../../electron/sources/presets.ts';
import { createSourceRegistry } from '../../electron/sources/source-registry.ts';
import type { Preset } from '../../electron/sources/source-types.ts';
import { AppError } from '../../shared/contract/errors.ts';
import type { SourceSpec } from '../../shared/contract/sources.ts';

export interface Started {
  url: string;
  port: number;
  receiver: Receiver;
  accepted: AcceptInput[];
  refused: RefuseInput[];
  answered: { source: string | null; status: number }[];
}

export interface StartOptions {
  sources?: SourceSpec[];
  presets?: ReadonlyMap<string, Preset>;
  secrets?: Record<string, string>;
  limits?: Partial<ReceiverLimits>;
  accept?: (input: AcceptInput) => Promise<Accepted>;
  pressure?: () => { waiting: number; bytes: number };
  isReady?: () => boolean;
  settings?: () => Partial<ReceiverSettings>;
  onConnectionRefused?: () => void;
}

/** A receiver on a free port, in front of an intake that only remembers. Ends with the test. */
export async function startReceiver(options: StartOptions = {}): Promise<Started> {
  const accepted: AcceptInput[] = [];
  const refused: RefuseInput[] = [];
  const answered: Started['answered'] = [];
  const registry = createSourceRegistry({
    presets: options.presets ?? allPresets,
    readSecret(ref) {
      const name = 'env' in ref ? ref.env : '';
      const secret = options.secrets?.[name];
      if (secret === undefined) throw new AppError('unavailable', `the environment variable ${name} is not set`);
      return secret;
    },
  });
  registry.replaceAll(options.sources ?? [{ slug: 'crm', preset: 'generic' }]);
  const settings = { trustedProxies: [], publicUrl: '', acceptedHosts: [] };
  const receiver = createReceiver({
    registry,
    intake: {
      async accept(input) {
        if (options.accept !== undefined) return options.accept(input);
        accepted.push(input);
        const eventIds = input.events.map((_, i) => `evt_${accepted.length}_${i}`);
        return { deliveryId: `dlv_${accepted.length}`, eventIds, duplicate: false, ignored: false, asks: null };
      },
      refuse(input) {
        refused.push(input);
        return `dlv_refused_${refused.length}`;
      },
      pressure: options.pressure ?? (() => ({ waiting: 0, bytes: 0 })),
    },
    settings: () => ({ ...settings, ...options.settings?.() }),
    log: pino({ level: 'silent' }),
    limits: options.limits,
    onConnectionRefused: options.onConnectionRefused,
    isReady: options.isReady ?? (() => true),
    metrics: { answered: (source, status) => answered.push({ source, status }) },
  });
  const { url, port } = await receiver.listen('127.0.0.1', 0);
  onTestFinished(() => receiver.close(0));
  return { url, port, receiver, accepted, refused, answered };
}

export const postJson = (url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

/** Writes bytes as they are and gives everything that came back until the other side closed. */
export function sendRaw(port: number, ...pieces: (string | Buffer)[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
    });
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
    for (const piece of pieces) socket.write(piece);
  });
}

export const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);
