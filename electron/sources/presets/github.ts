import { randomUUID } from 'node:crypto';
import type { Json } from '../../../shared/contract/common.ts';
import { fieldOf, type JsonDocument, presentFields, requireJson } from '../body/json-object.ts';
import { parseJson } from '../body/json-text.ts';
import { readPayloadField } from '../body/payload-field.ts';
import { noRateLimit } from '../default-rates.ts';
import { definePreset, noSettings } from '../define-preset.ts';
import { checkType, readExternalId } from '../events/event-fields.ts';
import type { ReadBody } from '../source-types.ts';
import { fixScheme } from '../verify/schemes/fixed-scheme.ts';
import { hmac } from '../verify/schemes/hmac.ts';
import { none } from '../verify/schemes/none.ts';
import { offerSchemes } from '../verify/verify-choice.ts';

const verification = offerSchemes(
  fixScheme(
    hmac,
    { header: 'x-hub-signature-256', algorithm: 'sha256', encoding: 'hex', prefix: 'sha256=' },
    {
      label: "GitHub's signature",
      secretLabel: 'Secret',
      secretHelp:
        'The Secret from the webhook page of the repository, organization or app. Without a secret there, GitHub ' +
        'does not sign.',
    },
  ),
  none,
);

/** The document of either content type that GitHub offers; its form has it in the field `payload`. */
function readDocument(body: ReadBody): JsonDocument {
  if (body.kind !== 'form') return requireJson(body);
  const message = 'the form has no single field "payload", where GitHub puts the JSON';
  return readPayloadField(body.fields) ?? { ok: false, code: 'not_json', message };
}

/** Events whose documents are easily told apart, for test deliveries, which come without the header. */
const marks = ['pull_request', 'issue', 'workflow_run', 'release', 'deployment'] as const;

function guessEvent(document: Json): string {
  if (fieldOf(document, 'zen') !== undefined) return 'ping';
  if (fieldOf(document, 'commits') !== undefined) return 'push';
  const mark = marks.find((name) => fieldOf(document, name) !== undefined) ?? 'repository_dispatch';
  return mark === 'issue' ? 'issues' : mark;
}

export const github = definePreset({
  id: 'github',
  label: 'GitHub',
  description:
    'Webhooks of a repository, an organization or an app. On GitHub: Settings, Webhooks, Add webhook. Paste ' +
    'the address of this source as Payload URL, choose application/json, set a secret, and choose the events. ' +
    'The first delivery is a ping. Types are the event and its action, such as pull_request.opened. Redeliver ' +
    'sends the same ID again, which counts as a duplicate here: replay the event instead.',
  settings: noSettings,
  verification,
  defaults: {
    answerStatus: 202,
    // GitHub never repeats a delivery automatically.
    rateLimit: noRateLimit,
  },
  sample: {
    document: {
      action: 'opened',
      number: 12,
      pull_request: {
        id: 700112,
        number: 12,
        state: 'open',
        title: 'Say how long a run took',
        user: { login: 'mila-k', id: 4021, type: 'User' },
        head: { ref: 'run-times', sha: '3f6c1e0a9d2b47c58e71f0a4b6d9c2e8f1a3b5d7' },
        base: { ref: 'main', sha: 'b1d2e3f4a5968778695a4b3c2d1e0f9a8b7c6d5e' },
        merged: false,
      },
      repository: { id: 90210, name: 'depot', full_name: 'harbor-works/depot', private: true },
      organization: { login: 'harbor-works', id: 8812 },
      sender: { login: 'mila-k', id: 4021, type: 'User' },
    },
  },
  maxBodyBytes: 25 * 1024 * 1024,

  prepare({ redaction, verify }) {
    return {
      sign(request) {
        const signed = verify.sign(request);
        const sent = parseJson(request.body.toString('utf8'));
        return signed === null
          ? null
          : { 'x-github-event': guessEvent(sent.ok ? sent.value : null), 'x-github-delivery': randomUUID(), ...signed };
      },
      read(request, body) {
        const name = request.headers['x-github-event'];
        if (name === undefined || name === '') {
          return {
            ok: false,
            code: 'type_not_found',
            message: 'the header x-github-event is missing, which names the event',
          };
        }
        const document = readDocument(body);
        if (!document.ok) return document;
        const payload = redaction.json(document.value);
        const action = fieldOf(payload, 'action');
        const checked = checkType(typeof action === 'string' && action !== '' ? `${name}.${action}` : name);
        if (!checked.ok) {
          return { ok: false, code: 'type_not_found', message: `the event type in x-github-event ${checked.problem}` };
        }
        return {
          ok: true,
          notes: document.notes,
          events: [
            {
              type: checked.type,
              externalId: readExternalId(request.headers['x-github-delivery'], request.body),
              occurredAtMs: null,
              context: presentFields({
                repository: fieldOf(fieldOf(payload, 'repository'), 'full_name'),
                organization: fieldOf(fieldOf(payload, 'organization'), 'login'),
                sender: fieldOf(fieldOf(payload, 'sender'), 'login'),
                action,
              }),
              payload,
            },
          ],
        };
      },
    };
  },
});
