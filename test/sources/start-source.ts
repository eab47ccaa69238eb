import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import type { ReceiverSettings } from '../../electron/receiver/admit/policy.ts';
import { createReceiver } from '../../electron/receiver/receiver.ts';
import { presets } from '../../electron/sources/presets.ts';
import { createSourceRegistry } from '../../electron/sources/source-registry.ts';
import type { Preset } from '../../electron/sources/source-types.ts';
import { getDelivery } from '../../electron/store/events/deliveries.ts';
import { readEventRow, toEventItem } from '../../electron/store/events/events.ts';
import type { DeliveryDetail } from '../../shared/contract/deliveries.ts';
import { AppError } from '../../shared/contract/errors.ts';
import type { EventItem } from '../../shared/contract/events.ts';
import type { SourceSpec } from '../../shared/contract/sources.ts';
import { eventually } from '../support/eventually.ts';
import { tempIntake, tempStore } from '../support/temp-store.ts';
import { secretsFrom } from './build-request.ts';

/** What became of one request, as it stands in the store. */
export interface Outcome {
  status: number;
  text: string;
  headers: Headers;
  delivery: DeliveryDetail;
  events: EventItem[];
  /** Code and message under which a refused delivery is stored. */
  reason: DeliveryDetail['reason'];
}

/** One source behind the real receiver, with the real way in over a store of its own. Ends with the test. */
export async function startSource(
  spec: Partial<SourceSpec> & { preset: string },
  secrets: Record<string, string | undefined> = {},
  settings: Partial<ReceiverSettings> = {},
  known: ReadonlyMap<string, Preset> = presets,
) {
  const store = tempStore();
  const { intake } = tempIntake(store);
  const registry = createSourceRegistry({ presets: known, readSecret: secretsFrom(secrets) });
  const whole: SourceSpec = { slug: 'src', rateLimit: 'off', ...spec };
  registry.checkSpec(whole);
  registry.replaceAll([whole]);
  const receiver = createReceiver({
    registry,
    intake,
    settings: () => ({ trustedProxies: [], publicUrl: '', acceptedHosts: [], ...settings }),
    log: pino({ level: 'silent' }),
    isReady: () => true,
  });
  const { url } = await receiver.listen('127.0.0.1', 0);
  onTestFinished(() => receiver.close(0));

  async function outcomeOf(res: Response): Promise<Outcome> {
    const text = await res.text();
    const id = res.headers.get('signalbox-delivery');
    if (id === null) throw new Error(`${res.status} was answered to what was not stored: ${text}`);
    const delivery = await eventually(() => {
      const found = getDelivery(store.reading, id);
      if (found === null) throw new AppError('not_found', 'the delivery is not stored yet');
      return found;
    });
    const events = delivery.eventIds.flatMap((eventId) => {
      const row = readEventRow(store.reading, eventId);
      return row === null ? [] : [toEventItem(row, [], 2_000_000)];
    });
    return { status: res.status, text, headers: res.headers, delivery, events, reason: delivery.reason };
  }

  const send = (path: string, init: RequestInit): Promise<Response> => fetch(`${url}/in/${whole.slug}${path}`, init);
  return {
    registry,
    store,
    /** The bare answer, for what is no delivery. */
    send,
    request: async (path: string, init: RequestInit): Promise<Outcome> => outcomeOf(await send(path, init)),
    post: async (
      body: string | Uint8Array<ArrayBuffer> | object,
      headers: Record<string, string> = {},
      path = '',
    ): Promise<Outcome> =>
      outcomeOf(
        await send(path, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
        }),
      ),
  };
}

/** A document of JSON of about a mebibyte, just below what the receiver takes. */
export const bigText = 'x'.repeat(1_000_000);
