import { z } from 'zod';
import { checkSecretShape, secretFields, secretShape } from '../secret-list.ts';
import { defineScheme, type VerifyScheme } from '../verify-scheme.ts';

/** A general scheme with all but its secrets settled by one sender's own convention. */
export function fixScheme(
  scheme: VerifyScheme,
  settings: Readonly<Record<string, unknown>>,
  { label, secretLabel, secretHelp }: { label: string; secretLabel: string; secretHelp: string },
) {
  const [first, ...others] = secretFields(secretLabel);
  return defineScheme({
    id: scheme.id,
    label,
    schema: z.strictObject({ scheme: z.literal(scheme.id), ...secretShape }).superRefine(checkSecretShape),
    fields: first === undefined ? others : [{ ...first, help: secretHelp }, ...others],
    prepare: (own, readSecret) => scheme.prepare({ ...own, ...settings }, readSecret),
  });
}
