import { randomBytes } from 'node:crypto';
import type { HttpJobSpec } from '../../../shared/contract/jobs.ts';
import { explainFailure } from '../../outgoing/explain-failure.ts';
import { sendRequest } from '../../outgoing/http-request.ts';
import { compileDestination, type DestinationDeps, override } from './destination.ts';

const timeoutMs = 10_000;
const maxBytes = 16 * 1024;
const eventType = 'destination.verification';

/**
 * Sends a signed challenge, and says what is wrong with the answer: it has to be 2xx, and with `verification: challenge`
 * the challenge again, as text or as the field `challenge` of JSON. Null: the destination is verified.
 */
export async function verifyDestination(spec: HttpJobSpec, deps: DestinationDeps): Promise<string | null> {
  const { host } = new URL(spec.url);
  const challenge = randomBytes(24).toString('base64url');
  const atMs = deps.nowMs();
  const body = Buffer.from(JSON.stringify({ type: eventType, timestamp: new Date(atMs).toISOString(), challenge }));
  const id = `verification_${challenge.slice(0, 16)}`;
  try {
    const { url, headers, connections, signers } = compileDestination(spec, deps);
    try {
      const signed = await signers.sign({ id, eventType, atMs, body });
      const base: [string, string][] = [
        ['User-Agent', 'Signalbox'],
        ['Content-Type', 'application/json'],
        ['Webhook-Id', id],
      ];
      const answer = await sendRequest(connections, {
        url,
        method: 'POST',
        headers: override(base, headers, signed),
        body,
        redirects: 0,
        maxBytes,
        signal: AbortSignal.timeout(timeoutMs),
      });
      if (answer.status < 200 || answer.status >= 300) return `${host} answered ${answer.status} to a test event.`;
      if (spec.verification !== 'challenge' || hasChallenge(answer.body.toString('utf8'), challenge)) return null;
      return `${host} answered ${answer.status} without the challenge. Its answer has to be {"challenge": "…"} with the value it was sent.`;
    } finally {
      connections.close();
    }
  } catch (error) {
    return explainFailure(host, error);
  }
}

function hasChallenge(text: string, challenge: string): boolean {
  if (text.trim() === challenge) return true;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'challenge' in value && value.challenge === challenge;
  } catch {
    return false;
  }
}
