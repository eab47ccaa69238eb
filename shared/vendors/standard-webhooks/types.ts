import { type CatalogEntry, type CatalogObject, entry, SAMPLE_TIME } from '../catalog-types.ts';

interface Sender {
  group: string;
  data: CatalogObject;
  types: Readonly<Record<string, string>>;
}

const senders: readonly Sender[] = [
  {
    group: 'As in the specification',
    data: { id: 'ct_1001', name: 'Ada', email: 'ada@example.com' },
    types: {
      'contact.created': 'There is a new contact.',
      'contact.updated': 'A contact was changed.',
      'contact.deleted': 'A contact was removed.',
    },
  },
  {
    group: 'Clerk',
    data: { id: 'user_31', first_name: 'Mila', email_addresses: [{ email_address: 'mila@example.com' }] },
    types: {
      'user.created': 'A user signed up.',
      'user.updated': 'The profile of a user was changed.',
      'user.deleted': 'A user was removed.',
      'session.created': 'A user signed in.',
      'organization.created': 'There is a new organization.',
    },
  },
  {
    group: 'Resend',
    data: {
      email_id: '56761188-7520-42d8-8898-ff6fc54ce618',
      from: 'depot@example.com',
      to: ['mila@example.com'],
      subject: 'Order 1044',
    },
    types: {
      'email.sent': 'A mail was handed over.',
      'email.delivered': 'A mail has arrived.',
      'email.delivery_delayed': 'A mail has not arrived yet.',
      'email.bounced': 'A mail came back.',
      'email.complained': 'The one it went to called a mail spam.',
      'email.opened': 'A mail was opened.',
      'email.clicked': 'A link of a mail was followed.',
    },
  },
  {
    group: 'OpenAI',
    data: { id: 'resp_31' },
    types: {
      'response.completed': 'An answer that was worked on in the background is there.',
      'response.failed': 'An answer that was worked on in the background failed.',
      'batch.completed': 'A batch is done.',
      'batch.failed': 'A batch failed.',
      'fine_tuning.job.succeeded': 'A model is tuned.',
    },
  },
  {
    group: 'Svix',
    data: { appId: 'app_31', endpointId: 'ep_31', msgId: 'msg_31' },
    types: {
      'endpoint.created': 'There is a new endpoint.',
      'endpoint.disabled': 'An endpoint failed for days and is sent nothing more.',
      'message.attempt.exhausted': 'A message was given up after its last attempt.',
      'message.attempt.failing': 'A message has failed several times.',
    },
  },
];

/**
 * Types of some senders that sign by Standard Webhooks, to try a source with: each sender names its own, so a type that
 * is not here lacks nothing.
 */
export const standardWebhooksTypes: readonly CatalogEntry[] = senders.flatMap(({ group, data, types }) =>
  Object.entries(types).map(([type, description]) =>
    entry({ type, group, description, sample: { type, timestamp: SAMPLE_TIME, data } }),
  ),
);
