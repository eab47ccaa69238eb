import { type CatalogObject, entry } from '../catalog-types.ts';
import { asForm, given, steps, type Vendor } from '../vendor.ts';

function stateOf(type: string): CatalogObject {
  const [kind, ...state] = type.split('.');
  const value = state.join('.');
  return kind === 'message'
    ? { MessageStatus: value }
    : kind === 'call'
      ? { CallStatus: value }
      : { StatusCallbackEvent: value };
}

const rows: readonly (readonly [type: string, group: string, description: string])[] = [
  ['message.received', 'Messages', 'A message was received.'],
  ['message.sent', 'Messages', 'A message was sent.'],
  ['message.delivered', 'Messages', 'A message was delivered.'],
  ['message.failed', 'Messages', 'A message could not be delivered.'],
  ['call.ringing', 'Calls', 'A call is ringing.'],
  ['call.completed', 'Calls', 'A call was completed.'],
  ['status.participant-join', 'Conferences', 'A participant joined a conference.'],
];

const sampleOf = (type: string): CatalogObject => ({
  AccountSid: 'AC31',
  From: '+4915100004409',
  To: '+4915100000031',
  ...stateOf(type),
});

export const twilio: Vendor = {
  id: 'twilio',
  group: 'Messaging',
  types: rows.map(([type, group, description]) => entry({ type, group, description, sample: sampleOf(type) })),
  forms: { form: asForm },
  rename: (_sample, type) => sampleOf(type),
  stamp: (sample, { id }) => ({ ...sample, ...given({ MessageSid: id }) }),
  setup: ({ url }) =>
    steps(
      'Twilio Console → Account: copy the auth token and set it under Settings.',
      `Phone Numbers → your number → A message comes in, or a status callback: \`${url}\`, HTTP POST. The address must be the public address in the settings, since Twilio signs it.`,
    ),
  recognition: { headers: ['x-twilio-signature'] },
};
