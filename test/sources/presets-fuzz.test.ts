import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBody } from '../../electron/sources/body/read-body.ts';
import { presets } from '../../electron/sources/presets.ts';
import { stringifyExact } from '../../shared/exact-json/stringify-exact.ts';
import { buildRequest, prepareSource } from './build-request.ts';

/** What each sender puts beside its body, all of it with every delivery, or some of it. */
const usualHeaders = {
  'x-github-event': 'push',
  'x-gitlab-event': 'Push Hook',
  'x-shopify-topic': 'orders/create',
  'x-amz-sns-message-id': 'm-1',
  'x-amz-sns-topic-arn': 'arn:aws:sns:eu-west-1:310000004409:depot',
  'webhook-id': 'msg_1',
  'webhook-timestamp': '1769846400',
};
const headers = fc.oneof(
  fc.constant(usualHeaders),
  fc.constant({}),
  fc.constant({ ...usualHeaders, 'x-amz-sns-rawdelivery': 'true' }),
  fc.constant({ 'ce-specversion': '1.0', 'ce-id': '1', 'ce-source': '/a', 'ce-type': 'b', 'ce-subject': '%ff' }),
  fc.record({ 'ce-specversion': fc.string(), 'ce-my-ext': fc.string() }, { requiredKeys: [] }),
);

const contentType = fc.oneof(
  fc.constantFrom(
    'application/json',
    'application/json; charset=iso-8859-1',
    'application/json; charset=utf-16',
    'application/cloudevents+json',
    'application/cloudevents-batch+json',
    'application/x-www-form-urlencoded',
    'application/x-www-form-urlencoded; charset=shift_jis',
    'multipart/form-data; boundary=X',
    'multipart/form-data',
    'text/plain; charset=UTF-8',
    'text/plain; charset=klingon',
    'text/xml',
    'application/octet-stream',
    'application/jwt',
    '',
    ';;=',
  ),
  fc.string(),
);

const lone = fc.constantFrom('\\ud83d', '\\udc00', '\\u0000', '\\ufffd');
/** Documents with names that presets look for, and values of every kind, half characters among them. */
const document = fc
  .record(
    Object.fromEntries(
      [
        'type',
        'event',
        'id',
        'topic',
        'payload',
        'data',
        'metadata',
        'message',
        'eventType',
        'eventTime',
        'Type',
        'TopicArn',
        'Message',
        'Timestamp',
        'specversion',
        'source',
        'time',
        'created_at',
        'events',
        'jti',
        'src',
        'scheduleFor',
      ].map((name) => [
        name,
        fc.oneof(
          fc.constantFrom<unknown>(
            '1.0',
            '2026-01-31T08:00:00Z',
            '2026-02-30',
            'Notification',
            'a.b',
            '',
            0,
            -1,
            1e30,
            null,
          ),
          fc.jsonValue({ maxDepth: 3, stringUnit: 'binary' }),
        ),
      ]),
    ),
    { requiredKeys: [] },
  )
  .map((value) => JSON.stringify(value));
const json = fc.oneof(
  document,
  fc.array(document, { maxLength: 3 }).map((items) => `[${items.join()}]`),
  fc.tuple(document, lone).map(([text, half]) => text.replace(/"(?=[^"]*$)/, `${half}"`)),
  fc.json({ stringUnit: 'binary' }),
  fc.nat(80).map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
  fc.constantFrom('', '{', '{}{}', 'null', '"x"', '7', '{"a":1,}', "{'a':1}", 'NaN'),
);
const form = fc.oneof(
  document.map((text) => `payload=${encodeURIComponent(text)}`),
  document.map((text) => `--X\r\nContent-Disposition: form-data; name="payload"\r\n\r\n${text}\r\n--X--`),
  document.map(
    (text) =>
      `--X\nContent-Disposition: form-data; name="a\u00e4"; filename="\u00e4.json"\nContent-Type: application/json\n\n${text}`,
  ),
  fc
    .array(fc.constantFrom('a', '=', '&', '%', '%E4', '%C3%A4', '+', '\0', 'ä', '_charset_=utf-16'))
    .map((parts) => parts.join('')),
);
const encode = (text: string, encoding: string): Buffer => {
  switch (encoding) {
    case 'utf16be':
      return Buffer.from(text, 'utf16le').swap16();
    case 'bom':
      return Buffer.from(`\ufeff${text}`);
    case 'utf16bom':
      return Buffer.from(`\ufeff${text}`, 'utf16le');
    case 'latin1':
      return Buffer.from(text, 'latin1');
    case 'utf16le':
      return Buffer.from(text, 'utf16le');
    default:
      return Buffer.from(text);
  }
};
const body = fc.oneof(
  fc
    .tuple(fc.oneof(json, form), fc.constantFrom('utf8', 'utf8', 'bom', 'latin1', 'utf16le', 'utf16be', 'utf16bom'))
    .map(([text, encoding]) => encode(text, encoding)),
  fc.tuple(fc.oneof(json, form), fc.nat()).map(([text, cut]) => Buffer.from(text).subarray(0, cut % (text.length + 1))),
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
);

/** Whether U+FFFD is in what was sent, in any of the ways to write it; or a hash or base64 hides it. */
const wasSent = (bytes: Buffer): boolean =>
  bytes.includes(Buffer.from('\ufffd')) ||
  /\\ufffd|%ef%bf%bd/i.test(bytes.toString('latin1').replaceAll('\0', '')) ||
  bytes.includes(Buffer.from([0xfd, 0xff])) ||
  bytes.includes(Buffer.from([0xff, 0xfd]));

describe.each([...presets.keys()])('the preset %s', (preset) => {
  test('reads or refuses whatever comes, says why, and changes no text in silence', () => {
    const prepared = prepareSource({ preset, verify: { scheme: 'none' } });
    fc.assert(
      fc.property(body, contentType, headers, fc.constantFrom([], ['payload']), (bytes, type, sent, parseFields) => {
        const request = buildRequest({ body: bytes, headers: { ...sent, 'content-type': type } });
        const read = readBody(bytes, type, parseFields);
        const found = prepared.read(request, read);
        if (!found.ok) {
          expect(found.code).toMatch(/^[a-z_]+$/);
          expect(found.message).toMatch(
            /\b(?:body|form|field|delivery|event|header|token|batch|JSONPath|payload|format|list|attribute|scheduleFor|inSeconds)\b/,
          );
          return;
        }
        const notes = [
          ...(read.notes ?? []),
          ...(found.notes ?? []),
          ...found.events.flatMap((event) => event.notes ?? []),
        ];
        for (const note of notes) expect(note.message).toMatch(/^[A-Z].{10,}\.$/s);
        for (const { type: eventType, externalId, context, payload } of found.events) {
          const text = stringifyExact([eventType, externalId, context, payload]);
          // An escape of a half character; a backslash that text has itself is doubled.
          expect(text).not.toMatch(/(?:^|[^\\])(?:\\\\)*\\u[dD][89a-fA-F]/);
          if (text.includes('\ufffd') && !wasSent(bytes)) expect(notes).not.toEqual([]);
        }
      }),
      { numRuns: 200 },
    );
  });
});
