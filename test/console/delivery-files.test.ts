import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deliveryHandlers } from '../../electron/console/handlers/deliveries.ts';
import { safeFileName } from '../../electron/sources/body/delivery-files.ts';
import { startSource } from '../sources/start-source.ts';
import { cpuMs } from '../support/cpu-time.ts';
import { openConsoleServer } from './console-server.ts';

const content = Buffer.from([0, 255, 13, 10, 60, 115]);

/** A delivery with two files behind the real receiver, and the console's real door over its store. */
async function openWithFiles(filename: string) {
  const { post, store } = await startSource({ preset: 'generic' });
  const body = Buffer.concat([
    Buffer.from(
      `--X\r\nContent-Disposition: form-data; name="page"; filename="${filename}"\r\nContent-Type: text/html\r\n\r\n`,
    ),
    content,
    Buffer.from('\r\n--X\r\nContent-Disposition: form-data; name="b"; filename="b.txt"\r\n\r\nhi\r\n--X--\r\n'),
  ]);
  const { delivery } = await post(new Uint8Array(body), { 'content-type': 'multipart/form-data; boundary=X' });
  const handlers = deliveryHandlers({
    db: store.reading,
    reader: {
      read: () => Promise.reject(new Error('not part of this test')),
      close: () => Promise.resolve(),
    },
    nowMs: Date.now,
    writer: store.writer,
    acceptStored: () => Promise.reject(new Error('not part of this test')),
  });
  return { id: delivery.id, door: await openConsoleServer(handlers) };
}

describe('files of a delivery', () => {
  test('are listed and read by calls', async () => {
    const { id, door } = await openWithFiles('a.html');
    const listed = JSON.parse((await door.call('deliveries.files', { id })).text);
    expect(listed.value.items).toEqual([
      { index: 0, field: 'page', filename: 'a.html', name: 'a.html', contentType: 'text/html', sizeBytes: 6 },
      { index: 1, field: 'b', filename: 'b.txt', name: 'b.txt', contentType: 'text/plain', sizeBytes: 2 },
    ]);
    const read = JSON.parse((await door.call('deliveries.readFile', { id, index: 0 })).text);
    expect(Buffer.from(read.value.base64, 'base64')).toEqual(content);
    expect((await door.call('deliveries.readFile', { id, index: 2 })).status).toBe(404);
    expect((await door.call('deliveries.files', { id: 'dlv_none' })).status).toBe(404);
  });

  test('come over HTTP as attachments that no browser shows or runs, to who is signed in', async () => {
    const { id, door } = await openWithFiles('../..\\evil\\r\\n%22; x=\u202ehtm.exe');
    const path = `/api/deliveries/${id}/files/0`;
    const { status, headers } = await door.ask('GET', path, door.bearer);
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/octet-stream');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['content-security-policy']).toContain('sandbox');
    expect(headers['content-disposition']).toMatch(
      /^attachment; filename="[ !#-~]+"; filename\*=UTF-8''[\w.!~-]*(?:%[\da-f]{2}[\w.!~-]*)*$/i,
    );
    expect(headers['content-length']).toBe('6');
    expect((await door.ask('GET', path)).status).toBe(401);
    expect((await door.ask('GET', `/api/deliveries/${id}/files/9`, door.bearer)).status).toBe(404);
    expect((await door.ask('GET', `/api/deliveries/${id}/files/x`, door.bearer)).status).toBe(400);
  });
});

test('a name to save under leads nowhere and hides nothing', () => {
  expect(safeFileName('../../etc/passwd', 0)).toBe('passwd');
  expect(safeFileName('C:\\Users\\x\\a.txt', 0)).toBe('a.txt');
  expect(safeFileName('photo\u202egpj.exe', 0)).toBe('photo_gpj.exe');
  let name = '';
  expect(cpuMs(() => (name = safeFileName(`..a${'.'.repeat(300_000)}b. .`, 0)))).toBeLessThan(5_000);
  expect(name).toHaveLength(120);
  expect(safeFileName('', 2)).toBe('file-3');
  expect(safeFileName('NUL.txt', 0)).toBe('file-1-NUL.txt');
  expect(safeFileName(`${'x'.repeat(500)}.jpeg`, 0)).toMatch(/^x+\.jpeg$/);
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (sent) => {
      const name = safeFileName(sent, 0);
      expect(name).not.toMatch(/[/\\\p{Cc}\p{Cf}\p{Cs}]|^\.|^$/u);
      expect(name.length).toBeLessThanOrEqual(140);
    }),
  );
});
