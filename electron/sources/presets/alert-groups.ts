import type { Json } from '../../../shared/contract/common.ts';
import { fieldOf } from '../body/json-object.ts';
import type { FoundItem, JsonPresetDefinition } from '../define-json-preset.ts';

type Reading = Required<Pick<JsonPresetDefinition, 'split' | 'typeIn' | 'type' | 'externalId' | 'time' | 'context'>>;

const isResolved = (item: Json): boolean => fieldOf(item, 'status') === 'resolved';

/** `alert.firing` and `alert.resolved` of the groups that Alertmanager posts, and Grafana after it. */
export const alertGroup: Reading = {
  split(document) {
    const alerts = fieldOf(document, 'alerts');
    return Array.isArray(alerts) ? alerts : undefined;
  },
  typeIn: '"status"',
  type({ item }) {
    const status = fieldOf(item, 'status');
    return typeof status === 'string' ? `alert.${status}` : undefined;
  },
  /** A group is posted again while its alerts last: the same alert in the same state is a repeat. */
  externalId({ item }: FoundItem) {
    const fingerprint = fieldOf(item, 'fingerprint');
    if (typeof fingerprint !== 'string') return undefined;
    const at = fieldOf(item, isResolved(item) ? 'endsAt' : 'startsAt');
    return `${fingerprint} ${String(fieldOf(item, 'status'))} ${String(at ?? '')}`;
  },
  time({ item }) {
    const name = isResolved(item) ? 'endsAt' : 'startsAt';
    return [name, fieldOf(item, name)];
  },
  context: ({ item, document }) => ({
    alert: fieldOf(fieldOf(item, 'labels'), 'alertname'),
    severity: fieldOf(fieldOf(item, 'labels'), 'severity'),
    receiver: fieldOf(document, 'receiver'),
    group: fieldOf(document, 'groupKey'),
  }),
};

export const sampleGroup = {
  receiver: 'signalbox',
  status: 'firing',
  alerts: [
    {
      status: 'firing',
      labels: { alertname: 'ScaleStuck', severity: 'critical', instance: 'yard-31' },
      annotations: { summary: 'The scale is stuck' },
      startsAt: '2026-01-31T08:00:00Z',
      endsAt: '0001-01-01T00:00:00Z',
      generatorURL: 'https://metrics.example.com/graph',
      fingerprint: 'c6eadffa33fcdf37',
    },
  ],
  groupLabels: { alertname: 'ScaleStuck' },
  commonLabels: { alertname: 'ScaleStuck' },
  commonAnnotations: {},
  externalURL: 'https://metrics.example.com',
  version: '4',
  groupKey: '{}:{alertname="ScaleStuck"}',
  truncatedAlerts: 0,
};
