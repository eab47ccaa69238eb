import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '../../shared/contract/common.ts';
import { isJsonRecord, parseExact } from '../../shared/exact-json/parse-exact.ts';
import { stringifyExact } from '../../shared/exact-json/stringify-exact.ts';
import { jsonText } from '../shared/exact-json/arbitraries.ts';
import { endedRunsOf, makePlace, type Signalbox, startSignalbox, until } from './signalbox.ts';

const place = makePlace();
let box: Signalbox;

const long = '0.1000000000000000055511151231257827';
/** One above and one below are the same double as the middle one. */
const numbers = `{"id":9007199254740993,"price":12.50,"long":${long},"huge":1e400,"zero":-0}`;

const config = `version: 1
sources:
  - { slug: crm, preset: generic, event: { type: $.type, id: $.id, context: $.about }, rateLimit: off }
  - { slug: cloud, preset: cloudevents, verify: { scheme: none }, rateLimit: off }
jobs:
  - { slug: save, kind: command, command: [sh, save.sh] }
  - { slug: count, kind: script, file: count.mjs }
  - { slug: raise, kind: script, file: raise.mjs }
listeners:
  - { slug: exact, source: crm, type: order, where: { "payload.n.id": 9007199254740993 }, job: count }
  - { slug: neighbour, source: crm, type: order, where: { "payload.n.id": 9007199254740992 }, job: count }
  - { slug: below, source: crm, type: order, where: { field: payload.n.long, op: lt, value: ${long} }, job: count }
  - { slug: filtered, source: crm, type: order, filter: { revoengine: { field: message.n.id, op: gt, value: 9007199254740992 } }, job: count }
  - { slug: save, source: crm, type: [saved, "order"], job: save }
  - { slug: raise, source: crm, type: raised, job: raise }
`;

// The contract's schemas leave a field of this name out.
const anyText = jsonText.filter((text) => !text.includes('__proto__'));

const inEvent = (event: { payload: Json }): Json | undefined =>
  isJsonRecord(event.payload) ? event.payload.n : undefined;

beforeAll(async () => {
  writeFileSync(
    join(place.dir, 'save.sh'),
    `cat > "${place.dir}/$SIGNALBOX_EVENT_ID.stdin"; cp "$SIGNALBOX_EVENT_PATH" "${place.dir}/$SIGNALBOX_EVENT_ID.file"\n`,
  );
  writeFileSync(
    join(place.dir, 'count.mjs'),
    'export default (event) => ({ id: event.payload.n.id, price: event.payload.n.price });\n',
  );
  writeFileSync(
    join(place.dir, 'raise.mjs'),
    'export default (event, run) => run.raise("copied", event.payload.n, { metadata: { id: event.payload.n.id } });\n',
  );
  box = await startSignalbox({ dataDir: place.dataDir, config });
});

afterAll(async () => {
  await box.end();
  place.remove();
});

