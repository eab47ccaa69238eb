import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { watchRefusals } from '../../electron/runtime/status/refusal-alerts.ts';
import { createAlerts } from '../../electron/upkeep/alerts.ts';

beforeEach(() => vi.useFakeTimers({ now: Date.parse('2026-01-31T08:00:00Z') }));
afterEach(() => vi.useRealTimers());

function open() {
  const alerts = createAlerts(Date.now, () => undefined);
  const watch = watchRefusals(alerts, Date.now);
  onTestFinished(watch.stop);
  const refuse = (source: string | null, status: number, code: string): void =>
    watch.noteRefused({ source, status, code, atMs: Date.now() });
  const messages = () => Object.fromEntries(alerts.list().map(({ code, message }) => [code, message]));
  return { alerts, watch, refuse, messages };
}

describe('deliveries refused for load', () => {
  it('raise an alert at once, with source and count, that goes by itself', () => {
    const { refuse, messages } = open();
    refuse('github', 429, 'rate_limited');
    expect(messages().deliveries_refused).toContain('1 to "github"');
    for (let i = 0; i < 1203; i++) refuse('github', 503, 'overloaded');
    refuse('crm', 429, 'rate_limited');
    vi.advanceTimersByTime(5000);
    expect(messages().deliveries_refused).toContain('1,204 to "github" and 1 to "crm"');
    vi.advanceTimersByTime(4 * 60_000);
    refuse('crm', 429, 'rate_limited');
    vi.advanceTimersByTime(2 * 60_000);
    expect(messages().deliveries_refused).toMatch(/overload: 2 to "crm"\./);
    vi.advanceTimersByTime(5 * 60_000);
    expect(messages()).toEqual({});
  });

  it('name the three sources with most and count the others', () => {
    const { refuse, messages } = open();
    for (const [i, source] of ['a', 'b', 'c', 'd', 'e'].entries()) {
      for (let n = 0; n <= i; n++) refuse(source, 429, 'rate_limited');
    }
    vi.advanceTimersByTime(5000);
    expect(messages().deliveries_refused).toContain('5 to "e", 4 to "d", 3 to "c" and 3 to 2 others');
  });

  it('are told apart from those that were refused for themselves', () => {
    const { refuse, messages } = open();
    for (let i = 0; i < 1000; i++) refuse('crm', 422, 'unreadable_body');
    for (let i = 0; i < 1000; i++) refuse(null, 404, 'source_not_found');
    vi.advanceTimersByTime(5000);
    expect(messages()).toEqual({});
  });
});

describe('failed verifications', () => {
  it('raise an alert only when they are many, which goes when they are few', () => {
    const { refuse, messages } = open();
    for (let i = 0; i < 299; i++) refuse('github', 401, 'signature_missing');
    vi.advanceTimersByTime(60_000);
    for (let i = 0; i < 299; i++) refuse('github', 401, 'signature_missing');
    vi.advanceTimersByTime(5000);
    expect(messages()).toEqual({});
    for (let i = 0; i < 2000; i++) refuse('github', 401, 'signature_missing');
    vi.advanceTimersByTime(5000);
    expect(messages().verification_failing).toContain('2,299 to "github"');
    expect(messages().verification_failing).toContain('Verified deliveries are not affected');
    for (let minute = 0; minute < 6; minute++) {
      vi.advanceTimersByTime(60_000);
      refuse('github', 401, 'signature_missing');
    }
    expect(messages()).toEqual({});
  });
});

it('connections that were closed unanswered raise an alert', () => {
  const { watch, messages } = open();
  for (let i = 0; i < 12; i++) watch.noteConnectionRefused();
  vi.advanceTimersByTime(5000);
  expect(messages().connections_refused).toContain('12 connections');
  vi.advanceTimersByTime(6 * 60_000);
  expect(messages()).toEqual({});
});
