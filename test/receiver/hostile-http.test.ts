import { connect } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { postJson, sendRaw, startReceiver, statusOf } from './start-receiver.ts';

const bodyOf = (answer: string): { error: { code: string } } =>
  JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4));
const post = (headers: string, body = '{}'): string => `POST /in/crm HTTP/1.1\r\n${headers}\r\n\r\n${body}`;

describe('requests that a proxy could read differently', () => {
  test.each([
    ['two Host headers', 'Host: a\r\nHost: b\r\nContent-Length: 2\r\nConnection: close', 400, 'duplicate_host'],
    ['no Host', 'Content-Length: 2\r\nConnection: close', 400, 'host_missing'],
    ['a Host that is none', 'Host: a b\r\nContent-Length: 2\r\nConnection: close', 400, 'bad_host'],
    ['a Host of someone else', 'Host: evil.example\r\nContent-Length: 2\r\nConnection: close', 421, 'unknown_host'],
    ['no length', 'Host: localhost\r\nConnection: close', 411, 'length_required'],
    ['an unknown expectation', 'Host: localhost\r\nExpect: tea\r\nContent-Length: 2', 417, 'expectation_failed'],
    [
      'length and chunks',
      'Host: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\nConnection: close',
      400,
      'ambiguous_length',
    ],
    [
      'two lengths',
      'Host: localhost\r\nContent-Length: 2\r\nContent-Length: 3\r\nConnection: close',
      400,
      'duplicate_length',
    ],
    ['a length that is none', 'Host: localhost\r\nContent-Length: -2\r\nConnection: close', 400, 'bad_length'],
    ['a folded header', 'Host: localhost\r\nX-A: 1\r\n 2\r\nContent-Length: 2\r\nConnection: close', 400, 'bad_header'],
  ])('with %s are refused in JSON', async (_name, headers, status, code) => {
    const { port, accepted } = await startReceiver();
    const answer = await sendRaw(port, post(headers));
    expect([statusOf(answer), bodyOf(answer).error.code]).toEqual([status, code]);
    expect(accepted).toEqual([]);
  });

  test('with a whole address in the request line are refused', async () => {
    const { port } = await startReceiver();
    const line =
      'POST http://127.0.0.1/in/crm HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';
    const answer = await sendRaw(port, line);
    expect([statusOf(answer), bodyOf(answer).error.code]).toEqual([400, 'bad_target']);
    const star = await sendRaw(port, 'OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    expect(statusOf(star)).toBe(400);
    expect(statusOf(await sendRaw(port, 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n'))).toBe(405);
  });

  test('for the public host, or through a trusted proxy, are taken', async () => {
    let settings = { trustedProxies: [] as string[], publicUrl: 'https://hooks.example.com/base' };
    const { port, refused } = await startReceiver({ settings: () => settings });
    const send = async (host: string): Promise<number> =>
      statusOf(await sendRaw(port, post(`Host: ${host}\r\nContent-Length: 2\r\nConnection: close`)));
    for (const host of ['hooks.example.com', 'HOOKS.example.com:443', 'localhost:8787', '[::1]:1', '192.0.2.1']) {
      expect([host, await send(host)]).toEqual([host, 202]);
    }
    expect(await send('other.example.com')).toBe(421);
    expect(refused[0]?.message).toContain('"other.example.com"');
    settings = { trustedProxies: ['127.0.0.1/32'], publicUrl: '' };
    expect(await send('other.example.com')).toBe(202);
  });

  test('with more than 100 headers are 431, and none is dropped before', async () => {
    const { port, accepted, refused } = await startReceiver();
    const lines = (count: number): string => Array.from({ length: count }, (_, i) => `X-${i}: v`).join('\r\n');
    const start = 'Host: localhost\r\nContent-Length: 2\r\nConnection: close\r\n';
    const exact = await sendRaw(port, post(start + lines(97)));
    expect(statusOf(exact)).toBe(202);
    expect(accepted[0]?.delivery.headers).toHaveLength(100);
    for (const count of [98, 1500]) {
      const answer = await sendRaw(port, post(start + lines(count)));
      expect([statusOf(answer), bodyOf(answer).error.code]).toEqual([431, 'too_many_headers']);
    }
    expect(refused[0]?.delivery.headers).toHaveLength(100);
    const large = await sendRaw(port, post(`${start}X-Large: ${'a'.repeat(17 * 1024)}`));
    expect([statusOf(large), bodyOf(large).error.code]).toEqual([431, 'headers_too_large']);
  });
});

describe('senders that take their time', () => {
  const limits = { headersTimeoutMs: 200, requestTimeoutMs: 400, keepAliveMs: 200 };

  test('over the headers are cut off', async () => {
    const { port } = await startReceiver({ limits });
    const answer = await sendRaw(port, 'POST /in/crm HTTP/1.1\r\nHost: localhost\r\nX-Slow: ');
    expect([statusOf(answer), bodyOf(answer).error.code]).toEqual([408, 'request_timeout']);
  });

  test('over the body are cut off, and nothing is kept', async () => {
    const { port, accepted, refused } = await startReceiver({ limits });
    const answer = await sendRaw(port, 'POST /in/crm HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{');
    expect(statusOf(answer)).toBe(408);
    expect([accepted, refused]).toEqual([[], []]);
  });

  test('over the next request on a connection are cut off', async () => {
    const { port } = await startReceiver({ limits });
    expect(statusOf(await sendRaw(port, post('Host: localhost\r\nContent-Length: 2')))).toBe(202);
  });

  test('with connections beyond the limit are turned away until others go', async () => {
    const { port, url } = await startReceiver({ limits: { maxConnections: 3 } });
    const idle = await Promise.all(
      Array.from({ length: 3 }, () => {
        const socket = connect(port, '127.0.0.1');
        return new Promise<typeof socket>((resolve) => socket.once('connect', () => resolve(socket)));
      }),
    );
    expect(await sendRaw(port, post('Host: localhost\r\nContent-Length: 2'))).toBe('');
    for (const socket of idle) socket.destroy();
    await eventually(async () => expect((await postJson(`${url}/in/crm`, {})).status).toBe(202));
  });
});

describe('other rough treatment', () => {
  test('a hang-up in the middle of a body leaves nothing behind', async () => {
    const { port, url, accepted, refused } = await startReceiver({ limits: { maxBytesInFlight: 2000 } });
    for (let i = 0; i < 20; i++) {
      await new Promise<void>((resolve) => {
        const socket = connect(port, '127.0.0.1', () => {
          socket.write(
            `POST /in/crm HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1500\r\n\r\n${'x'.repeat(900)}`,
            () => socket.destroy(),
          );
        });
        socket.on('close', () => resolve());
      });
    }
    await eventually(async () => {
      expect((await postJson(`${url}/in/crm`, JSON.stringify('y'.repeat(1500)))).status).toBe(202);
    });
    expect(accepted).toHaveLength(1);
    expect(refused.filter(({ code }) => code !== 'overloaded')).toEqual([]);
  });

  test('pipelined requests are answered in order', async () => {
    const { port, accepted } = await startReceiver();
    const one = post('Host: localhost\r\nContent-Length: 7', '{"n":1}');
    const two = post('Host: localhost\r\nContent-Length: 7\r\nConnection: close', '{"n":2}');
    const answer = await sendRaw(port, one + two);
    expect(answer.match(/HTTP\/1\.1 202/g)).toHaveLength(2);
    expect(answer.indexOf('evt_1_0')).toBeLessThan(answer.indexOf('evt_2_0'));
    expect(accepted.map(({ events }) => events[0]?.payload)).toEqual([{ n: 1 }, { n: 2 }]);
  });

  test('nonsense behind a delivery does not take its answer away', async () => {
    const { port, accepted } = await startReceiver();
    const answer = await sendRaw(port, `${post('Host: localhost\r\nContent-Length: 2')}nonsense\r\n\r\n`);
    expect([statusOf(answer), accepted.length]).toEqual([202, 1]);
  });

  test('a sender that goes on after 413 gets its answer, and the connection lives on', async () => {
    const { port } = await startReceiver({ sources: [{ slug: 'crm', preset: 'generic', maxBodyBytes: 10 }] });
    const large = post('Host: localhost\r\nContent-Length: 3000000', 'x'.repeat(3_000_000));
    const small = post('Host: localhost\r\nContent-Length: 2\r\nConnection: close');
    const answer = await sendRaw(port, large, small);
    expect(answer.match(/HTTP\/1\.1 \d{3}/g)).toEqual(['HTTP/1.1 413', 'HTTP/1.1 202']);
  });

  test('names of the prototype are fields like others', async () => {
    const { url, accepted } = await startReceiver();
    await postJson(`${url}/in/crm`, '{"__proto__":{"type":"bad"},"constructor":1,"type":"good"}', { __proto__x: '1' });
    expect(accepted[0]?.events[0]?.type).toBe('good');
    expect(JSON.stringify(accepted[0]?.events[0]?.payload)).toBe(
      '{"__proto__":{"type":"bad"},"constructor":1,"type":"good"}',
    );
    await fetch(`${url}/in/crm?__proto__=1`, { method: 'POST', body: new URLSearchParams('__proto__=x&toString=y') });
    expect(accepted[1]?.events[0]).toMatchObject({ type: 'crm.received' });
    expect(JSON.stringify(accepted[1]?.events[0]?.payload)).toBe('{"__proto__":"x","toString":"y"}');
    expect(({} as Record<string, unknown>).type).toBeUndefined();
  });

  test('10,000 scrambled requests are answered without a 500, and the receiver lives', async () => {
    const { port, url, answered } = await startReceiver({
      limits: {
        requestTimeoutMs: 300,
        headersTimeoutMs: 200,
        keepAliveMs: 50,
        strayBytesWaitMs: 20,
        keptBodyWaitMs: 50,
      },
    });
    const piece = fc.oneof(
      fc.constantFrom('POST ', 'GET ', '/in/crm', '/in/%ff', ' HTTP/1.1', '\r\n', '\r\n\r\n', 'Host: localhost\r\n'),
      fc.constantFrom('Content-Length: 2\r\n', 'Transfer-Encoding: chunked\r\n', 'Content-Encoding: gzip\r\n', '{}'),
      fc.constantFrom('Content-Type: multipart/form-data; boundary=x\r\n', '--x\r\n', '0\r\n\r\n', '2\r\n{}\r\n'),
      fc.string({ maxLength: 20 }),
    );
    const whole = fc
      .tuple(fc.array(piece, { maxLength: 6 }), fc.uint8Array({ maxLength: 200 }))
      .map(([headers, body]) =>
        Buffer.concat([
          Buffer.from(
            `POST /in/crm HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: ${body.length}\r\n`,
          ),
          Buffer.from(`${headers.join('').replaceAll('\r\n\r\n', '')}\r\n\r\n`),
          body,
        ]),
      );
    const scrambled = fc.oneof(
      fc.array(piece, { maxLength: 12 }).map((pieces) => Buffer.from(pieces.join(''))),
      whole,
    );
    const samples = fc.sample(scrambled, { numRuns: 10_000, seed: 7 });
    let next = 0;
    const sendOn = async (): Promise<void> => {
      for (let sample = samples[next++]; sample !== undefined; sample = samples[next++]) await sendRaw(port, sample);
    };
    await Promise.all(Array.from({ length: 400 }, sendOn));
    expect(answered.filter(({ status }) => status === 500)).toEqual([]);
    expect(answered.length).toBeGreaterThan(1000);
    expect((await postJson(`${url}/in/crm`, {})).status).toBe(202);
  });
});
