import { connectionHeaders } from '../../shared/connection-headers.ts';
import { canBeList } from '../../shared/contract/batches.ts';
import type { HttpJobSpec } from '../../shared/contract/jobs.ts';
import { errorText } from '../../shared/error-text.ts';
import { literalOf, refuseAddress } from '../outgoing/outgoing-address.ts';
import { compileTemplate } from './body/event-template.ts';

/** Why a job could not send anything now, by its definition alone; null when nothing is wrong with it. */
export function requestProblem({ url, body, headers = {}, allowPrivate = false, batch }: HttpJobSpec): string | null {
  const { protocol, hostname } = new URL(url);
  const literal = literalOf(hostname);
  const refusal = literal === null ? null : refuseAddress(literal, allowPrivate ? 'private' : 'public');
  if (refusal !== null) {
    const advice = refuseAddress(literal ?? '', 'private') === null ? '; set allowPrivate to reach it' : '';
    return `Its address ${literal} ${refusal}${advice}.`;
  }
  if (protocol === 'http:' && !allowPrivate) {
    return 'Its url starts with http://, which is sent inside your own network alone: use https://, or set allowPrivate.';
  }
  const named = Object.keys(headers).find((name) => connectionHeaders.has(name.toLowerCase()));
  if (named !== undefined) return `Its header ${named} belongs to the connection: remove it.`;
  if (batch !== undefined && !canBeList(body)) {
    return `Its batch is sent as a list, and its body ${String(body)} is one event: remove batch, or set body to payload, event, cloudevents or a template.`;
  }
  if (typeof body !== 'object') return null;
  try {
    compileTemplate(body.template);
    return null;
  } catch (error) {
    return `Its template cannot be filled: ${errorText(error)}.`;
  }
}
