import { asJson, steps, type Vendor } from '../vendor.ts';
import { shopifyTypes } from './types.ts';

export const shopify: Vendor = {
  id: 'shopify',
  group: 'Payments and shops',
  types: shopifyTypes,
  forms: { json: asJson() },
  headers: (type, id, at) => ({
    'x-shopify-topic': type,
    'x-shopify-shop-domain': 'example.myshopify.com',
    'x-shopify-webhook-id': id,
    ...(at === undefined ? {} : { 'x-shopify-triggered-at': at }),
  }),
  setup: ({ url }) =>
    steps(
      `Shopify admin → Settings → Notifications → Webhooks → Create webhook: URL \`${url}\`, format JSON.`,
      'Copy the signing secret that the page shows and set it under Settings; for an app it is the app’s client secret.',
    ),
  recognition: { headers: ['x-shopify-topic'] },
};
