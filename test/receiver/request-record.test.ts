import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskUrl, recordHeaders } from '../../electron/receiver/request/request-record.ts';
import { readTarget, targetPattern } from '../../electron/receiver/request/target.ts';

describe('a stored address', () => {
  test.each([
    ['/in/a', '/in/a'],
    ['/in/a?x=1&y', '/in/a?x=1&y'],
    ['/in/a?token=s&x=%zz', '/in/a?token=***&x=%zz'],
    ['/in/a?ACCESS_TOKEN=s', '/in/a?ACCESS_TOKEN=***'],
    ['/in/a?access%5Ftoken=s', '/in/a?access%5Ftoken=***'],
    ['/in/a?X-Amz-Signature=s&key=s&api-key=s&secret=s', '/in/a?X-Amz-Signature=***&key=***&api-key=***&secret=***'],
    ['/in/a?monkey=1&tokens_used=3&keyboard=x', '/in/a?monkey=1&tokens_used=3&keyboard=x'],
    ['/in/a?own=s=t', '/in/a?own=***'],
  ])('%s becomes %s', (url, expected) => {
    expect(maskUrl(url, ['own'])).toBe(expected);
  });

  test('never holds the value of a secret parameter, however its name is written', () => {
    const name = fc.constantFrom('token', 'access_token', 'secret', 'key', 'signature', 'sig', 'password', 'own');
    const encodeAll = (text: string): string => [...text].map((c) => `%${c.charCodeAt(0).toString(16)}`).join('');
    fc.assert(
      fc.property(
        name,
        fc.boolean(),
        fc.webQueryParameters(),
        fc.stringMatching(/^[a-z0-9]{12}$/),
        (key, isEncoded, rest, value) => {
          fc.pre(!rest.includes(value));
          const url = `/in/a?${rest}&${isEncoded ? encodeAll(key) : key}=${value}`;
          expect(maskUrl(url, ['own'])).not.toContain(value);
        },
      ),
    );
  });

  test('keeps everything that is no secret, letter for letter', () => {
    fc.assert(
      fc.property(fc.webPath(), fc.array(fc.stringMatching(/^[a-c]=[^&?]*$/)), (path, parts) => {
        const url = `${path}?${parts.join('&')}`;
        expect(maskUrl(url, [])).toBe(url);
      }),
    );
  });
});

describe('stored headers', () => {
  test('keep their order and repeats, and signatures; secrets in clear are masked', () => {
    const raw = [
      'X-B',
      '1',
      'Authorization',
      'Bearer s',
      'x-b',
      '2',
      'X-Hub-Signature-256',
      'sha256=00',
      'X-Gitlab-Token',
      's',
      'Cookie',
      's',
      'Idempotency-Key',
      'k',
      'X-Mine',
      's',
    ];
    expect(recordHeaders(raw, { clearHeaders: ['x-mine'], clearQuery: [], keepHeaders: [] }, 100)).toEqual([
      ['x-b', '1'],
      ['authorization', 'Bearer ***'],
      ['x-b', '2'],
      ['x-hub-signature-256', 'sha256=00'],
      ['x-gitlab-token', '***'],
      ['cookie', '***'],
      ['idempotency-key', 'k'],
      ['x-mine', '***'],
    ]);
    expect(recordHeaders(['Authorization', 's3cret'], undefined, 100)).toEqual([['authorization', '***']]);
  });
});

test.each([
  ['/in/crm', { slug: 'crm', subpath: '', query: '' }],
  ['/in/crm?a=/b', { slug: 'crm', subpath: '', query: 'a=/b' }],
  ['/in/crm/', { slug: 'crm', subpath: '/', query: '' }],
  ['/in/crm?a=1#b?c', { slug: 'crm', subpath: '', query: 'a=1' }],
  ['/in/crm/a%2F/b?c?d', { slug: 'crm', subpath: '/a%2F/b', query: 'c?d' }],
])('the address %s is taken apart', (url, expected) => {
  expect(targetPattern.test(url)).toBe(true);
  expect(readTarget(url)).toEqual(expected);
});
