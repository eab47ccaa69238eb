import type { Logger } from 'pino';
import { triedCode } from '../../../shared/contract/deliveries.ts';
import type { Verification } from '../../../shared/contract/events.ts';
import type { Accepted, EventDraft, Intake } from '../../intake/intake-types.ts';
import { readRawText } from '../../sources/charset/raw-text.ts';
import type { DirectAnswer, ReadBody } from '../../sources/source-types.ts';
import type { Refusal } from '../answer/answer.ts';
import { notStored } from '../answer/refusals.ts';
import type { Exchange, ReadySource } from './exchange.ts';

export interface DeliveryStoreDeps {
  intake: Pick<Intake, 'accept' | 'refuse'>;
  log: Logger;
}

/** The one place where deliveries are stored, accepted and refused ones, masked as their source wants it. */
export function createDeliveryStore({ intake, log }: DeliveryStoreDeps) {
  return {
    /** Resolves once it is on the disk; never rejects. */
    async accept(
      { delivery }: Exchange,
      { spec, preset, prepared }: ReadySource,
      events: EventDraft[],
      verification: Verification,
      body: ReadBody,
      status: number,
    ): Promise<Accepted | Refusal> {
      const received = delivery.body;
      prepared.redact?.(delivery);
      const isAsReceived = delivery.body === received;
      try {
        return await intake.accept({
          delivery: { ...delivery, source: spec.slug },
          system: preset.info.system,
          verification,
          events,
          document: isAsReceived && body.kind === 'json' ? body : undefined,
          status,
          ignoredStatus: prepared.answer?.({ kind: 'accepted', ignored: true })?.status,
        });
      } catch (error) {
        log.error({ err: error, source: spec.slug }, 'a delivery could not be stored and was answered with 503');
        return notStored(error);
      }
    },

    /** A handshake or a probe, where its answer says that the operator should see it. */
    keepTried({ source, delivery, bodyBytes }: Exchange, { status, tried }: DirectAnswer): void {
      if (tried === undefined) return;
      source?.prepared?.redact?.(delivery);
      delivery.url = readRawText(delivery.url);
      intake.refuse({ delivery, bodyBytes, status, code: triedCode, message: tried });
    },

    /** Gives the id under which it is kept with the reason. */
    refuse(
      { source, delivery, bodyBytes }: Pick<Exchange, 'source' | 'delivery' | 'bodyBytes'>,
      { status, code, message }: Refusal,
    ): string {
      source?.prepared?.redact?.(delivery);
      delivery.url = readRawText(delivery.url);
      const deliveryId = intake.refuse({ delivery, bodyBytes, status, code, message });
      log.debug({ source: delivery.source, status, code, delivery: deliveryId }, 'a delivery was refused');
      return deliveryId;
    },
  };
}
