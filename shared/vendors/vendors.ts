import { alertmanager } from './alertmanager/vendor.ts';
import { awsSns } from './aws-sns/vendor.ts';
import { azureEventGrid } from './azure-event-grid/vendor.ts';
import { cloudevents } from './cloudevents/vendor.ts';
import { deck } from './deck/vendor.ts';
import { flatfile } from './flatfile/vendor.ts';
import { github } from './github/vendor.ts';
import { gitlab } from './gitlab/vendor.ts';
import { grafana } from './grafana/vendor.ts';
import { hubspot } from './hubspot/vendor.ts';
import { icfm } from './icfm/vendor.ts';
import { jira } from './jira/vendor.ts';
import { linear } from './linear/vendor.ts';
import { mailgun } from './mailgun/vendor.ts';
import { meta } from './meta/vendor.ts';
import { microsoftGraph } from './microsoft-graph/vendor.ts';
import { nextIdentity } from './next-identity/vendor.ts';
import { notion } from './notion/vendor.ts';
import { okta } from './okta/vendor.ts';
import { pagerduty } from './pagerduty/vendor.ts';
import { paypalIpn } from './paypal-ipn/vendor.ts';
import { registerById } from './register-by-id.ts';
import { revoengine } from './revoengine/vendor.ts';
import { sendgrid } from './sendgrid/vendor.ts';
import { sentry } from './sentry/vendor.ts';
import { shopify } from './shopify/vendor.ts';
import { slack } from './slack/vendor.ts';
import { square } from './square/vendor.ts';
import { standardWebhooks } from './standard-webhooks/vendor.ts';
import { stripe } from './stripe/vendor.ts';
import { telegram } from './telegram/vendor.ts';
import { trello } from './trello/vendor.ts';
import { twilio } from './twilio/vendor.ts';
import { twitch } from './twitch/vendor.ts';
import type { Vendor } from './vendor.ts';
import { workos } from './workos/vendor.ts';
import { zendesk } from './zendesk/vendor.ts';
import { zoom } from './zoom/vendor.ts';

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
  cloudevents,
  standardWebhooks,
]);
