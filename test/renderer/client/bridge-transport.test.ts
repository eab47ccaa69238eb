import { expect, test } from 'vitest';
import { bridgeTransport, findBridge } from '../../../renderer/client/bridge-transport.ts';
import { createClient } from '../../../renderer/client/client.ts';

const bridgeOf = (call: (name: unknown, input: unknown) => unknown) => {
  let push: ((envelope: unknown) => void) | undefined;
  const scope = {
    signalbox: {
      call,
      onPush: (listener: (envelope: unknown) => void) => {
        push = listener;
        return () => {
          push = undefined;
        };
      },
    },
  };
  return { scope, push: (envelope: unknown) => push?.(envelope), isListening: () => push !== undefined };
};

test('a page without the bridge has none', () => {
  expect(findBridge({})).toBeNull();
  expect(findBridge({ signalbox: { call: 'yes' } })).toBeNull();
});

test('calls and pushes go over the bridge, and stop with it', async () => {
  const bridge = bridgeOf((name, input) => Promise.resolve({ ok: true, value: { items: [], name, input } }));
  const found = findBridge(bridge.scope);
  if (found === null) throw new Error('the bridge was not found');
  const client = createClient(bridgeTransport(found));
  const phases: string[] = [];
  const progressed: string[] = [];
  let gaps = 0;
  client.onPhase((phase) => phases.push(phase));
  client.onGap(() => {
    gaps += 1;
  });
  client.onPush('runs.progressed', ({ items }) => progressed.push(...items.map((item) => item.id)));
  const stop = client.start();
  expect(phases).toEqual(['connected']);
  expect(await client.call('sources.list', {})).toEqual({ items: [] });
  const items = [{ id: 'r1', progress: { percent: 10, message: '' } }];
  bridge.push({ seq: 1, name: 'runs.progressed', value: { items }, dropped: 0 });
  expect(progressed).toEqual(['r1']);
  bridge.push({ seq: 2, name: 'runs.progressed', value: { items: [{ id: 5 }] }, dropped: 0 });
  bridge.push({ hello: 'there' });
  expect(progressed).toEqual(['r1']);
  expect(gaps).toBe(2);
  stop();
  expect(bridge.isListening()).toBe(false);
});

test('an answer that is no reply, and a bridge that breaks, are errors with a code', async () => {
  const strange = findBridge(bridgeOf(() => Promise.resolve('hello')).scope);
  const broken = findBridge(bridgeOf(() => Promise.reject(new Error('window gone'))).scope);
  if (strange === null || broken === null) throw new Error('the bridge was not found');
  await expect(createClient(bridgeTransport(strange)).call('app.status', {})).rejects.toMatchObject({
    code: 'internal',
  });
  await expect(createClient(bridgeTransport(broken)).call('app.status', {})).rejects.toMatchObject({
    code: 'unavailable',
  });
});
