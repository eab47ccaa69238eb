import { z } from 'zod';
import type { DeliveryDetail } from '../../../../shared/contract/deliveries.ts';

const askedSchema = z.object({ Type: z.literal('SubscriptionConfirmation'), TopicArn: z.string().min(1) });

/** The topic whose messages Amazon SNS asks to send; null for any other delivery. */
export function askedTopic({ body }: Pick<DeliveryDetail, 'body'>): string | null {
  if (body.encoding !== 'text') return null;
  try {
    const asked = askedSchema.safeParse(JSON.parse(body.data));
    return asked.success ? asked.data.TopicArn : null;
  } catch {
    return null;
  }
}
