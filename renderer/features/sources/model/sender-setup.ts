import type { PresetInfo, Source } from '../../../../shared/contract/sources.ts';
import { settingAt } from './source-draft.ts';

export interface SetupHelp {
  /** In order; text between backticks is to be typed or pasted as it stands. */
  steps: readonly string[];
  /** What the vendor does not document, so that Signalbox had to assume it. */
  assumptions: readonly string[];
}

interface Facts {
  url: string;
  methods: string;
  scheme: string;
  /** Whether a token is asked for. */
  hasToken: boolean;
  /** The step in which the sender is told how to prove itself. */
  proof: string;
}

type Guide = (facts: Facts) => SetupHelp;

const plain = (...steps: string[]): SetupHelp => ({ steps, assumptions: [] });

const settingsFirst =
  'The secret itself stays in a variable, a file or the secret store: choose which under Settings, on this page.';

/** How each vendor's side is set up. What is not here gets the general steps. */
const guides: Readonly<Record<string, Guide>> = {
  revoengine: ({ url, proof }) => ({
    steps: [
      'In RevoEngine, open the job or event that should tell Signalbox and add an HTTP request to it.',
      `Method \`POST\`, address \`${url}\`, content type \`application/json\`.`,
      'Body: the whole event, `{"type": …, "metadata": …, "message": …}`. Any other JSON is taken too; say under Settings where its type stands.',
      proof,
    ],
    assumptions: ['RevoEngine documents no signature: a static header with a token is all that proves the sender.'],
  }),
  flatfile: ({ url, proof }) => ({
    steps: [
      'In the Flatfile listener, forward events with the webhook forwarder, or post them from your own handler.',
      `Address \`${url}\`. Both shapes are read: the event as the API gives it, and the forwarder’s object around it.`,
      proof,
      'An access token inside the body is masked before anything is stored.',
    ],
    assumptions: ['The forwarder signs nothing, sends no header of its own and does not try again.'],
  }),
  deck: ({ url }) => ({
    steps: [
      `In Deck, add an event destination with the address \`${url}\` and choose the events: exact types, or \`*\` for all.`,
      'Copy the destination’s signing secret, `whsec_…`, and set it under Settings.',
      'After a rotation keep the old secret as the previous one for 24 hours: Deck signs with both.',
    ],
    assumptions: [
      'How Deck verifies a new destination is not documented: a signed POST that wants a 2xx, and its challenge back where it holds one.',
    ],
  }),
  'next-identity': ({ url }) => ({
    steps: [
      `In the Console, create a Workflow with the endpoint \`${url}\`.`,
      'Subscribe it: user data by property, transactional email and enrich by client ID.',
      'Under Settings, give the JWKS (an address, a file or pasted), and the issuer and audience that its tokens must name.',
      'For enrich workflows, give the vendor this installation’s own JWKS address: the answers are signed with its key.',
    ],
    assumptions: [
      'Tokens come as `application/secevent+jwt`; bare and wrapped in JSON are read too.',
      'The deadline of an enrich workflow is not documented: 3 s, which a listener may change.',
    ],
  }),
  icfm: ({ url, methods, scheme, hasToken }) => ({
    steps: [
      !hasToken
        ? `Ask CETA Support to add this address to the Event Queue: \`${url}/listen.php\`. ${scheme === 'none' ? 'Nothing proves the sender yet: a token under Settings would.' : 'Only the addresses under Settings are let in; a token would prove more.'}`
        : `Ask CETA Support to add this address to the Event Queue: \`${url}/listen.php?token=TOKEN\`, with the token of Settings in place of TOKEN.`,
      `Taken are ${methods}, as JSON, a form, multipart or all in the query.`,
      'iCFM calls from outside: put nginx or Caddy with HTTPS in front, as below, and set the public address in the settings.',
      'Name the addresses that iCFM calls from under Settings, where you know them.',
    ],
    assumptions: [
      'Only the names of events are documented. Where the type stands, whether an id comes and how it proves itself are settings of this source.',
    ],
  }),
  'standard-webhooks': ({ url }) =>
    plain(
      `At the sender, add an endpoint with the address \`${url}\`.`,
      'Copy its signing secret, `whsec_…` (or the public key, `whpk_…`), and set it under Settings.',
      'Both sets of header names are read: `webhook-…` and `svix-…`.',
    ),
  cloudevents: ({ url, proof }) =>
    plain(
      `Subscribe with the sink \`${url}\`. Binary, structured and batch mode are read.`,
      proof,
      'A sender that asks first (OPTIONS with `WebHook-Request-Origin`) is answered as the specification says.',
    ),
  github: ({ url }) =>
    plain(
      'Repository or organisation → Settings → Webhooks → Add webhook.',
      `Payload URL \`${url}\`, content type \`application/json\`.`,
      'Secret: the one this source has under Settings. Leave SSL verification on.',
      'Choose the events. GitHub sends a `ping` at once: it arrives here as the first delivery.',
    ),
  gitlab: ({ url }) =>
    plain(
      'Project or group → Settings → Webhooks → Add new webhook.',
      `URL \`${url}\`.`,
      'Secret token: the one this source has under Settings.',
      'Choose the triggers, save, then use Test to send one.',
    ),
  stripe: ({ url }) =>
    plain(
      'Stripe → Developers → Webhooks → Add destination.',
      `Endpoint URL \`${url}\`, and the events to send.`,
      'Reveal the signing secret, `whsec_…`, and set it whole under Settings.',
    ),
  slack: ({ url }) =>
    plain(
      'Your Slack app → Basic Information: copy the signing secret and set it under Settings first.',
      `Event Subscriptions → Request URL \`${url}\`. Slack checks it with a challenge, which is answered by itself.`,
      'The same address serves Interactivity and slash commands.',
    ),
  shopify: ({ url }) =>
    plain(
      `Shopify admin → Settings → Notifications → Webhooks → Create webhook: URL \`${url}\`, format JSON.`,
      'Copy the signing secret that the page shows and set it under Settings; for an app it is the app’s client secret.',
    ),
  'aws-sns': ({ url }) =>
    plain(
      'List the ARN of the topic under Settings: messages of any other topic are refused.',
      `SNS → the topic → Create subscription: protocol HTTPS, endpoint \`${url}\`, raw message delivery off.`,
      'The confirmation arrives here as a delivery and waits: a person approves it before anything is fetched from Amazon.',
    ),
  'azure-event-grid': ({ url, proof }) =>
    plain(
      `Event Grid → Event Subscription: endpoint type Web Hook, endpoint \`${url}\`.`,
      'Its validation is answered by itself, in the Event Grid and in the CloudEvents way.',
      proof,
    ),
};

