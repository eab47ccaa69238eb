import { z } from 'zod';
import { checkSecretShape, secretFields, secretShape } from '../secret-list.ts';
import { toleranceField, toleranceSchema } from '../tolerance.ts';
import { defineScheme, type VerifyScheme } from '../verify-scheme.ts';
import { withBodyTime } from './body-time.ts';

interface Convention {
  label: string;
  secretLabel: string;
  secretHelp: string;
  /** Of the time that is signed, in a header or in the body; 5m. */
  tolerance?: string;
  /** The field of a JSON body that holds the time of sending. */
  bodyTime?: string;
}

/**
 * A general scheme with all but its secrets settled by one sender's own convention; and but the tolerance, where
 * `settings.time` or `bodyTime` says where the signed time is.
 */
export function fixScheme(
  scheme: VerifyScheme,
  { time, ...settings }: Readonly<Record<string, unknown>> & { time?: Readonly<Record<string, unknown>> },
  { label, secretLabel, secretHelp, tolerance: usual = '5m', bodyTime }: Convention,
) {
  const isTimed = time !== undefined || bodyTime !== undefined;
  return defineScheme({
    id: scheme.id,
    label,
    schema: z
      .strictObject({
        scheme: z.literal(scheme.id),
        ...(isTimed ? { tolerance: toleranceSchema.default(usual) } : {}),
        ...secretShape,
      })
      .superRefine(checkSecretShape),
    fields: [...secretFields(secretLabel, secretHelp), ...(isTimed ? [toleranceField(usual)] : [])],
    prepare({ tolerance: given, ...own }, readSecret) {
      const tolerance = typeof given === 'string' ? given : usual;
      const timed = time === undefined ? {} : { time: { ...time, tolerance } };
      const prepared = scheme.prepare({ ...own, ...settings, ...timed }, readSecret);
      return bodyTime === undefined ? prepared : withBodyTime(prepared, bodyTime, tolerance);
    },
  });
}
