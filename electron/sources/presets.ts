import { registerById } from '../../shared/vendors/register-by-id.ts';
import { adnanhWebhook } from './presets/adnanh-webhook/adnanh-webhook.ts';
import { alertmanager } from './presets/alertmanager.ts';
import { awsSns } from './presets/aws-sns/aws-sns.ts';
import { azureEventGrid } from './presets/azure-event-grid.ts';
import { cloudevents } from './presets/cloudevents/cloudevents.ts';
import { deck } from './presets/deck.ts';
import { flatfile } from './presets/flatfile.ts';
import { generic } from './presets/generic.ts';
import { github } from './presets/github.ts';
import { gitlab } from './presets/gitlab.ts';
import { grafana } from './presets/grafana.ts';
import { hubspot } from './presets/hubspot.ts';
import { icfm } from './presets/icfm/icfm.ts';
import { jira } from './presets/jira.ts';
import { linear } from './presets/linear.ts';
import { mailgun } from './presets/mailgun.ts';
import { meta } from './presets/meta.ts';
import { microsoftGraph } from './presets/microsoft-graph.ts';
import { nextIdentity } from './presets/next-identity/next-identity.ts';
import { notion } from './presets/notion.ts';
import { okta } from './presets/okta.ts';
import { pagerduty } from './presets/pagerduty.ts';
import { paypalIpn } from './presets/paypal-ipn.ts';
import { revoengine } from './presets/revoengine/revoengine.ts';
import { sendgrid } from './presets/sendgrid.ts';
import { sentry } from './presets/sentry.ts';
import { shopify } from './presets/shopify.ts';
import { slack } from './presets/slack.ts';
import { square } from './presets/square.ts';
import { standardWebhooks } from './presets/standard-webhooks.ts';
import { stripe } from './presets/stripe.ts';
import { telegram } from './presets/telegram.ts';
import { trello } from './presets/trello.ts';
import { twilio } from './presets/twilio.ts';
import { twitch } from './presets/twitch.ts';
import { workos } from './presets/workos.ts';
import { zendesk } from './presets/zendesk.ts';
import { zoom } from './presets/zoom.ts';
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
  twilio,
  sendgrid,
  mailgun,
  meta,
  telegram,
  zoom,
  twitch,
  square,
  paypalIpn,
  hubspot,
  zendesk,
  jira,
  linear,
  notion,
  trello,
  sentry,
  pagerduty,
  grafana,
  alertmanager,
  okta,
  workos,
  microsoftGraph,
]);
