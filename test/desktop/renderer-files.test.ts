import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rendererFile, serveRendererFiles } from '../../electron/desktop/pages/renderer-files.ts';
import { sampleRenderer } from '../console/console-server.ts';

describe('the file of an address', () => {
  const root = resolve('/somewhere/renderer');

  it.each([
    ['/', 'index.html'],
    ['/assets/index-4f2a.js', 'assets/index-4f2a.js'],
    ['/a%20b.css', 'a b.css'],
  ])('%s is %s', (path, file) => {
    expect(rendererFile(root, path)).toBe(join(root, file));
  });

  it.each([
    '/..%2f..%2fetc/shadow.txt',
    '/%2e%2e/x.js',
    '/..%5cx.js',
    '/%00.js',
    '/%zz.js',
    '/assets/../../x.js',
    '//../x.js',
  ])('%s is none', (path) => {
    expect(rendererFile(root, path)).toBeNull();
  });

  it('is never outside, whatever the address', () => {
    const part = fc.constantFrom('..', '.', '%2e', '%2f', '%5c', '/', '\\', 'a', 'x.js', '%00', '%', 'renderer', '-x');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const file = rendererFile(root, `/${parts.join('')}`);
        if (file === null) return;
        const inside = relative(root, file);
        expect(inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside) || inside === '').toBe(false);
      }),
    );
  });
});

describe('the app scheme', () => {
  it('serves the build with its policy and types', async () => {
    const serve = serveRendererFiles(await sampleRenderer());
    const page = await serve(new Request('app://signalbox/#/live'));
    expect(await page.text()).toContain('<title>Signalbox</title>');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self';");
    const script = await serve(new Request('app://signalbox/assets/index-4f2a.js'));
    expect(script.headers.get('content-type')).toContain('text/javascript');
    expect(script.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it.each(['app://other/index.html', 'app://signalbox/assets/nothing.js', 'app://signalbox/..%2fsecret.txt'])(
    'has nothing at %s',
    async (url) => {
      const serve = serveRendererFiles(await sampleRenderer());
      const answer = await serve(new Request(url));
      expect(answer.status).toBe(404);
      expect(await answer.text()).not.toContain('classified');
    },
  );
});
