import { describe, expect, it } from 'vitest';
import { createLoginThrottle } from '../../electron/console/login-throttle.ts';
import { createSessions, sessionLifetimeSeconds } from '../../electron/console/sessions.ts';

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

describe('the login throttle', () => {
  const fail = async (throttle: ReturnType<typeof createLoginThrottle>, addresses: string[]) => {
    for (const address of addresses) await throttle.failed(address);
  };

  it('holds back one address and lets others go on', async () => {
    const throttle = createLoginThrottle();
    await fail(throttle, Array(9).fill('192.0.2.1'));
    expect(await throttle.waitSeconds('192.0.2.1')).toBe(0);
    await fail(throttle, ['::ffff:192.0.2.1']);
    expect(await throttle.waitSeconds('192.0.2.1')).toBeGreaterThan(0);
    expect(await throttle.waitSeconds('192.0.2.2')).toBe(0);
  });

  it('takes one IPv6 network for one address', async () => {
    const throttle = createLoginThrottle();
    await fail(
      throttle,
      Array.from({ length: 10 }, (_, index) => `2001:db8::${index}`),
    );
    expect(await throttle.waitSeconds('2001:db8::ffff')).toBeGreaterThan(0);
    expect(await throttle.waitSeconds('2001:db8:0:1::1')).toBe(0);
  });

  it('forgets an address that came with the right token', async () => {
    const throttle = createLoginThrottle();
    await fail(throttle, Array(9).fill('192.0.2.1'));
    await throttle.succeeded('192.0.2.1');
    await fail(throttle, ['192.0.2.1']);
    expect(await throttle.waitSeconds('192.0.2.1')).toBe(0);
  });

  it('holds back everyone when tokens are tried from everywhere', async () => {
    const throttle = createLoginThrottle();
    await fail(
      throttle,
      Array.from({ length: 200 }, (_, index) => `192.0.2.${index}`),
    );
    expect(await throttle.waitSeconds('198.51.100.1')).toBeGreaterThan(0);
    expect(await throttle.waitSeconds('198.51.100.1')).toBeLessThanOrEqual(60);
  });
});
