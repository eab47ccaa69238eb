import type { DeliveryDetail } from '../../../../shared/contract/deliveries.ts';

export interface Recognised {
  /** Id of the preset that reads deliveries like this one. */
  preset: string;
  /** What gave it away, e.g. `the header x-github-event`. */
  because: string;
}

type Sent = Pick<DeliveryDetail, 'headers' | 'contentType' | 'body'>;
type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The first object in the body; null for what is not JSON or was cut short. */
function readFields({ body }: Sent): Fields | null {
  if (body.encoding !== 'text') return null;
  try {
    const value: unknown = JSON.parse(body.data);
    const first: unknown = Array.isArray(value) ? value[0] : value;
    return isFields(first) ? first : null;
  } catch {
    return null;
  }
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** Vendors with a header of their own. Standard Webhooks' are last: vendors build on them. */
const byHeader: readonly (readonly [header: string, preset: string])[] = [
  ['x-github-event', 'github'],
  ['x-gitlab-event', 'gitlab'],
  ['stripe-signature', 'stripe'],
  ['x-slack-signature', 'slack'],
  ['x-shopify-topic', 'shopify'],
  ['x-amz-sns-message-type', 'aws-sns'],
  ['aeg-event-type', 'azure-event-grid'],
  ['ce-specversion', 'cloudevents'],
];

const revoengineType =
  /^(?:CUSTOM_[A-Z0-9_]+|(?:ACCOUNT|USER|USER_ROLE|SERVICE_ACCOUNT|ACCOUNT_API_KEY|FILE|STORAGE|RESOURCE)_[A-Z_]+)$/;
const jwt = /^[\w-]{10,}\.[\w-]{10,}\.[\w-]*$/;

function byBody(fields: Fields): Recognised | null {
  const src = isFields(fields.src) ? fields.src : fields;
  if (isText(src.topic) && src.topic.includes(':') && isText(src.domain) && isFields(src.context))
    return { preset: 'flatfile', because: 'topic, domain and context in the body' };
  if (fields.object === 'event' && isText(fields.type) && isFields(fields.data) && isText(fields.created_at))
    return { preset: 'deck', because: '"object": "event" with type, data and created_at' };
  if (isText(fields.specversion) && isText(fields.type) && isText(fields.source))
    return { preset: 'cloudevents', because: 'specversion, type and source in the body' };
  if (isText(fields.type) && isFields(fields.metadata) && 'message' in fields && revoengineType.test(fields.type))
    return { preset: 'revoengine', because: 'type, metadata and message in the body' };
  if (isFields(fields.events) && isText(fields.iss) && isText(fields.jti))
    return { preset: 'next-identity', because: 'a security event token in the body' };
  const wrapped = Object.values(fields);
  if (wrapped.length <= 3 && wrapped.some((value) => isText(value) && jwt.test(value)))
    return { preset: 'next-identity', because: 'a signed token in the body' };
  return null;
}

/** Which known system a delivery looks like; null when it looks like none. It may be wrong: a person decides. */
export function recognisePreset(sent: Sent): Recognised | null {
  const names = new Set(sent.headers.map(([name]) => name.toLowerCase()));
  const named = byHeader.find(([header]) => names.has(header));
  if (named !== undefined) return { preset: named[1], because: `the header ${named[0]}` };
  const contentType = sent.contentType?.toLowerCase() ?? '';
  if (contentType.startsWith('application/cloudevents'))
    return { preset: 'cloudevents', because: `the content type ${contentType}` };
  if (contentType.includes('secevent+jwt') || contentType.startsWith('application/jwt'))
    return { preset: 'next-identity', because: `the content type ${contentType}` };
  const fields = readFields(sent);
  const found = fields === null ? null : byBody(fields);
  if (found !== null) return found;
  if (sent.body.encoding === 'text' && jwt.test(sent.body.data.trim()))
    return { preset: 'next-identity', because: 'the body is a signed token' };
  const signed = ['webhook-signature', 'svix-signature'].find((name) => names.has(name));
  return signed === undefined ? null : { preset: 'standard-webhooks', because: `the header ${signed}` };
}
