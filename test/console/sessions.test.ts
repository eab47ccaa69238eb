import { describe, expect, it } from 'vitest';
import { createLoginThrottle } from '../../electron/console/auth/login-throttle.ts';
import { createSessions, sessionLifetimeSeconds } from '../../electron/console/auth/sessions.ts';
import { createSignInCodes } from '../../electron/console/auth/sign-in-codes.ts';

describe('sessions', () => {
  const setUp = () => {
    let nowMs = 0;
    const sessions = createSessions(() => nowMs);
    return { sessions, wait: (seconds: number) => (nowMs += seconds * 1000) };
  };

  it('live 30 days from their last use', () => {
    const { sessions, wait } = setUp();
    const id = sessions.create();
    wait(sessionLifetimeSeconds - 1);
    expect(sessions.use(id)).toBe(true);
    wait(sessionLifetimeSeconds - 1);
    expect(sessions.isLive(id)).toBe(true);
    wait(2);
    expect(sessions.isLive(id)).toBe(false);
    expect(sessions.use(id)).toBe(false);
  });

  it('end when told', () => {
    const { sessions } = setUp();
    const [one, other] = [sessions.create(), sessions.create()];
    sessions.end(one);
    expect([sessions.use(one), sessions.use(other), sessions.use('made-up')]).toEqual([false, true, false]);
  });

  it('are limited in number: the one used longest ago goes first', () => {
    const { sessions } = setUp();
    const [first, second] = [sessions.create(), sessions.create()];
    for (let count = 0; count < 198; count += 1) sessions.create();
    expect(sessions.use(first)).toBe(true);
    sessions.create();
    expect([sessions.isLive(first), sessions.isLive(second)]).toEqual([true, false]);
  });
});

describe('sign-in codes', () => {
  const setUp = () => {
    let nowMs = 0;
    const codes = createSignInCodes(() => nowMs);
    return { codes, wait: (minutes: number) => (nowMs += minutes * 60_000) };
  };

  it('are good for one use', () => {
    const { codes } = setUp();
    const { code } = codes.create();
    expect(codes.redeem(`${code}x`)).toBe(false);
    expect([codes.redeem(code), codes.redeem(code)]).toEqual([true, false]);
  });

  it('are good for ten minutes', () => {
    const { codes, wait } = setUp();
    const [early, late] = [codes.create(), codes.create()];
    wait(9);
    expect(codes.redeem(early.code)).toBe(true);
    wait(2);
    expect(codes.redeem(late.code)).toBe(false);
  });

  it('are limited in number: the oldest go first', () => {
    const { codes } = setUp();
    const [first, ...later] = Array.from({ length: 51 }, () => codes.create().code);
    expect(codes.redeem(first ?? '')).toBe(false);
    expect(later.every((code) => codes.redeem(code))).toBe(true);
  });
});

describe('the login throttle', () => {
  type Throttle = ReturnType<typeof createLoginThrottle>;
  const fail = async (throttle: Throttle, addresses: string[]) => {
    const seen = [];
    for (const address of addresses) seen.push(await throttle.failed(address));
    return seen;
  };
  const waitOf = async (throttle: Throttle, address: string) => (await throttle.failed(address)).waitSeconds;

  it('holds back one address and lets others go on', async () => {
    const throttle = createLoginThrottle();
    const seen = await fail(throttle, [...Array(9).fill('192.0.2.1'), '::ffff:192.0.2.1']);
    expect(seen).toEqual(Array(10).fill({ waitSeconds: 0, isNews: true }));
    expect(await waitOf(throttle, '192.0.2.1')).toBeGreaterThan(0);
    expect(await waitOf(throttle, '192.0.2.2')).toBe(0);
  });

  it('takes one IPv6 network for one address', async () => {
    const throttle = createLoginThrottle();
    await fail(
      throttle,
      Array.from({ length: 10 }, (_, index) => `2001:db8::${index}`),
    );
    expect(await waitOf(throttle, '2001:db8::ffff')).toBeGreaterThan(0);
    expect(await waitOf(throttle, '2001:db8:0:1::1')).toBe(0);
  });

  it('forgets an address that came with the right token', async () => {
    const throttle = createLoginThrottle();
    await fail(throttle, Array(10).fill('192.0.2.1'));
    await throttle.succeeded('192.0.2.1');
    expect(await waitOf(throttle, '192.0.2.1')).toBe(0);
  });

  it('holds back everyone when tokens are tried from everywhere', async () => {
    const throttle = createLoginThrottle();
    await fail(
      throttle,
      Array.from({ length: 200 }, (_, index) => `192.0.2.${index}`),
    );
    const waitSeconds = await waitOf(throttle, '198.51.100.1');
    expect(waitSeconds).toBeGreaterThan(0);
    expect(waitSeconds).toBeLessThanOrEqual(60);
  });

  it('announces a flood once, wherever it comes from', async () => {
    const throttle = createLoginThrottle();
    const addresses = Array.from({ length: 1000 }, (_, index) => `192.0.${index % 5}.1`);
    const news = (await fail(throttle, addresses)).filter(({ isNews }) => isNews);
    expect(news).toHaveLength(51);
  });
});
