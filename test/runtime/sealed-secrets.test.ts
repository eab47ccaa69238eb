import { createHmac } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { type OpenApp, openApp } from './open-app.ts';

const value = 'secret-of-the-crm';

async function postSigned(app: OpenApp): Promise<number> {
  const body = '{"event":"a"}';
  const signature = createHmac('sha256', value).update(body).digest('hex');
  return (await app.post('crm', body, { 'x-signature': signature })).status;
}

async function alertOf(app: OpenApp): Promise<string | null> {
  const { alerts } = await app.call('app.status', {});
  return alerts.find(({ code }) => code === 'secrets_unreadable')?.message ?? null;
}

describe('a key file', () => {
  it('that is damaged, cut, another one or gone is said at the start, stays, and counts when the right one is back', async () => {
    const first = await openApp();
    await first.call('secrets.set', { name: 'crm', value });
    const verify = {
      scheme: 'hmac',
      header: 'x-signature',
      algorithm: 'sha256',
      encoding: 'hex',
      secret: { secret: 'crm' },
    };
    await first.call('sources.create', { slug: 'crm', preset: 'generic', event: { type: '$.event' }, verify });
    expect(await postSigned(first)).toBe(202);
    expect(await alertOf(first)).toBeNull();
    await first.stop();
    const keyFile = join(first.dataDir, 'secret.key');
    const right = readFileSync(keyFile, 'utf8');
    for (const wrong of ['garbage\u0000', right.slice(0, 20), Buffer.alloc(32, 7).toString('base64'), null]) {
      if (wrong === null) rmSync(keyFile);
      else writeFileSync(keyFile, wrong);
      const app = await openApp(first.dataDir);
      const message = await alertOf(app);
      expect(message).toContain('Stored secrets cannot be opened: "crm".');
      expect(message).toContain(keyFile);
      expect(await postSigned(app)).toBe(503);
      if (wrong !== null) expect(readFileSync(keyFile, 'utf8')).toBe(wrong);
      writeFileSync(keyFile, right);
      await eventually(async () => expect(await alertOf(app)).toBeNull());
      expect(await postSigned(app)).toBe(202);
      await app.stop();
    }
  });

  it('that is damaged is said where nothing is stored yet', async () => {
    const first = await openApp();
    await first.stop();
    writeFileSync(join(first.dataDir, 'secret.key'), 'garbage');
    const app = await openApp(first.dataDir);
    expect(await alertOf(app)).toContain('contains no Signalbox key');
  });

  it('is named when the keychain that sealed the secrets is another one', async () => {
    const boxOf = (key: number) => {
      const flip = (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte) => byte ^ key));
      return { encrypt: (text: string) => flip(Buffer.from(text)), decrypt: (bytes: Buffer) => flip(bytes).toString() };
    };
    const first = await openApp(undefined, { secretBox: boxOf(0x5a) });
    await first.call('secrets.set', { name: 'crm', value });
    expect(await alertOf(first)).toBeNull();
    await first.stop();
    const app = await openApp(first.dataDir, { secretBox: boxOf(0x21) });
    expect(await alertOf(app)).toContain('Stored secrets cannot be opened: "crm".');
    await app.call('secrets.set', { name: 'crm', value });
    await eventually(async () => expect(await alertOf(app)).toBeNull());
  });
});
