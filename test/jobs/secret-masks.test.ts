import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SecretMasks } from '../../electron/jobs/masks/secret-masks.ts';
import { TextMatcher } from '../../electron/jobs/masks/text-matcher.ts';
import { LineSplitter } from '../../electron/jobs/output/line-splitter.ts';
import { OutputDecoder } from '../../electron/jobs/output/output-decoder.ts';
import { statement } from '../../electron/store/database/statements.ts';
import { nodeJob, openRunner, scriptJob } from './open-runner.ts';

const mask = (secret: string, text: string): string => new SecretMasks([secret]).apply(text);
const secretText = fc
  .string({ unit: 'grapheme', minLength: 6, maxLength: 60 })
  .map((text) => text.trim())
  .filter((text) => Buffer.byteLength(text) >= 6 && text.length >= 3 && !text.includes('*') && !/[\r\n]/.test(text));

describe('a secret', () => {
  it.each([
    ['as it is', 'key=s3cr3t/+ "ä"!', 'key=***!'],
    ['in base64', Buffer.from('s3cr3t/+ "ä"').toString('base64'), '***'],
    ['in base64 for addresses', Buffer.from('s3cr3t/+ "ä"').toString('base64url'), '***'],
    ['in hex', Buffer.from('s3cr3t/+ "ä"').toString('hex'), '***'],
    ['in upper-case hex', Buffer.from('s3cr3t/+ "ä"').toString('hex').toUpperCase(), '***'],
    ['in an address', `?k=${encodeURIComponent('s3cr3t/+ "ä"')}&x`, '?k=***&x'],
    ['in an address, lower case', '?k=s3cr3t%2f%2b%20%22%c3%a4%22&x', '?k=***&x'],
    ['in a form', new URLSearchParams({ k: 's3cr3t/+ "ä"' }).toString(), 'k=***'],
    ['in a path', '/s3cr3t/%2B%20%22%C3%A4%22/x', '/***/x'],
    ['in JSON', JSON.stringify({ k: 's3cr3t/+ "ä"' }), '{"k":"***"}'],
    ['in JSON with escaped slashes', '{"k":"s3cr3t\\/+ \\"ä\\""}', '{"k":"***"}'],
    ['in JSON of ASCII alone', '{"k":"s3cr3t/+ \\"\\u00e4\\""}', '{"k":"***"}'],
    ['in JSON of ASCII alone, upper case', '{"k":"s3cr3t/+ \\"\\u00E4\\""}', '{"k":"***"}'],
  ])('is masked %s', (_, text, expected) => {
    expect(mask('s3cr3t/+ "ä"', text)).toBe(expected);
  });

  it('is masked in base64, hex and addresses of anything it is a part of', () => {
    const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array));
    fc.assert(
      fc.property(secretText, bytes, bytes, (secret, before, after) => {
        const whole = Buffer.concat([before, Buffer.from(secret), after]);
        const at = before.length;
        const size = Buffer.byteLength(secret);
        // The characters that hold nothing but bits of the secret.
        const from = Math.ceil((at * 8) / 6);
        const to = Math.floor(((at + size) * 8) / 6);
        const masks = new SecretMasks([secret]);
        for (const encoding of ['base64', 'base64url'] as const) {
          const text = whole.toString(encoding);
          expect(masks.apply(text)).not.toContain(text.slice(from, to));
        }
        const hex = whole.toString('hex');
        expect(masks.apply(hex)).not.toContain(hex.slice(2 * at, 2 * (at + size)));
        expect(masks.apply(hex.toUpperCase())).not.toContain(hex.toUpperCase().slice(2 * at, 2 * (at + size)));
        for (const text of [encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]) {
          expect(masks.apply(`a ${text} b`)).toBe('a *** b');
        }
      }),
    );
  });

  it('is masked in the lines that base64 breaks it into', () => {
    const secret = 'k'.repeat(40) + 'ey'.repeat(60);
    const lines = (
      Buffer.from(secret)
        .toString('base64')
        .match(/.{1,76}/g) ?? []
    ).map((line) => mask(secret, line));
    expect(lines).toEqual(['***', '***', '***']);
  });

  it('is masked line by line, and as a whole where line ends are escaped', () => {
    const key = '-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0\nAQEFAASC\n-----END KEY-----\n';
    const masks = new SecretMasks([key]);
    for (const line of key.trim().split('\n')) expect(masks.apply(line)).toBe('***');
    expect(masks.apply(`{"key":${JSON.stringify(key)}}`)).toBe('{"key":"***\\n"}');
    expect(masks.apply(Buffer.from(key).toString('hex'))).toBe('***0a');
  });

  it('that is short is masked as it is alone, and below three characters not at all', () => {
    expect(mask('hello', 'hello there')).toBe('*** there');
    expect(mask('hello', Buffer.from('hello').toString('base64'))).toBe('aGVsbG8=');
    expect(mask('hello', Buffer.from('hello').toString('hex'))).toBe('68656c6c6f');
    expect(mask('a&b', 'a%26b')).toBe('***');
    expect(mask('ab', 'ab, about')).toBe('ab, about');
    expect(new SecretMasks(['  ', 'a', '***']).isEmpty).toBe(true);
  });

  it('that is part of another, or runs into another, leaves nothing of it readable', () => {
    const masks = new SecretMasks(['pass', 'password-1', '1-and-more']);
    expect(masks.apply('x password-1-and-more y pass')).toBe('x *** y ***');
    expect(masks.apply('passpass')).toBe('******');
  });

  it('is masked in the numbers of an outcome', () => {
    const masks = new SecretMasks(['447712']);
    expect(masks.applyToJson({ pin: 447712, count: 14477120, list: [447712] })).toEqual({
      pin: '***',
      count: 14477120,
      list: ['***'],
    });
  });
});