function proofOf(source: Pick<Source, 'verify'>, scheme: string, preset: PresetInfo | undefined): string {
  const settings = { event: {}, verify: { ...preset?.defaults.verify, ...source.verify } };
  const header = settingAt(settings, 'verify.header');
  const query = settingAt(settings, 'verify.query');
  if (scheme === 'token' && typeof query === 'string')
    return `Add the token to the address: \`?${query}=TOKEN\`, with this source’s token in place of TOKEN.`;
  if (scheme === 'token')
    return typeof header === 'string' && header.toLowerCase() !== 'authorization'
      ? `Send the header \`${header}\` with this source’s token.`
      : 'Send the header `Authorization: Bearer TOKEN`, with this source’s token in place of TOKEN.';
  if (scheme === 'basic') return 'Give it the user name and password that this source has under Settings.';
  if (scheme === 'hmac')
    return `Sign the raw body with this source’s secret${typeof header === 'string' ? ` and send the signature in \`${header}\`` : ''}.`;
  if (scheme === 'none' || scheme === '')
    return 'Nothing proves the sender yet: whoever knows the address can post. Choose a verification under Settings.';
  return settingsFirst;
}

/** What to do on the sender's side; null for the built-in source, which nobody sends to. */
export function setupOf(source: Source, preset: PresetInfo | undefined): SetupHelp | null {
  if (source.url === null) return null;
  const verify = { ...preset?.defaults.verify, ...source.verify };
  const scheme = typeof verify.scheme === 'string' ? verify.scheme : '';
  const methods = (source.methods ?? preset?.defaults.methods ?? ['POST']).join(' and ');
  const hasToken = scheme !== 'none' && (verify.token !== undefined || verify.tokens !== undefined);
  const facts: Facts = { url: source.url, methods, scheme, hasToken, proof: proofOf(source, scheme, preset) };
  const guide = guides[source.preset];
  if (guide !== undefined) return guide(facts);
  return plain(
    `At the sender, give this address: \`${facts.url}\`.`,
    `Let it send ${methods} with JSON, a form or text.`,
    facts.proof,
  );
}
