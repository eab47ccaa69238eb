import { asList, given, steps, type Vendor } from '../vendor.ts';
import { azureEventGridTypes } from './types.ts';

export const azureEventGrid: Vendor = {
  id: 'azure-event-grid',
  types: azureEventGridTypes,
  hasOpenTypes: true,
  forms: { list: asList() },
  rename: (sample, type) => ({ ...sample, eventType: type }),
  stamp: (sample, { id, at }) => ({ ...sample, ...given({ id, eventTime: at }) }),
  setup: ({ url, proof }) =>
    steps(
      `Event Grid → Event Subscription: endpoint type Web Hook, endpoint \`${url}\`.`,
      'The validation request is answered automatically, in both the Event Grid and the CloudEvents schema.',
      proof,
    ),
  recognition: { headers: ['aeg-event-type'] },
};