describe('digits', () => {
  it('come out of every interface as they came in, for any JSON', async () => {
    const pushes = await box.pushes();
    let count = 0;
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        count += 1;
        const sent = stringifyExact(parseExact(text));
        const [eventId = ''] = await box.accept(
          'crm',
          `{"type":"saved","id":"any ${count}","about":[${text}],"n":${text}}`,
        );
        const event = await box.call('events.get', { id: eventId });
        expect(stringifyExact(inEvent(event))).toBe(sent);
        expect(stringifyExact(event.context)).toBe(`[${sent}]`);
        const { items } = await box.call('events.list', { query: `id:${eventId}` });
        expect(items.map((item) => stringifyExact(inEvent(item)))).toEqual([sent]);
        await endedRunsOf(box, eventId);
        const given = readFileSync(join(place.dir, `${eventId}.stdin`), 'utf8');
        expect(readFileSync(join(place.dir, `${eventId}.file`), 'utf8')).toBe(given);
        const document = parseExact(given);
        expect(isJsonRecord(document) && isJsonRecord(document.payload) && stringifyExact(document.payload.n)).toBe(
          sent,
        );
        const edited = await box.call('events.replay', { ids: [eventId], payload: { n: inEvent(event) ?? null } });
        const replayed = await box.call('events.get', { id: edited.items[0]?.id ?? '' });
        expect(stringifyExact(inEvent(replayed))).toBe(sent);
        const pushed = await pushes.until('the event', ({ name, value }) => {
          const text = name === 'events.added' ? stringifyExact(value) : '';
          return text.includes(eventId) && text;
        });
        expect(pushed).toContain(`"n":${sent}`);
      }),
      { numRuns: 25, endOnFailure: true },
    );
    pushes.close();
  });

  it('decide in listeners as written, and show in what was seen', async () => {
    const [eventId = ''] = await box.accept('crm', `{"type":"order","id":1,"n":${numbers}}`);
    const runs = await endedRunsOf(box, eventId);
    expect(runs.map((run) => run.listener).sort()).toEqual(['exact', 'filtered', 'save']);
    const outcome = runs.find((run) => run.listener === 'exact')?.outcome;
    expect(stringifyExact(outcome)).toBe('{"id":9007199254740993,"price":12.5}');
    const { text } = await box.raw('listeners.explain', { eventId });
    expect(text).toContain('"text":"payload.n.id is 9007199254740992"');
    expect(text).toContain('"expected":9007199254740992,"seen":{"present":true,"value":9007199254740993}');
    expect(text).toContain(`"seen":{"present":true,"value":${long}}`);
  });

  it('are found by a query and by the full text, in whatever way they were sent', async () => {
    const [sent = ''] = await box.accept('crm', '{"type":"found","id":"q1","n":70071992547409930001}');
    const [same = ''] = await box.accept('crm', '{"type":"found","id":"q2","n":7007199254740993.0001e4}');
    const [neighbour = ''] = await box.accept('crm', '{"type":"found","id":"q3","n":70071992547409930002}');
    const ids = async (query: string): Promise<string[]> =>
      (await box.call('events.list', { query })).items.map(({ id }) => id).sort();
    const indexed = async (query: string, expected: string[]) =>
      until(query, async () => JSON.stringify(await ids(query)) === JSON.stringify([...expected].sort()));
    await indexed('payload.n:70071992547409930001', [sent, same]);
    await indexed('payload.n:70071992547409930001.0', [sent, same]);
    await indexed('payload.n:70071992547409930002', [neighbour]);
    await indexed('payload.n:70071992547409930000.5..70071992547409930001.5', [sent, same]);
    await indexed('"7007199254740993.0001e4"', [same]);
    await indexed('"70071992547409930002"', [neighbour]);
  });

  it('tell ids of deliveries apart', async () => {
    const [first = ''] = await box.accept('crm', '{"type":"twin","id":9007199254740993}');
    const [second = ''] = await box.accept('crm', '{"type":"twin","id":9007199254740992}');
    const [again = ''] = await box.accept('crm', '{"type":"twin","id":9007199254740993}');
    expect(second).not.toBe(first);
    expect(again).toBe(first);
    expect((await box.call('events.get', { id: first })).externalId).toBe('9007199254740993');
  });

  it('stay in a part of the body that becomes the payload, and in events that jobs raise', async () => {
    const body = `{"specversion":"1.0","id":"c1","source":"/x","type":"t","datacontenttype":"application/json",\n"data":${numbers}}`;
    const [cloud = ''] = await box.accept('cloud', body, { 'content-type': 'application/cloudevents+json' });
    expect(stringifyExact((await box.call('events.get', { id: cloud })).payload)).toBe(numbers);
    const [raising = ''] = await box.accept(
      'crm',
      `{"type":"raised","id":"r1","n":{"id":9007199254740993,"deep":[{"id":-90071992547409931}]}}`,
    );
    await endedRunsOf(box, raising);
    const { items } = await box.call('events.list', { query: 'type:CUSTOM_COPIED' });
    expect(stringifyExact(items[0]?.payload)).toBe('{"id":9007199254740993,"deep":[{"id":-90071992547409931}]}');
    expect(stringifyExact(items[0]?.context)).toBe('{"id":9007199254740993}');
    const raised = await box.raw('events.raise', parseExact(`{"type":"mine","message":${numbers},"inSeconds":60.0}`));
    expect(raised.status).toBe(200);
    const { text } = await box.raw('scheduledEvents.list', { state: 'scheduled' });
    expect(text).toContain(`"payload":${numbers}`);
  });

  it('survive the definitions: made over the API, exported, and made again from the export', async () => {
    const where = parseExact('{"field":"payload.n.id","op":"in","value":[9007199254740993,1.50]}');
    const made = await box.call('listeners.create', {
      slug: 'made',
      source: 'crm',
      type: 'order',
      where,
      job: 'count',
    });
    expect(stringifyExact(made.where)).toContain('[9007199254740993,1.5]');
    const { yaml } = await box.call('settings.exportConfig', {});
    expect(yaml).toMatch(/payload\.n\.id: 9007199254740993|value: 9007199254740993/);
    expect(yaml).toContain('- 9007199254740993');
    expect(yaml).not.toContain('"9007199254740993"');
  });
});
