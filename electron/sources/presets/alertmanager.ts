import { defineJsonPreset } from '../define-json-preset.ts';
import { basic } from '../verify/schemes/basic.ts';
import { none } from '../verify/schemes/none.ts';
import { token } from '../verify/schemes/token.ts';
import { offerSchemes } from '../verify/verify-choice.ts';
import { alertGroup, sampleGroup } from './alert-groups.ts';

export const alertmanager = defineJsonPreset({
  id: 'alertmanager',
  label: 'Prometheus Alertmanager',
  description:
    'Alerts of Alertmanager. Add a receiver with webhook_configs and the address of this source, and a bearer token ' +
    'under http_config, since Alertmanager does not sign. Each alert is one event, alert.firing or alert.resolved; an ' +
    'alert that is sent again in the same state is a duplicate.',
  verification: offerSchemes(token, basic, none),
  sample: { document: sampleGroup },
  ...alertGroup,
});
