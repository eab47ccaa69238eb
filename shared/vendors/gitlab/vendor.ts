import { asJson, steps, type Vendor } from '../vendor.ts';
import { gitlabTypes } from './types.ts';

/** `merge_request` → `Merge Request Hook`; all system hooks have one name. */
const eventHeader = (type: string): string =>
  type.startsWith('system.')
    ? 'System Hook'
    : `${type
        .split('_')
        .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
        .join(' ')} Hook`;

export const gitlab: Vendor = {
  id: 'gitlab',
  types: gitlabTypes,
  forms: { json: asJson() },
  headers: (type, id) => ({ 'x-gitlab-event': eventHeader(type), 'idempotency-key': id }),
  setup: ({ url }) =>
    steps(
      'Project or group → Settings → Webhooks → Add new webhook.',
      `URL \`${url}\`. A self-managed GitLab sends to its own network only if an administrator allows it: Admin → Settings → Network → Outbound requests.`,
      'Secret token: the one this source has under Settings.',
      'Choose the triggers, save, then use Test to send one.',
    ),
  recognition: { headers: ['x-gitlab-event'] },
};
