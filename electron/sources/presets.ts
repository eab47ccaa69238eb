import { awsSns } from './aws-sns.ts';
import { azureEventGrid } from './azure-event-grid.ts';
import { cloudevents } from './cloudevents.ts';
import { deck } from './deck.ts';
import { flatfile } from './flatfile.ts';
import { generic } from './generic.ts';
import { github } from './github.ts';
import { gitlab } from './gitlab.ts';
import { icfm } from './icfm.ts';
import { nextIdentity } from './next-identity.ts';
import { revoengine } from './revoengine.ts';
import { shopify } from './shopify.ts';
import { slack } from './slack.ts';
import type { Preset } from './source-types.ts';
import { standardWebhooks } from './standard-webhooks.ts';
import { stripe } from './stripe.ts';

/** Every preset there is, in the order people see them. A new one is its own file and a line here. */
const all: readonly Preset[] = [
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
];

export const presets: ReadonlyMap<string, Preset> = new Map(all.map((preset) => [preset.info.id, preset]));
