import { asJson, given, steps, type Vendor } from '../vendor.ts';
import { standardWebhooksTypes } from './types.ts';

export const standardWebhooks: Vendor = {
  id: 'standard-webhooks',
  types: standardWebhooksTypes,
  hasOpenTypes: true,
  forms: { json: asJson() },
  rename: (sample, type) => ({ ...sample, type }),
  stamp: (sample, { at }) => ({ ...sample, ...given({ timestamp: at }) }),
  setup: ({ url }) =>
    steps(
      `At the sender, add an endpoint with the address \`${url}\`.`,
      'Copy its signing secret, `whsec_…` (or the public key, `whpk_…`), and set it under Settings.',
      'Both sets of header names are accepted: `webhook-…` and `svix-…`.',
    ),
  recognition: { headers: ['webhook-signature', 'svix-signature'], isConvention: true },
};
