import type { DeliveryDetail } from '../../../../shared/contract/deliveries.ts';
import { type Recognised, recogniseVendor } from '../../../../shared/vendors/recognise.ts';

type Sent = Pick<DeliveryDetail, 'headers' | 'contentType' | 'body'>;

/** Which known system a delivery looks like; null when it looks like none. It may be wrong: a person decides. */
export const recognisePreset = ({ headers, contentType, body }: Sent): Recognised | null =>
  recogniseVendor({
    headerNames: new Set(headers.map(([name]) => name.toLowerCase())),
    contentType: contentType?.toLowerCase() ?? '',
    text: body.encoding === 'text' ? body.data : null,
  });
