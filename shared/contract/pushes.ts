import { z } from 'zod';
import { alarmIncidentSchema, alarmSchema } from './alarms.ts';
import { statusSchema } from './app.ts';
import { localTypeSchema } from './catalog.ts';
import { deliverySchema } from './deliveries.ts';
import { eventSchema, replaySchema } from './events.ts';
import { failureSchema } from './failures.ts';
import { jobSchema } from './jobs.ts';
import { listenerSchema } from './listeners.ts';
import { outputLineSchema, progressSchema, runSchema, stepSchema } from './runs.ts';
import { settingsSchema } from './settings.ts';
import { sourceSchema } from './sources.ts';
import { viewSchema } from './views.ts';

const rows = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item) });

/** What the console tells its clients without being asked: at most ten batches a second, at most 500 rows each. */
export const pushes = {
  'events.added': rows(eventSchema),
  'deliveries.added': rows(deliverySchema),
  'runs.changed': rows(runSchema),
  'runs.progressed': rows(
    z.object({ id: z.string(), progress: progressSchema, steps: z.array(stepSchema).nullable().optional() }),
  ),
  'runs.wrote': rows(outputLineSchema.extend({ runId: z.string(), attempt: z.number().int() })),
  'failures.changed': rows(failureSchema),
  'replays.changed': rows(replaySchema),
  /** One was scheduled, fired or canceled: how many are still to come. */
  'scheduledEvents.changed': z.object({ total: z.number().int() }),
  /** Whole lists: they are short. */
  'sources.changed': rows(sourceSchema),
  'listeners.changed': rows(listenerSchema),
  'jobs.changed': rows(jobSchema),
  'alarms.changed': rows(alarmSchema),
  /** Incidents that were raised, have recovered, or were acknowledged. */
  'alarms.incidentsChanged': rows(alarmIncidentSchema),
  /** For desktop notifications. `path`: the page that a click opens. */
  'alarms.notified': rows(z.object({ title: z.string(), body: z.string(), path: z.string() })),
  'catalog.changed': rows(localTypeSchema),
  'views.changed': rows(viewSchema),
  'settings.changed': settingsSchema,
  /** One was begun, made, or something was decided: fetch the list again. */
  'backups.changed': z.object({ isWorking: z.boolean() }),
  /** A time in which no delivery could be taken has begun or ended; `isBlind`: one lasts. */
  'blindWindows.changed': z.object({ isBlind: z.boolean() }),
  'app.statusChanged': statusSchema,
};

export type PushName = keyof typeof pushes;

export const isPushName = (name: string): name is PushName => Object.hasOwn(pushes, name);
export const pushNames: readonly PushName[] = Object.keys(pushes).filter(isPushName);
export type PushValue<N extends PushName> = z.infer<(typeof pushes)[N]>;

/**
 * `seq` grows by one for every message a client is sent, whatever its name. A hole, or `dropped` above 0 (rows left
 * out because they came too fast), means: fetch the list again.
 */
export const pushEnvelopeSchema = z.object({
  seq: z.number().int(),
  name: z.string(),
  value: z.unknown(),
  dropped: z.number().int(),
});
export type PushEnvelope = z.infer<typeof pushEnvelopeSchema>;
