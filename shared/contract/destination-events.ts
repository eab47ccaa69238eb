import { z } from 'zod';

/** What destinations say on the built-in source `signalbox`; docs/destinations.md says when. */
export type DestinationEventType = 'event_destination.activated' | 'event_destination.deactivated';

export const destinationStateSchema = z.enum(['pending_verification', 'active', 'inactive']);
type DestinationState = z.infer<typeof destinationStateSchema>;

/** The payload of each of them. */
export interface DestinationEventPayload {
  /** Slug of its job. */
  destination: string;
  url: string;
  state: DestinationState;
  /** One sentence. */
  reason: string | null;
}
