import { describe, expect, it } from 'vitest';
import { outagesBetween } from '../../../../renderer/model/app/outages.ts';
import type { BlindWindow } from '../../../../shared/contract/app.ts';

const at = (minute: number): string => new Date(Date.UTC(2026, 4, 5, 12, minute)).toISOString();
const event = (minute: number) => ({ receivedAt: at(minute) });
const off = (from: number, to: number | null): BlindWindow => ({
  kind: 'off',
  from: at(from),
  to: to === null ? null : at(to),
  detail: 'stopped',
});

describe('the times between two events in which nothing was received', () => {
  it('are those that ended after the older and before the newer', () => {
    const windows = [off(40, 45), off(20, 25), off(10, 15), off(2, 4)];
    expect(outagesBetween(windows, event(30), event(6))).toEqual([off(20, 25), off(10, 15)]);
  });

  it('have one whose beginning is known only roughly, after a crash', () => {
    expect(outagesBetween([off(9, 15)], event(16), event(10))).toEqual([off(9, 15)]);
  });

  it('have an event that came the moment the receiver listened', () => {
    expect(outagesBetween([off(10, 15)], event(15), event(9))).toHaveLength(1);
  });

  it('are none while one lasts, and none under the last row', () => {
    expect(outagesBetween([off(10, null)], event(15), event(9))).toEqual([]);
    expect(outagesBetween([off(10, 12)], event(15), null)).toEqual([]);
  });
});
