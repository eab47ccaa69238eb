import { asJson, asPayloadField, steps, type Vendor } from '../vendor.ts';
import { githubTypes } from './types.ts';

export const github: Vendor = {
  id: 'github',
  types: githubTypes,
  forms: { json: asJson(), payload: asPayloadField },
  rename(sample, type) {
    const { action: _, ...rest } = sample;
    const dot = type.indexOf('.');
    return dot === -1 ? rest : { action: type.slice(dot + 1), ...rest };
  },
  headers: (type, id) => ({ 'x-github-event': type.split('.', 1).join(''), 'x-github-delivery': id }),
  setup: ({ url }) =>
    steps(
      'Repository or organization → Settings → Webhooks → Add webhook.',
      `Payload URL \`${url}\`, content type \`application/json\`.`,
      'Secret: the one this source has under Settings. Leave SSL verification on.',
      'Choose the events. GitHub then sends a `ping`, which arrives here as the first delivery.',
    ),
  recognition: { headers: ['x-github-event'] },
};
