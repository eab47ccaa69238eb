import { type CatalogEntry, type CatalogObject, entry, SAMPLE_TIME } from '../catalog-types.ts';

interface Sender {
  group: string;
  source: string;
  subject: string;
  data: CatalogObject;
  types: Readonly<Record<string, string>>;
}

const senders: readonly Sender[] = [
  {
    group: 'Google Cloud Storage',
    source: '//storage.googleapis.com/projects/_/buckets/depot-scales',
    subject: 'objects/2026-01-31.csv',
    data: { bucket: 'depot-scales', name: '2026-01-31.csv', contentType: 'text/csv', size: '4096' },
    types: {
      'google.cloud.storage.object.v1.finalized': 'A file was created in a bucket.',
      'google.cloud.storage.object.v1.deleted': 'A file was deleted from a bucket.',
      'google.cloud.storage.object.v1.archived': 'A live file of a bucket became a noncurrent version.',
      'google.cloud.storage.object.v1.metadataUpdated': 'The metadata of a file in a bucket was updated.',
    },
  },
  {
    group: 'Google Cloud',
    source: '//pubsub.googleapis.com/projects/depot/topics/orders',
    subject: 'orders',
    data: {
      message: { data: 'eyJvcmRlciI6MTA0NH0=', messageId: '31', attributes: {} },
      subscription: 'projects/depot/subscriptions/signalbox',
    },
    types: {
      'google.cloud.pubsub.topic.v1.messagePublished': 'A message was published to a topic.',
      'google.cloud.audit.log.v1.written': 'An audited operation was performed in a project.',
    },
  },
  {
    group: 'Knative',
    source: '/apis/v1/namespaces/depot/pingsources/nightly',
    subject: 'nightly',
    data: { message: 'It is time' },
    types: {
      'dev.knative.sources.ping': 'A schedule ran.',
      'dev.knative.apiserver.resource.add': 'A Kubernetes resource was created.',
      'dev.knative.apiserver.resource.update': 'A Kubernetes resource was updated.',
      'dev.knative.apiserver.resource.delete': 'A Kubernetes resource was deleted.',
    },
  },
  {
    group: 'CDEvents',
    source: '/ci/depot',
    subject: 'build-562',
    data: {
      context: { version: '0.4.1', source: '/ci/depot' },
      subject: { id: 'build-562', content: { outcome: 'success' } },
    },
    types: {
      'dev.cdevents.pipelinerun.started.0.2.0': 'A pipeline started.',
      'dev.cdevents.pipelinerun.finished.0.2.0': 'A pipeline finished.',
      'dev.cdevents.build.finished.0.2.0': 'A build finished.',
      'dev.cdevents.artifact.published.0.2.0': 'An artifact was published.',
      'dev.cdevents.service.deployed.0.2.0': 'A service was deployed.',
    },
  },
];

/**
 * Types of some well-known senders, to try a source with: with CloudEvents every sender names its own, so a type that is
 * not here lacks nothing.
 */
export const cloudeventsTypes: readonly CatalogEntry[] = senders.flatMap(({ group, source, subject, data, types }) =>
  Object.entries(types).map(([type, description]) =>
    entry({
      type,
      group,
      description,
      sample: {
        specversion: '1.0',
        id: `sample-${type}`,
        source,
        type,
        subject,
        time: SAMPLE_TIME,
        datacontenttype: 'application/json',
        data,
      },
    }),
  ),
);
