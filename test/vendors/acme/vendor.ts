import { entry } from '../../../shared/vendors/catalog-types.ts';
import { asJson, given, steps, type Vendor } from '../../../shared/vendors/vendor.ts';

/** A vendor that does not exist, as a newcomer would add it: this file and preset.ts, and a line in each registry. */
export const acmeVendor: Vendor = {
  id: 'acme',
  types: [
    entry({
      type: 'parcel.sent',
      group: 'Parcels',
      description: 'A parcel is on its way.',
      sample: { id: 'prc_1', kind: 'parcel.sent', sentAt: '2026-01-31T08:00:00.000Z', door: { pin: '1234', floor: 2 } },
    }),
  ],
  forms: { json: asJson() },
  rename: (sample, type) => ({ ...sample, kind: type }),
  stamp: (sample, { id, at }) => ({ ...sample, ...given({ id, sentAt: at }) }),
  setup: ({ url }) => steps(`At Acme, open Parcels → Hooks and paste \`${url}\`.`),
  recognition: { headers: ['x-acme-signature'] },
};
