import { asJson, given, steps, type Vendor } from '../vendor.ts';
import { awsSnsTypes } from './types.ts';

export const awsSns: Vendor = {
  id: 'aws-sns',
  types: awsSnsTypes,
  forms: { text: asJson('text/plain; charset=UTF-8') },
  rename: (sample, type) => ({ ...sample, Type: type.replace(/^sns\./, '') }),
  stamp: (sample, { id, at }) => ({ ...sample, ...given({ MessageId: id, Timestamp: at }) }),
  setup: ({ url }) =>
    steps(
      'List the ARN of the topic under Settings: messages of any other topic are refused.',
      `SNS → the topic → Create subscription: protocol HTTPS, endpoint \`${url}\`, raw message delivery off.`,
      'The confirmation arrives as a delivery. Nothing is fetched from Amazon until an operator approves it.',
    ),
  recognition: { headers: ['x-amz-sns-message-type'] },
};
