import { type CatalogEntry, type CatalogObject, entry } from '../catalog-types.ts';

const host = 'https://sns.eu-west-1.amazonaws.com';
const topic = 'arn:aws:sns:eu-west-1:310000004409:depot-orders';

const message = (kind: string, id: string, fields: CatalogObject): CatalogObject => ({
  Type: kind,
  MessageId: id,
  TopicArn: topic,
  ...fields,
  Timestamp: '2026-01-31T08:00:00.000Z',
  SignatureVersion: '2',
  Signature: 'EXAMPLE',
  SigningCertURL: `${host}/SimpleNotificationService-example.pem`,
});
const confirming = (action: string): CatalogObject => ({
  Message: `To ${action}, visit the SubscribeURL included in this message.`,
  Token: 'sample-token',
  SubscribeURL: `${host}/?Action=ConfirmSubscription&TopicArn=${topic}&Token=sample-token`,
});

export const awsSnsTypes: readonly CatalogEntry[] = [
  entry({
    type: 'sns.Notification',
    group: 'Messages',
    description: 'A message was published to the topic.',
    sample: message('Notification', '31d0c7e5-4409-5f00-8c1d-2e3f4a5b6c7d', {
      Subject: 'Order 1044',
      Message: '{"order":1044,"state":"paid","total":125}',
      UnsubscribeURL: `${host}/?Action=Unsubscribe`,
    }),
  }),
  entry({
    type: 'sns.SubscriptionConfirmation',
    group: 'Subscription',
    description: 'Amazon asks to confirm the subscription; an operator approves it.',
    sample: message('SubscriptionConfirmation', '165545c9-2a5c-472c-8df2-7ff2be2b3b1b', confirming('subscribe')),
  }),
  entry({
    type: 'sns.UnsubscribeConfirmation',
    group: 'Subscription',
    description: 'The subscription was removed. The message contains an address that restores it.',
    sample: message('UnsubscribeConfirmation', '47138184-6831-46b8-8f7c-afc488602d7d', confirming('subscribe again')),
  }),
];
