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
      'contact.created': 'A contact was created.',
      'contact.updated': 'A contact was updated.',
      'contact.deleted': 'A contact was deleted.',
    },
  },
  {
    group: 'Clerk',
    data: { id: 'user_31', first_name: 'Mila', email_addresses: [{ email_address: 'mila@example.com' }] },
    types: {
      'user.created': 'A user signed up.',
      'user.updated': 'The profile of a user was updated.',
      'user.deleted': 'A user was deleted.',
      'session.created': 'A user signed in.',
      'organization.created': 'An organization was created.',
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
      'email.sent': 'An email was sent.',
      'email.delivered': 'An email was delivered.',
      'email.delivery_delayed': 'The delivery of an email was delayed.',
      'email.bounced': 'An email bounced.',
      'email.complained': 'The recipient marked an email as spam.',
      'email.opened': 'An email was opened.',
      'email.clicked': 'A link in an email was clicked.',
    },
  },
  {
    group: 'OpenAI',
    data: { id: 'resp_31' },
    types: {
      'response.completed': 'A background response completed.',
      'response.failed': 'A background response failed.',
      'batch.completed': 'A batch completed.',
      'batch.failed': 'A batch failed.',
      'fine_tuning.job.succeeded': 'A fine-tuning job completed.',
    },
  },
  {
    group: 'Svix',
    data: { appId: 'app_31', endpointId: 'ep_31', msgId: 'msg_31' },
    types: {
      'endpoint.created': 'An endpoint was created.',
      'endpoint.disabled': 'An endpoint was disabled after failing for days.',
      'message.attempt.exhausted': 'A message failed after its last attempt.',
      'message.attempt.failing': 'A message failed several times and will be retried.',
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
