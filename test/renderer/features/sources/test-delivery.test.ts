import { expect, it } from 'vitest';
import { readHeaderLines } from '../../../../renderer/features/sources/model/header-lines.ts';
import { testDelivery } from '../../../../shared/test-delivery.ts';

it('headers are written one a line', () => {
  expect(readHeaderLines('x-a: 1\n\n  x-b:two: three \nno colon\n: nameless')).toEqual({
    'x-a': '1',
    'x-b': 'two: three',
  });
  expect(readHeaderLines('')).toEqual({});
});

it('a test has an id of its own, and a type that only operators know the shape of the others', () => {
  const sample = { contentType: 'application/json', body: '{"type":"a","n":1}' };
  const first = testDelivery({ id: 'deck', sample }, 'task.created', 1_800_000_000_000);
  const second = testDelivery({ id: 'deck', sample }, 'task.created', 1_800_000_000_001);
  expect(JSON.parse(first.body).id).not.toBe(JSON.parse(second.body).id);
  expect(JSON.parse(testDelivery({ id: 'deck', sample }, 'task.danced', 0).body)).toMatchObject({
    object: 'event',
    type: 'task.danced',
  });
  const review = testDelivery({ id: 'github', sample }, 'pull_request.weighed', 0);
  expect(JSON.parse(review.body)).toMatchObject({ action: 'weighed', pull_request: { number: 12 } });
  expect(testDelivery({ id: 'github', sample }, 'dance.begun', 0).headers).toMatchObject({ 'x-github-event': 'dance' });
  expect(JSON.parse(testDelivery({ id: 'generic', sample }, 'b', 0).body)).toEqual({ type: 'b', n: 1 });
});
