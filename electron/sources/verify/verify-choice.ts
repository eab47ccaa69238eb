import { z } from 'zod';
import { describeIssue, issueDetails } from '../../../shared/contract/explain-issues.ts';
import type { PresetField } from '../../../shared/contract/sources.ts';
import type { ReadSecret } from '../source-types.ts';
import type { PreparedVerify, VerifyScheme } from './verify-scheme.ts';

export interface VerifyChoice {
  /** Of a source's `verify`; the first scheme when it names none. */
  schema: z.ZodType;
  defaultScheme: string;
  fields: PresetField[];
  prepare(settings: unknown, readSecret: ReadSecret): PreparedVerify;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The schemes that a preset lets a person choose from. */
export function offerSchemes(first: VerifyScheme, ...others: VerifyScheme[]): VerifyChoice {
  const schemes = new Map([first, ...others].map((scheme) => [scheme.id, scheme]));
  const ids = [...schemes.keys()];

  const findScheme = (settings: unknown): VerifyScheme | undefined => {
    const id = isRecord(settings) ? (settings.scheme ?? first.id) : first.id;
    return typeof id === 'string' ? schemes.get(id) : undefined;
  };
  const complete = (settings: unknown): unknown => ({ scheme: first.id, ...(isRecord(settings) ? settings : {}) });

  // Not z.discriminatedUnion: that needs its members' types listed again for every preset.
  const schema = z.record(z.string(), z.unknown()).transform((settings, context) => {
    const scheme = findScheme(settings);
    if (scheme === undefined) {
      context.issues.push({
        code: 'custom',
        input: settings,
        path: ['scheme'],
        message: `must be one of ${ids.join(', ')}`,
      });
      return z.NEVER;
    }
    const parsed = scheme.schema.safeParse(complete(settings), { error: describeIssue });
    if (!parsed.success) {
      for (const { path, message } of issueDetails(parsed.error.issues)) {
        context.issues.push({ code: 'custom', input: settings, path, message });
      }
      return z.NEVER;
    }
    return parsed.data;
  });

  const fields = [...schemes.values()].flatMap((scheme) =>
    scheme.fields.map((field) =>
      ids.length === 1 ? field : { ...field, when: { path: 'verify.scheme', in: [scheme.id] } },
    ),
  );
  if (ids.length > 1) {
    fields.unshift({
      path: 'verify.scheme',
      label: 'Verification',
      kind: 'choice',
      choices: [...schemes.values()].map(({ id, label }) => ({ value: id, label })),
      required: true,
    });
  }

  return {
    schema,
    defaultScheme: first.id,
    fields,
    prepare(settings, readSecret) {
      const scheme = findScheme(settings) ?? first;
      return scheme.prepare(complete(settings), readSecret);
    },
  };
}
