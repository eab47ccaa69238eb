import { type CatalogObject, entry } from '../catalog-types.ts';
import { asJson, given, steps, type Vendor } from '../vendor.ts';

const rows: readonly (readonly [type: string, group: string, description: string])[] = [
  ['meeting.started', 'Meetings', 'A meeting started.'],
  ['meeting.ended', 'Meetings', 'A meeting ended.'],
  ['meeting.created', 'Meetings', 'A meeting was scheduled.'],
  ['meeting.participant_joined', 'Meetings', 'A participant joined a meeting.'],
  ['recording.completed', 'Recordings', 'A cloud recording is ready.'],
  ['user.created', 'Users', 'A user was added to the account.'],
  ['user.deactivated', 'Users', 'A user was deactivated.'],
];

const sampleOf = (type: string): CatalogObject => ({
  event: type,
  event_ts: 1_769_846_400_000,
  payload: { account_id: 'aDepot31', object: { id: '1234567890', uuid: 'a+Depot==', topic: 'Yard' } },
});

export const zoom: Vendor = {
  id: 'zoom',
  group: 'Messaging',
  types: rows.map(([type, group, description]) => entry({ type, group, description, sample: sampleOf(type) })),
  forms: { json: asJson() },
  rename: (sample, type) => ({ ...sample, event: type }),
  stamp: (sample, { id, seconds }) => ({
    ...sample,
    ...given({ event_ts: seconds === undefined ? undefined : seconds * 1000, sample_id: id }),
  }),
  setup: ({ url }) =>
    steps(
      'Zoom App Marketplace → your app → Features → Access: copy the secret token and set it under Settings first.',
      `Event Subscriptions → Event notification endpoint URL \`${url}\`, then Validate. The challenge is answered automatically.`,
      'Add the event types and save.',
    ),
  recognition: { headers: ['x-zm-signature'] },
};
