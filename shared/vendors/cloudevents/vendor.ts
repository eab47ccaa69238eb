import { asJson, asList, given, isText, steps, type Vendor } from '../vendor.ts';
import { cloudeventsTypes } from './types.ts';

export const cloudevents: Vendor = {
  id: 'cloudevents',
  types: cloudeventsTypes,
  hasOpenTypes: true,
  forms: { structured: asJson('application/cloudevents+json'), batch: asList('application/cloudevents-batch+json') },
  rename: (sample, type) => ({ ...sample, type }),
  stamp: (sample, { id, at }) => ({ ...sample, ...given({ id, time: at }) }),
  setup: ({ url, proof }) =>
    steps(
      `Subscribe with the sink \`${url}\`. Binary, structured and batch mode are read.`,
      proof,
      'A validation request (OPTIONS with `WebHook-Request-Origin`) is answered as the specification requires.',
    ),
  recognition: {
    headers: ['ce-specversion'],
    isContentType: (contentType) => contentType.startsWith('application/cloudevents'),
    inFields: ({ specversion, type, source }) =>
      isText(specversion) && isText(type) && isText(source) ? 'specversion, type and source in the body' : null,
  },
};
