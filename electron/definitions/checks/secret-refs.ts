import type { AlarmSpec } from '../../../shared/contract/alarms.ts';
import { type SecretRef, secretRefSchema } from '../../../shared/contract/common.ts';
import { AppError } from '../../../shared/contract/errors.ts';
import type { JobSpec } from '../../../shared/contract/jobs.ts';
import type { SourceSpec } from '../../../shared/contract/sources.ts';
import { httpSecrets } from '../../destinations/send/destination.ts';

/** Every `{env}`, `{file}` or `{secret}` below `value`, which is JSON. */
export function secretRefsIn(value: unknown): SecretRef[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(secretRefsIn);
  const ref = secretRefSchema.safeParse(value);
  return ref.success ? [ref.data] : Object.values(value).flatMap(secretRefsIn);
}

// The settings themselves are no reference, whatever their keys: `{ secret: … }` is a scheme's own setting.
export const sourceSecrets = ({ verify, challenge }: SourceSpec): SecretRef[] =>
  [...Object.values(verify ?? {}), ...Object.values(challenge ?? {})].flatMap(secretRefsIn);

export const jobSecrets = (spec: JobSpec): SecretRef[] =>
  spec.kind === 'http' ? httpSecrets(spec) : Object.values(spec.secrets ?? {});

export const alarmSecrets = ({ notify = [] }: AlarmSpec): SecretRef[] =>
  notify.flatMap((channel) => (channel.via === 'webhook' && typeof channel.url !== 'string' ? [channel.url] : []));

/** Why one of the secrets cannot be read, or null. */
export function secretProblem(refs: readonly SecretRef[], read: (ref: SecretRef) => string): string | null {
  for (const ref of refs) {
    try {
      read(ref);
    } catch (error) {
      if (error instanceof AppError) return error.message;
      throw error;
    }
  }
  return null;
}
