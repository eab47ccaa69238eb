import { asForm, asJson, given, type Vendor } from '../vendor.ts';
import { icfmTypes } from './types.ts';

export const icfm: Vendor = {
  id: 'icfm',
  types: icfmTypes,
  forms: { json: asJson(), form: asForm },
  rename: (sample, type) => ({ ...sample, event: type }),
  // Its events have no id that is documented.
  stamp: (sample, { at }) => ({ ...sample, ...given({ timestamp: at }) }),
  setup: ({ url, methods, scheme, hasToken }) => ({
    steps: [
      !hasToken
        ? `Ask CETA Support to add this address to the Event Queue: \`${url}/listen.php\`. ${scheme === 'none' ? 'Deliveries are not verified. Set a token under Settings.' : 'Only the addresses under Settings are accepted. Set a token to verify deliveries.'}`
        : `Ask CETA Support to add this address to the Event Queue: \`${url}/listen.php?token=TOKEN\`, with the token of Settings in place of TOKEN.`,
      `Accepted: ${methods}, as JSON, a form, multipart or all in the query.`,
      'iCFM calls from outside: put nginx or Caddy with HTTPS in front, as below, and set the public address in the settings.',
      'List the addresses that iCFM calls from under Settings, if you know them.',
    ],
    assumptions: [
      'Only the names of events are documented. Where the type is, whether there is an ID, and how deliveries are verified are settings of this source.',
    ],
  }),
};
