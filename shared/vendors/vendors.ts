import { awsSns } from './aws-sns/vendor.ts';
import { azureEventGrid } from './azure-event-grid/vendor.ts';
import { cloudevents } from './cloudevents/vendor.ts';
import { deck } from './deck/vendor.ts';
import { flatfile } from './flatfile/vendor.ts';
import { github } from './github/vendor.ts';
import { gitlab } from './gitlab/vendor.ts';
import { icfm } from './icfm/vendor.ts';
import { nextIdentity } from './next-identity/vendor.ts';
import { registerById } from './register-by-id.ts';
import { revoengine } from './revoengine/vendor.ts';
import { shopify } from './shopify/vendor.ts';
import { slack } from './slack/vendor.ts';
import { standardWebhooks } from './standard-webhooks/vendor.ts';
import { stripe } from './stripe/vendor.ts';
import type { Vendor } from './vendor.ts';

export type Vendors = ReadonlyMap<string, Vendor>;

export const registerVendors = (list: readonly Vendor[]): Vendors => registerById('vendors', list, ({ id }) => id);

/** Every vendor there is, in the order people see them. A new one is its own folder and a line here. */
export const vendors = registerVendors([
  revoengine,
  flatfile,
  deck,
  nextIdentity,
  icfm,
  github,
  gitlab,
  stripe,
  slack,
  shopify,
  awsSns,
  azureEventGrid,
  cloudevents,
  standardWebhooks,
]);
