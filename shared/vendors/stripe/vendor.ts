import { asJson, given, steps, type Vendor } from '../vendor.ts';
import { stripeTypes } from './types.ts';

export const stripe: Vendor = {
  id: 'stripe',
  group: 'Payments and shops',
  types: stripeTypes,
  forms: { json: asJson() },
  rename: (sample, type) => ({ ...sample, type }),
  stamp: (sample, { id, seconds }) => ({ ...sample, ...given({ id, created: seconds }) }),
  setup: ({ url }) =>
    steps(
      'Stripe → Developers → Webhooks → Add destination.',
      `Endpoint URL \`${url}\`, and the events to send. Live events need HTTPS; for tests, \`stripe listen --forward-to\` forwards to this machine and prints its own secret.`,
      'Reveal the signing secret, `whsec_…`, and set it whole under Settings.',
    ),
  recognition: { headers: ['stripe-signature'] },
};
