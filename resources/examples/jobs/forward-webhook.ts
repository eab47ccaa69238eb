// Fetches the record an event is about and sends it on as a webhook, signed as Standard Webhooks defines it
// (https://www.standardwebhooks.com): the receiver can tell who sent it, that it is fresh, and repeats by their id.
//
// Event: payload { "id": "…" }.
// Environment:
//   FETCH_URL          where the record is, e.g. "https://api.example.com/orders/{id}"; {id} is the event's
//   FORWARD_ATTEMPTS   5
//   FORWARD_WAIT_MS    before the second attempt, 1000; doubles each time
//   FORWARD_TIMEOUT_MS of one attempt, 10000
// Secrets:
//   FORWARD_URL        where to send it
//   FORWARD_SECRET     "whsec_" and the key in base64, 24 to 64 bytes
import { createHmac } from 'node:crypto';
import { defineJob } from 'signalbox';
import { envNumber, needEnv, sendRequest } from './lib/send-request.ts';

function readKey(secret: string): Buffer {
  const text = secret.replace(/^whsec_/, '');
  const key = Buffer.from(text, 'base64');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || key.length < 24 || key.length > 64) {
    throw new Error('FORWARD_SECRET must be "whsec_" and 24 to 64 bytes in base64');
  }
  return key;
}

export default defineJob<{ id: string | number }>(async (event, run) => {
  const fetchUrl = needEnv('FETCH_URL', 'the address of the record, with {id} in it');
  const forwardUrl = needEnv('FORWARD_URL', 'the address to send to');
  const key = readKey(needEnv('FORWARD_SECRET', 'the key to sign with'));
  const { id } = event.payload;
  if (typeof id !== 'number' && (typeof id !== 'string' || !/^[\w.:-]{1,200}$/.test(id) || /^\.+$/.test(id))) {
    throw new Error('the event names no record: its payload needs an "id" of letters, digits and . : _ -');
  }
  const usual = {
    timeoutMs: envNumber('FORWARD_TIMEOUT_MS', 10_000),
    attempts: envNumber('FORWARD_ATTEMPTS', 5),
    firstWaitMs: envNumber('FORWARD_WAIT_MS', 1000),
    signal: run.signal,
    onRetry: (why: string, waitMs: number) => run.log(`${why}; trying again in ${Math.round(waitMs)} ms`),
  };

  run.progress(0, `Fetching ${id}`);
  const fetched = await sendRequest(fetchUrl.replaceAll('{id}', encodeURIComponent(id)), {
    ...usual,
    method: 'GET',
    headers: () => ({ accept: 'application/json' }),
  });
  const body = JSON.stringify({ type: event.type, timestamp: event.receivedAt, data: JSON.parse(fetched.body) });

  run.progress(50, 'Sending');
  // The same at every attempt of this run, so that the receiver can leave out what it has had.
  const webhookId = `msg_${run.id}`;
  const sent = await sendRequest(forwardUrl, {
    ...usual,
    body,
    headers: () => {
      const timestamp = Math.floor(Date.now() / 1000);
      const signature = createHmac('sha256', key).update(`${webhookId}.${timestamp}.${body}`).digest('base64');
      return {
        'content-type': 'application/json',
        'webhook-id': webhookId,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': `v1,${signature}`,
      };
    },
  });
  run.progress(100, 'Sent');
  return {
    heading: `Record ${id} was sent on`,
    message: `${new URL(forwardUrl).host} answered ${sent.status} at attempt ${sent.attempts}.`,
    next: { type: 'view', eventId: event.id },
    webhookId,
    status: sent.status,
    attempts: sent.attempts,
  };
});
