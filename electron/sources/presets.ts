import { registerById } from '../../shared/vendors/register-by-id.ts';
import { adnanhWebhook } from './presets/adnanh-webhook/adnanh-webhook.ts';
import { awsSns } from './presets/aws-sns/aws-sns.ts';
import { azureEventGrid } from './presets/azure-event-grid.ts';
import { cloudevents } from './presets/cloudevents/cloudevents.ts';
import { deck } from './presets/deck.ts';
import { flatfile } from './presets/flatfile.ts';
import { generic } from './presets/generic.ts';
import { github } from './presets/github.ts';
import { gitlab } from './presets/gitlab.ts';
import { icfm } from './presets/icfm/icfm.ts';
import { nextIdentity } from './presets/next-identity/next-identity.ts';
import { revoengine } from './presets/revoengine/revoengine.ts';
import { shopify } from './presets/shopify.ts';
import { slack } from './presets/slack.ts';
import { standardWebhooks } from './presets/standard-webhooks.ts';
import { stripe } from './presets/stripe.ts';
import type { Preset } from './source-types.ts';

export const registerPresets = (list: readonly Preset[]): ReadonlyMap<string, Preset> =>
  registerById('presets', list, ({ info }) => info.id);

/** Every preset there is, in the order people see them. A new one is its own file and a line here. */
export const presets = registerPresets([
  generic,
  standardWebhooks,
  revoengine,
  flatfile,
  deck,
  icfm,
  nextIdentity,
  cloudevents,
  github,
  gitlab,
  stripe,
  slack,
  shopify,
  awsSns,
  azureEventGrid,
  adnanhWebhook,
]);
