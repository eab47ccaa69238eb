import { z } from 'zod';
import { checkSecretShape, secretFields, secretShape } from '../secret-list.ts';
import { toleranceField, toleranceSchema } from '../tolerance.ts';
import { defineScheme, type VerifyScheme } from '../verify-scheme.ts';

interface Labels {
  label: string;
  secretLabel: string;
  secretHelp: string;
}

/**
 * A general scheme with all but its secrets settled by one sender's own convention; and but the tolerance, where
 * `settings.time` says where the signed time is.
 */
export function fixScheme(
  scheme: VerifyScheme,
  { time, ...settings }: Readonly<Record<string, unknown>> & { time?: Readonly<Record<string, unknown>> },
  { label, secretLabel, secretHelp }: Labels,
) {
  const [first, ...others] = secretFields(secretLabel);
  return defineScheme({
    id: scheme.id,
    label,
    schema: z
      .strictObject({
        scheme: z.literal(scheme.id),
        ...(time === undefined ? {} : { tolerance: toleranceSchema.default('5m') }),
        ...secretShape,
      })
      .superRefine(checkSecretShape),
    fields: [
      ...(first === undefined ? [] : [{ ...first, help: secretHelp }]),
      ...others,
      ...(time === undefined ? [] : [toleranceField('5m')]),
    ],
    prepare({ tolerance, ...own }, readSecret) {
      const timed = time === undefined ? {} : { time: { ...time, tolerance } };
      return scheme.prepare({ ...own, ...settings, ...timed }, readSecret);
    },
  });
}