describe('masks', () => {
  it('find what a plain search finds', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '日'), minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 8 }), fc.array(word, { maxLength: 12 }), (words, parts) => {
        const text = parts.join('');
        const hidden = new Set<number>();
        for (const one of words) {
          for (let at = text.indexOf(one); at !== -1; at = text.indexOf(one, at + 1)) {
            for (let index = at; index < at + one.length; index += 1) hidden.add(index);
          }
        }
        const found = new Set<number>();
        const spans = new TextMatcher(words).find(text);
        for (let at = 0; at < spans.length; at += 2) {
          for (let index = spans[at] ?? 0; index < (spans[at + 1] ?? 0); index += 1) found.add(index);
          expect(spans[at]).toBeGreaterThanOrEqual(spans[at - 1] ?? 0);
        }
        expect([...found].sort()).toEqual([...hidden].sort());
      }),
      { numRuns: 500 },
    );
  });

  it('are the same whether secrets come together or one after another, and a run’s own stay its own', () => {
    fc.assert(
      fc.property(fc.array(secretText, { maxLength: 12 }), fc.string(), (secrets, between) => {
        const together = new SecretMasks(secrets);
        const grown = new SecretMasks();
        for (const secret of secrets) {
          grown.add(secret);
          grown.apply(between);
        }
        const text = secrets.map((secret) => `${secret}${between}${Buffer.from(secret).toString('hex')}`).join('|');
        expect(grown.apply(text)).toBe(together.apply(text));
        expect(grown.reach).toBe(together.reach);
      }),
    );
    const shared = new SecretMasks(['of-the-job']);
    const own = shared.copy();
    own.add('of-the-run');
    expect(own.apply('of-the-job of-the-run')).toBe('*** ***');
    expect(shared.apply('of-the-job of-the-run')).toBe('*** of-the-run');
  });

  it('hide every form of a secret wherever the bytes of the output are cut', () => {
    const cuts = fc.array(fc.nat(), { maxLength: 8 });
    fc.assert(
      fc.property(secretText, fc.nat(20_000), cuts, (secret, before, places) => {
        const forms = [
          Buffer.from(secret).toString('base64'),
          Buffer.from(secret).toString('hex'),
          encodeURIComponent(secret),
        ];
        const bytes = Buffer.from(`${'.'.repeat(before)}${forms.join(' | ')}${'.'.repeat(20_000)}\n`);
        const lines: string[] = [];
        const decoder = new OutputDecoder();
        const splitter = new LineSplitter(new SecretMasks([secret]));
        let from = 0;
        for (const to of [...places.map((place) => place % bytes.length).sort((a, b) => a - b), bytes.length]) {
          splitter.push(decoder.write(bytes.subarray(from, to)), (line) => lines.push(line));
          from = to;
        }
        splitter.end((line) => lines.push(line));
        expect(lines.join('')).toBe(`${'.'.repeat(before)}*** | *** | ***${'.'.repeat(20_000)}`);
      }),
      { numRuns: 60 },
    );
  });

  it('cost time in proportion to the text, whatever it and the secrets are', () => {
    const secrets = Array.from({ length: 40 }, (_, n) => `${'a'.repeat(3000)}b${n}`);
    const masks = new SecretMasks(secrets);
    masks.apply('warm');
    const time = (length: number): number => {
      const text = 'a'.repeat(length);
      const from = performance.now();
      expect(masks.apply(text)).toBe(text);
      return performance.now() - from;
    };
    time(200_000);
    const [short, long] = [Math.min(time(200_000), time(200_000)), Math.min(time(2_000_000), time(2_000_000))];
    // Ten times as much text; a search that starts anew at each character would need 3000 times its length.
    expect(long).toBeLessThan(40 * short + 50);
  });

  it('are bounded: a run that names ever more is told so once', async () => {
    const masks = new SecretMasks();
    const long = (n: number): string => `secret-${n}-${'x'.repeat(1000)}`;
    let added = 0;
    for (let n = 0; n < 100; n += 1) if (masks.add(long(n))) added += 1;
    expect(added).toBeGreaterThan(20);
    expect(added).toBeLessThan(100);
    expect(masks.apply(long(9))).toBe('***');
    const app = openRunner([
      nodeJob('names', "for (let n = 0; n < 100; n++) console.log('::add-mask::secret-' + n + 'x'.repeat(1000))"),
    ]);
    await app.runner.start();
    const id = await app.post('names');
    await app.ended(id);
    expect(app.text(id)).toEqual([expect.stringMatching(/system: Too many masks/)]);
  });
});

