import { fieldOf } from '../body/json-object.ts';
import { defineJsonPreset } from '../define-json-preset.ts';
import { none } from '../verify/schemes/none.ts';
import { token } from '../verify/schemes/token.ts';
import { offerSchemes } from '../verify/verify-choice.ts';

export const okta = defineJsonPreset({
  id: 'okta',
  label: 'Okta',
  description:
    'Event hooks of Okta. In the Admin Console: Workflow, Event Hooks, Create Event Hook. Paste the address of this ' +
    'source as URL, Authorization as Authentication field and a random secret, which is set here too. The ' +
    'verification request is answered automatically. One delivery holds several events; types are those of the ' +
    'System Log, such as user.lifecycle.create.',
  verification: offerSchemes(token, none),
  challenge: { header: 'x-okta-verification-challenge' },
  sample: {
    document: {
      eventType: 'com.okta.event_hook',
      eventTypeVersion: '1.0',
      eventId: 'b5a188b9-5ece-4636-b041-482ffda96311',
      eventTime: '2026-01-31T08:00:00.000Z',
      source: 'https://depot.okta.com/api/v1/eventHooks/who31',
      data: {
        events: [
          {
            uuid: 'f790999f-fe87-467a-9880-6982a583986c',
            published: '2026-01-31T08:00:00.000Z',
            eventType: 'user.lifecycle.create',
            severity: 'INFO',
            actor: { id: '00u31', type: 'User', alternateId: 'mila@example.com' },
            outcome: { result: 'SUCCESS' },
            target: [{ id: '00u32', type: 'User', alternateId: 'ada@example.com' }],
          },
        ],
      },
    },
  },
  split(document) {
    const events = fieldOf(fieldOf(document, 'data'), 'events');
    return Array.isArray(events) ? events : undefined;
  },
  typeIn: '"eventType"',
  type: ({ item }) => fieldOf(item, 'eventType'),
  externalId: ({ item }) => fieldOf(item, 'uuid'),
  time: ({ item }) => ['published', fieldOf(item, 'published')],
  context: ({ item, document }) => ({
    hook: fieldOf(document, 'source'),
    actor: fieldOf(fieldOf(item, 'actor'), 'alternateId'),
    result: fieldOf(fieldOf(item, 'outcome'), 'result'),
    severity: fieldOf(item, 'severity'),
  }),
});
