import { asJson, given, isFields, isText, type Vendor, type WriteSample } from '../vendor.ts';
import { flatfileTypes } from './types.ts';

/** The vendor's forwarder posts its own object around the raw event, with the token it works with. */
const forwarded: WriteSample = (raw, entry) =>
  asJson()(
    {
      _accessToken: 'sample-token-to-be-masked',
      _apiUrl: 'https://api.example.com/',
      src: raw,
      afterAllCallbacks: {},
      cache: { eventCache: {} },
      domain: raw.domain ?? '',
      topic: raw.topic ?? '',
      context: raw.context ?? {},
      payload: raw.payload ?? {},
      target: '',
      origin: raw.origin ?? {},
      action: '',
      namespace: raw.namespaces ?? [],
      createdAt: raw.createdAt ?? null,
    },
    entry,
  );

export const flatfile: Vendor = {
  id: 'flatfile',
  types: flatfileTypes,
  forms: { json: asJson(), forwarded },
  rename: (sample, type) => ({ ...sample, topic: type, domain: type.split(':', 1).join('') }),
  stamp: (sample, { id, at }) => ({ ...sample, ...given({ id, createdAt: at }) }),
  setup: ({ url, proof }) => ({
    steps: [
      'In the Flatfile listener, forward events with the webhook forwarder, or post them from your own handler.',
      `Address \`${url}\`. Both formats are supported: the event as the API returns it, and the forwarder’s wrapper.`,
      proof,
      'An access token inside the body is masked before anything is stored.',
    ],
    assumptions: ['The forwarder does not sign, sends no custom header and does not retry.'],
  }),
  recognition: {
    inFields(fields) {
      const { topic, domain, context } = isFields(fields.src) ? fields.src : fields;
      return isText(topic) && topic.includes(':') && isText(domain) && isFields(context)
        ? 'topic, domain and context in the body'
        : null;
    },
  },
};
