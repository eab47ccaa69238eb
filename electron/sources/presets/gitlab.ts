import { createHash, randomUUID } from 'node:crypto';
import type { Json } from '../../../shared/contract/common.ts';
import { fieldOf, presentFields, requireJson } from '../body/json-object.ts';
import { parseJson } from '../body/json-text.ts';
import { noRateLimit } from '../default-rates.ts';
import { definePreset, noSettings } from '../define-preset.ts';
import { checkType, readExternalId } from '../events/event-fields.ts';
import { occurredAt } from '../events/event-time.ts';
import type { IncomingRequest } from '../source-types.ts';
import { fixScheme } from '../verify/schemes/fixed-scheme.ts';
import { none } from '../verify/schemes/none.ts';
import { standardWebhooks } from '../verify/schemes/standard-webhooks.ts';
import { token } from '../verify/schemes/token.ts';
import { offerSchemes } from '../verify/verify-choice.ts';

const verification = offerSchemes(
  fixScheme(
    token,
    { header: 'x-gitlab-token' },
    {
      label: 'Secret token',
      secretLabel: 'Secret token',
      secretHelp: 'The Secret token from the webhook page of the project, group or instance.',
    },
  ),
  // Newer versions offer a signing token (whsec_…) beside the secret one, and then sign as Standard Webhooks.
  { ...standardWebhooks, label: 'Signing token (newer GitLab)' },
  none,
);

const snake = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');

/** `Merge Request Hook` → `merge_request`; a system hook says in its body what it is about: `system.project_create`. */
function readType(header: string, document: Json): string {
  const name = snake(header).replace(/_hook$/, '');
  if (name !== 'system') return name;
  const about = fieldOf(document, 'event_name') ?? fieldOf(document, 'object_kind');
  return typeof about === 'string' && snake(about) !== '' ? `system.${snake(about)}` : name;
}

/**
 * GitLab since 17.4 repeats `Idempotency-Key` with a retry. Before, there is only the event's UUID, which hooks that set
 * off each other share as well, so the body has to tell those apart.
 */
function readId({ headers, body }: IncomingRequest): string | null {
  const key = headers['idempotency-key'] ?? headers['webhook-id'];
  if (key !== undefined) return readExternalId(key, body);
  const uuid = readExternalId(headers['x-gitlab-event-uuid'], body);
  return uuid === null ? null : `${uuid}-${createHash('sha256').update(body).digest('hex').slice(0, 16)}`;
}

export const gitlab = definePreset({
  id: 'gitlab',
  label: 'GitLab',
  description:
    'Webhooks of a project, a group or an instance. In GitLab: Settings, Webhooks, Add new webhook. Paste the ' +
    'address of this source as URL, set a secret token, and choose the triggers. Test sends an event ' +
    'immediately. Types are the names of GitLab events in lowercase, such as merge_request, push or tag_push, ' +
    'and system.… for system hooks. A self-managed GitLab sends to its own network only if an administrator ' +
    'allows it under Admin, Settings, Network, Outbound requests.',
  settings: noSettings,
  verification,
  defaults: {
    answerStatus: 200,
    // GitLab does not repeat, and disables a webhook after four failures in a row.
    rateLimit: noRateLimit,
  },
  sample: {
    document: {
      object_kind: 'merge_request',
      event_type: 'merge_request',
      user: { id: 31, name: 'Mila Kovač', username: 'mila.k' },
      project: { id: 77, name: 'Depot', path_with_namespace: 'harbor-works/depot', default_branch: 'main' },
      object_attributes: {
        id: 4409,
        iid: 12,
        title: 'Say how long a run took',
        state: 'opened',
        action: 'open',
        source_branch: 'run-times',
        target_branch: 'main',
        created_at: '2026-01-31T08:00:00Z',
        updated_at: '2026-01-31T08:00:00Z',
      },
    },
  },
  prepare({ redaction, verify }) {
    return {
      sign(request) {
        const signed = verify.sign(request);
        if (signed === null) return null;
        const sent = parseJson(request.body.toString('utf8'));
        const kind = sent.ok ? fieldOf(sent.value, 'object_kind') : undefined;
        const name = typeof kind === 'string' ? snake(kind).replaceAll('_', ' ') : 'push';
        return { 'x-gitlab-event': `${name} hook`, 'idempotency-key': randomUUID(), ...signed };
      },
      read(request, body) {
        const header = request.headers['x-gitlab-event'];
        if (header === undefined || snake(header) === '') {
          const message = 'the header x-gitlab-event is missing, which names the event';
          return { ok: false, code: 'type_not_found', message };
        }
        const json = requireJson(body);
        if (!json.ok) return json;
        const payload = redaction.json(json.value);
        const checked = checkType(readType(header, payload));
        if (!checked.ok) {
          return { ok: false, code: 'type_not_found', message: `the event type in x-gitlab-event ${checked.problem}` };
        }
        const attributes = fieldOf(payload, 'object_attributes');
        const user = fieldOf(payload, 'user');
        return {
          ok: true,
          events: [
            {
              type: checked.type,
              externalId: readId(request),
              ...occurredAt(
                ['object_attributes.updated_at', fieldOf(attributes, 'updated_at')],
                ['created_at', fieldOf(payload, 'created_at')],
              ),
              context: presentFields({
                instance: request.headers['x-gitlab-instance'],
                project: fieldOf(fieldOf(payload, 'project'), 'path_with_namespace'),
                group: fieldOf(fieldOf(payload, 'group'), 'group_path') ?? fieldOf(payload, 'group_path'),
                user: fieldOf(user, 'username') ?? fieldOf(payload, 'user_username'),
                action: fieldOf(attributes, 'action'),
              }),
              payload,
            },
          ],
        };
      },
    };
  },
});
