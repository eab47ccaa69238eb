import { z } from 'zod';
import { fieldOf } from '../body/json-object.ts';
import { defineJsonPreset } from '../define-json-preset.ts';
import { headerNameSchema } from '../verify/header-name.ts';
import { basic } from '../verify/schemes/basic.ts';
import { hmac } from '../verify/schemes/hmac.ts';
import { none } from '../verify/schemes/none.ts';
import { token } from '../verify/schemes/token.ts';
import { checkSecretShape, secretFields, secretShape } from '../verify/secret-list.ts';
import { toleranceField, toleranceSchema } from '../verify/tolerance.ts';
import { offerSchemes } from '../verify/verify-choice.ts';
import { defineScheme } from '../verify/verify-scheme.ts';
import { alertGroup, sampleGroup } from './alert-groups.ts';

const usualHeader = 'x-grafana-alerting-signature';

/** With a timestamp header Grafana signs the time too. */
const signature = defineScheme({
  id: 'hmac',
  label: "Grafana's signature",
  schema: z
    .strictObject({
      scheme: z.literal('hmac'),
      header: headerNameSchema.default(usualHeader),
      timestampHeader: headerNameSchema.optional(),
      tolerance: toleranceSchema.default('5m'),
      ...secretShape,
    })
    .superRefine(checkSecretShape),
  fields: [
    ...secretFields('Secret', 'As entered under HMAC Signature of the contact point.'),
    { path: 'verify.header', label: 'Header', kind: 'text', defaultValue: usualHeader },
    {
      path: 'verify.timestampHeader',
      label: 'Timestamp header',
      kind: 'text',
      help: 'As entered under HMAC Signature of the contact point. Without one, deliveries have no signed time.',
    },
    toleranceField('5m'),
  ],
  prepare({ timestampHeader, tolerance, ...settings }, readSecret) {
    const timed = { signed: '{timestamp}:{body}', time: { header: timestampHeader, tolerance } };
    return hmac.prepare({ ...settings, ...(timestampHeader === undefined ? {} : timed) }, readSecret);
  },
});

export const grafana = defineJsonPreset({
  id: 'grafana',
  label: 'Grafana Alerting',
  description:
    'Alerts of a webhook contact point. In Grafana: Alerting, Contact points, Add contact point, integration Webhook. ' +
    'Paste the address of this source as URL and enter a secret under HMAC Signature. Each alert is one event, ' +
    'alert.firing or alert.resolved; an alert that is sent again in the same state is a duplicate.',
  verification: offerSchemes(signature, token, basic, none),
  sample: { document: { ...sampleGroup, title: '[FIRING:1] ScaleStuck', state: 'alerting', orgId: 1 } },
  ...alertGroup,
  context: (found) => ({
    ...alertGroup.context(found),
    organization: fieldOf(found.document, 'orgId'),
    dashboard: fieldOf(found.item, 'dashboardURL'),
  }),
});