describe('a run', () => {
  it('shows no form of a secret in output, error, progress, steps, questions, events or outcome', async () => {
    const secret = 'hunter2 & "friends"/ä';
    const forms = [
      secret,
      Buffer.from(secret).toString('base64'),
      Buffer.from(`x${secret}`).toString('base64').slice(2),
      Buffer.from(`xy${secret}`).toString('base64url').slice(3),
      Buffer.from(secret).toString('hex'),
      encodeURIComponent(secret),
      JSON.stringify(secret).slice(1, -1),
    ];
    const app = openRunner(
      [scriptJob('leaky', 'leaky.mjs', { secrets: { KEY: { secret: 'k' } }, attempts: 1 }), scriptJob('w', 'w.mjs')],
      { secrets: { k: secret }, chain: [{ slug: 'w', type: 'CUSTOM_LEAK', job: 'w' }] },
    );
    app.script('w.mjs', 'export default () => null;');
    app.script(
      'leaky.mjs',
      `export default async (event, run) => {
        const key = process.env.KEY;
        const forms = [key, Buffer.from(key).toString('base64'), Buffer.from('x' + key).toString('base64').slice(2),
          Buffer.from('xy' + key).toString('base64url').slice(3), Buffer.from(key).toString('hex'),
          encodeURIComponent(key), JSON.stringify(key).slice(1, -1)];
        const all = forms.join(' ');
        console.log(all); console.error(all); run.notice(all); run.progress(1, all);
        run.plan([all]); run.part(all).start();
        await run.raise('leak', { all }, { metadata: { [all]: forms } });
        await run.ask({ message: all, fields: [{ name: all }] }).catch(() => console.log('refused'));
        if (event.payload.fail) throw new Error(all);
        await run.ask({ type: 'a', message: all, fields: [{ name: 'x', label: all, type: 'choice', options: [{ value: '1', label: all }] }], timeout: 5 }).catch(() => undefined);
        return { [all]: forms, pin: all };
      };`,
    );
    await app.runner.start();
    for (const fail of [true, false]) {
      const id = await app.post('leaky', { fail });
      const row = await app.ended(id);
      expect(app.text(id)).toContain('stdout: refused');
      const shown = JSON.stringify([row, app.text(id), app.changes, app.progress, app.lines]);
      for (const form of forms) expect(shown).not.toContain(JSON.stringify(form).slice(1, -1));
      expect(shown).not.toContain('hunter2');
      if (!fail) expect(row.state).toBe('completed');
      else expect(row.error).toMatch(/^\*\*\*(?: \*\*\*[A-Za-z0-9_=-]{0,2}){6}$/);
    }
    for (const [table, columns] of [
      ['events', 'payload, context'],
      ['run_questions', 'type, message'],
    ]) {
      const text = JSON.stringify(statement(app.store.db, `SELECT ${columns} FROM ${table}`).all());
      expect(text).toContain('***');
      for (const form of forms) expect(text).not.toContain(JSON.stringify(JSON.stringify(form)).slice(3, -3));
    }
  });
});
