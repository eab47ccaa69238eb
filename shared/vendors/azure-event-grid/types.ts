import { type CatalogEntry, type CatalogJson, type CatalogObject, entry } from '../catalog-types.ts';

const subscription = '/subscriptions/31000000-0000-4000-8000-000000000031';
const inGroup = `${subscription}/resourceGroups/depot/providers`;

interface Publisher {
  group: string;
  /** Prefix of the types, without their last part. */
  namespace: string;
  topic: string;
  subject: string;
  data: CatalogObject;
  types: Readonly<Record<string, string>>;
}

const publishers: readonly Publisher[] = [
  {
    group: 'Blob storage',
    namespace: 'Microsoft.Storage',
    topic: `${inGroup}/Microsoft.Storage/storageAccounts/depotfiles`,
    subject: '/blobServices/default/containers/scales/blobs/2026-01-31.csv',
    data: {
      api: 'PutBlob',
      contentType: 'text/csv',
      contentLength: 4096,
      blobType: 'BlockBlob',
      url: 'https://depotfiles.blob.core.windows.net/scales/2026-01-31.csv',
    },
    types: {
      BlobCreated: 'A file was created or overwritten.',
      BlobDeleted: 'A file was deleted.',
      BlobRenamed: 'A file was renamed.',
      BlobTierChanged: 'The access tier of a file was changed.',
      DirectoryCreated: 'A folder was created.',
      DirectoryDeleted: 'A folder was deleted.',
    },
  },
  {
    group: 'Resources',
    namespace: 'Microsoft.Resources',
    topic: subscription,
    subject: `${inGroup}/Microsoft.Compute/virtualMachines/scale-1`,
    data: {
      resourceProvider: 'Microsoft.Compute',
      operationName: 'Microsoft.Compute/virtualMachines/write',
      status: 'Succeeded',
    },
    types: {
      ResourceWriteSuccess: 'A resource was created or updated.',
      ResourceWriteFailure: 'A resource could not be created or updated.',
      ResourceDeleteSuccess: 'A resource was deleted.',
      ResourceDeleteFailure: 'A resource could not be deleted.',
      ResourceActionSuccess: 'An action was performed on a resource, such as a restart.',
    },
  },
  {
    group: 'Key Vault',
    namespace: 'Microsoft.KeyVault',
    topic: `${inGroup}/Microsoft.KeyVault/vaults/depot-keys`,
    subject: 'deck-signing',
    data: {
      VaultName: 'depot-keys',
      ObjectType: 'Secret',
      ObjectName: 'deck-signing',
      Version: 'ee059b2bb5bc48398a53b168c6cdcb10',
    },
    types: {
      SecretNewVersionCreated: 'A new version of a secret was created.',
      SecretNearExpiry: 'A secret expires soon.',
      SecretExpired: 'A secret has expired.',
      CertificateNearExpiry: 'A certificate expires soon.',
      CertificateExpired: 'A certificate has expired.',
      KeyNearExpiry: 'A key expires soon.',
      KeyExpired: 'A key has expired.',
    },
  },
  {
    group: 'Container registry',
    namespace: 'Microsoft.ContainerRegistry',
    topic: `${inGroup}/Microsoft.ContainerRegistry/registries/depot`,
    subject: 'scale:v1.4.0',
    data: {
      action: 'push',
      target: { repository: 'scale', tag: 'v1.4.0', size: 3023 },
      timestamp: '2026-01-31T08:00:00Z',
    },
    types: { ImagePushed: 'An image was pushed.', ImageDeleted: 'An image was deleted.' },
  },
  {
    group: 'App configuration',
    namespace: 'Microsoft.AppConfiguration',
    topic: `${inGroup}/Microsoft.AppConfiguration/configurationStores/depot`,
    subject: 'https://depot.azconfig.io/kv/unit',
    data: { key: 'unit', etag: 'FnUExLaj2moIi4tJX9AXn9sakm0' },
    types: { KeyValueModified: 'The value of a setting was changed.', KeyValueDeleted: 'A setting was deleted.' },
  },
  {
    group: 'IoT Hub',
    namespace: 'Microsoft.Devices',
    topic: `${inGroup}/Microsoft.Devices/IotHubs/depot`,
    subject: 'devices/scale-1',
    data: { hubName: 'depot', deviceId: 'scale-1' },
    types: {
      DeviceConnected: 'A device connected.',
      DeviceDisconnected: 'A device disconnected.',
      DeviceCreated: 'A device was created.',
      DeviceDeleted: 'A device was deleted.',
      DeviceTelemetry: 'A device sent telemetry.',
    },
  },
  {
    group: 'Service Bus',
    namespace: 'Microsoft.ServiceBus',
    topic: `${inGroup}/Microsoft.ServiceBus/namespaces/depot`,
    subject: 'queues/orders',
    data: { namespaceName: 'depot', queueName: 'orders', entityType: 'queue' },
    types: {
      ActiveMessagesAvailableWithNoListeners: 'Messages are waiting and there is no active receiver.',
      DeadletterMessagesAvailableWithNoListeners: 'Dead-lettered messages are waiting and there is no active receiver.',
    },
  },
  {
    group: 'Event Grid',
    namespace: 'Microsoft.EventGrid',
    topic: subscription,
    subject: '',
    data: { eventSubscriptionId: `${subscription}/eventSubscriptions/depot` },
    types: { SubscriptionDeletedEvent: 'The subscription that sends to this address was deleted.' },
  },
];

/** `data` names the action, where the publisher does, so that no two samples say the same. */
const dataOf = ({ data }: Publisher, action: string): CatalogJson =>
  'api' in data ? { ...data, api: action === 'BlobCreated' ? 'PutBlob' : action } : data;

/** Types of Azure's own services; those of custom topics are whatever their publishers call them. */
export const azureEventGridTypes: readonly CatalogEntry[] = publishers.flatMap((publisher) =>
  Object.entries(publisher.types).map(([name, description]) => {
    const type = `${publisher.namespace}.${name}`;
    return entry({
      type,
      group: publisher.group,
      description,
      sample: {
        id: `sample-${name}`,
        topic: publisher.topic,
        subject: publisher.subject,
        eventType: type,
        eventTime: '2026-01-31T08:00:00.1234567Z',
        data: dataOf(publisher, name),
        dataVersion: '1',
        metadataVersion: '1',
      },
    });
  }),
);
