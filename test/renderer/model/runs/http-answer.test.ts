import { describe, expect, it } from 'vitest';
import {
  type HttpAnswer,
  printAnswer,
  readHttpAnswer,
  timingParts,
} from '../../../../renderer/model/runs/http-answer.ts';

const answer: HttpAnswer = {
  status: 200,
  headers: { 'x-b': '2', 'content-type': 'application/json', date: 'today' },
  body: '{"id":12345678901234567890}',
  url: 'https://erp.example.com/events',
  address: '93.184.216.34',
  timing: { dnsMs: 1.5, connectMs: 10, tlsMs: 20, firstByteMs: 30.5, totalMs: 63 },
};

describe('the answer of a destination', () => {
  it('is read from the outcome of a request, and from no other', () => {
    expect(readHttpAnswer(answer)).toEqual(answer);
    expect(readHttpAnswer({ status: 200, body: 'x' })).toBeNull();
    expect(readHttpAnswer(null)).toBeNull();
  });

  it('is compared without what differs every time, with all digits of its body', () => {
    expect(printAnswer(answer)).toBe(
      '200\ncontent-type: application/json\nx-b: 2\n\n{\n  "id": 12345678901234567890\n}',
    );
    expect(printAnswer({ ...answer, body: '{"id":1', truncated: true })).toContain('\n{"id":1');
  });

  it('shows its times one after the other, and those alone that were needed', () => {
    expect(timingParts(answer.timing)).toEqual([
      { name: 'DNS', fromMs: 0, ms: 1.5 },
      { name: 'Connect', fromMs: 1.5, ms: 10 },
      { name: 'TLS', fromMs: 11.5, ms: 20 },
      { name: 'First byte', fromMs: 31.5, ms: 30.5 },
      { name: 'Body', fromMs: 62, ms: 1 },
    ]);
    const reused = { dnsMs: null, connectMs: null, tlsMs: null, firstByteMs: 2, totalMs: 2 };
    expect(timingParts(reused)).toEqual([
      { name: 'First byte', fromMs: 0, ms: 2 },
      { name: 'Body', fromMs: 2, ms: 0 },
    ]);
  });
});
