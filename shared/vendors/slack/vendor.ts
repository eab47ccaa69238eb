import { asForm, asJson, asPayloadField, given, objectIn, steps, type Vendor } from '../vendor.ts';
import { commands, interactivity, slackTypes } from './types.ts';

export const slack: Vendor = {
  id: 'slack',
  group: 'Messaging',
  types: slackTypes,
  forms: {
    usual: (sample, entry) =>
      (entry.group === interactivity ? asPayloadField : entry.group === commands ? asForm : asJson())(sample, entry),
  },
  rename: (sample, type) =>
    'event' in sample ? { ...sample, event: { ...objectIn(sample, 'event'), type } } : { ...sample, type },
  stamp: (sample, { id, seconds }) => ({
    ...sample,
    ...('event_id' in sample ? given({ event_id: id, event_time: seconds }) : given({ trigger_id: id })),
  }),
  setup: ({ url }) =>
    steps(
      'Your Slack app → Basic Information: copy the signing secret and set it under Settings first.',
      `Event Subscriptions → Request URL \`${url}\`. Slack checks it with a challenge, which is answered automatically.`,
      'The same address serves Interactivity and slash commands.',
    ),
  recognition: { headers: ['x-slack-signature'] },
};
