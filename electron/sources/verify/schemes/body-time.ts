import type { Json } from '../../../../shared/contract/common.ts';
import { fieldOf } from '../../body/json-object.ts';
import { parseJson } from '../../body/json-text.ts';
import type { Verified } from '../../source-types.ts';
import { checkSignedTime } from '../signed/signed-time.ts';
import type { PreparedVerify } from '../verify-scheme.ts';

function timeIn(body: Buffer, field: string): Json | undefined {
  const parsed = parseJson(body.toString('utf8'));
  return parsed.ok ? fieldOf(parsed.value, field) : undefined;
}

/** A scheme over the body, for senders that put the time of sending into a field of it. */
export function withBodyTime(prepared: PreparedVerify, field: string, tolerance: string): PreparedVerify {
  return {
    ...prepared,
    async verify(request): Promise<Verified> {
      const verified = await prepared.verify(request);
      if (!verified.ok) return verified;
      const time = timeIn(request.body, field);
      if (time === undefined) {
        const message = `the field "${field}" is missing, which holds the time of sending`;
        return { ok: false, code: 'timestamp_malformed', message };
      }
      const untimely = checkSignedTime(String(time), request.receivedAtMs, { tolerance });
      return untimely === null ? verified : { ok: false, ...untimely };
    },
  };
}
