import { describe, expect, test } from 'vitest';
import { readBody } from '../../electron/sources/body/read-body.ts';
import { presets } from '../../electron/sources/presets.ts';
import { createSourceRegistry } from '../../electron/sources/source-registry.ts';
import { AppError, type ErrorDetail } from '../../shared/contract/errors.ts';
import type { SourceSpec } from '../../shared/contract/sources.ts';
import { presetSchema } from '../../shared/contract/sources.ts';
import { secretsFrom } from './build-request.ts';

const secrets: Record<string, string> = {};
const createRegistry = () => createSourceRegistry({ presets, readSecret: secretsFrom(secrets) });

function detailsOf(spec: Partial<SourceSpec>): ErrorDetail[] {
  try {
    createRegistry().checkSpec({ slug: 'crm', preset: 'generic', ...spec });
    return [];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    expect(error.code).toBe('invalid_input');
    expect(error.message).toContain('source "crm"');
    return error.details ?? [];
  }
}

const secret = { env: 'K' };

describe('a definition that is wrong says where', () => {
  test.each<[Partial<SourceSpec>, string, string]>([
    [{ preset: 'nope' }, 'preset', 'must be one of generic, standard-webhooks, '],
    [{ event: { type: '$.[' } }, 'event.type', 'is not a JSONPath (RFC 9535): '],
    [{ event: { context: '$.a[?b]' } }, 'event.context', 'is not a JSONPath (RFC 9535): '],
    [{ event: { type: 'type' } }, 'event.type', 'is not a JSONPath (RFC 9535): '],
    [{ event: { type: 5 } }, 'event.type', 'must be a JSONPath such as $.event'],
    [{ event: { id: { header: 'a b' } } }, 'event.id.header', 'must be the name of a header'],
    [{ event: { tpe: '$.a' } }, 'event.tpe', 'is unknown'],
    [{ verify: { scheme: 'md5' } }, 'verify.scheme', 'must be one of none, token, basic, hmac, standard-webhooks'],
    [{ verify: { scheme: 'hmac', secret } }, 'verify.header', 'is missing'],
    [
      { verify: { scheme: 'hmac', header: 'x', secret, algorithm: 'md5' } },
      'verify.algorithm',
      'must be one of "sha1"',
    ],
    [{ verify: { scheme: 'hmac', header: 'x' } }, 'verify.secret', 'is missing'],
    [{ verify: { scheme: 'hmac', header: 'x', secret: 'inline' } }, 'verify.secret', 'must say where the secret is'],
    [{ verify: { scheme: 'token', secret, secrets: [secret] } }, 'verify.secrets', 'cannot be combined with "secret"'],
    [
      { verify: { scheme: 'token', secret, header: 'a', query: 'b' } },
      'verify.query',
      'cannot be combined with "header"',
    ],
    [{ verify: { scheme: 'basic', secret, username: 'a:b' } }, 'verify.username', 'must not contain a colon'],
    [{ verify: { secret } }, 'verify.secret', 'is unknown'],
    [
      { preset: 'standard-webhooks', verify: { secret, tolerance: 'long' } },
      'verify.tolerance',
      'must be a time such as',
    ],
    [
      { preset: 'standard-webhooks', verify: { scheme: 'hmac' } },
      'verify.scheme',
      'must be one of standard-webhooks, none',
    ],
  ])('%j', (spec, path, message) => {
    expect(detailsOf(spec)).toContainEqual({ path: path.split('.'), message: expect.stringContaining(message) });
  });

  test('and all of it at once', () => {
    const details = detailsOf({ event: { a: 1, type: 5 }, verify: { scheme: 'hmac' } });
    expect(details.map(({ path }) => path.join('.')).sort()).toEqual(['event.a', 'event.type', 'verify.header']);
  });
});

test('a secret that cannot be read is a problem only as long as it cannot', () => {
  const registry = createRegistry();
  registry.replaceAll([{ slug: 'crm', preset: 'generic', verify: { scheme: 'token', secret } }]);
  expect(registry.get('crm')?.problem).toBe('verify.secret: the environment variable is not set');
  secrets.K = 'k';
  expect(registry.get('crm')?.problem).toBeNull();
  delete secrets.K;
});

test('one source that does not check leaves the others alone, and replacing forgets what was there', () => {
  const registry = createRegistry();
  registry.replaceAll([
    { slug: 'bad', preset: 'generic', event: { type: '$[' } },
    { slug: 'unknown', preset: 'from-the-future' },
    { slug: 'good', preset: 'generic' },
  ]);
  expect(registry.get('bad')).toMatchObject({ prepared: null, problem: expect.stringContaining('event.type') });
  expect(registry.get('unknown')).toMatchObject({ prepared: null, preset: null });
  expect(registry.get('good')).toMatchObject({ problem: null });
  registry.replaceAll([]);
  expect(registry.get('good')).toBeNull();
});

describe.each([...presets.values()])('the preset $info.id', (preset) => {
  test('describes itself as the contract has it', () => {
    // The limit of a body is added where presets are listed, since most take the usual one.
    expect(presetSchema.omit({ maxBodyBytes: true }).parse(preset.info)).toEqual(preset.info);
  });

  test('has a sample that it reads itself', () => {
    const registry = createRegistry();
    registry.replaceAll([{ slug: 'crm', preset: preset.info.id, verify: { scheme: 'none' } }]);
    const prepared = registry.get('crm')?.prepared;
    const { contentType } = preset.info.sample;
    const body = Buffer.from(preset.info.sample.body);
    const request = {
      method: 'POST',
      subpath: '',
      query: new URLSearchParams(),
      headers: { 'content-type': contentType, ...prepared?.sign?.({ body, contentType, nowMs: 0 }) },
      body,
      remoteAddress: '',
      receivedAtMs: 0,
    };
    const read = prepared?.read(request, readBody(body, contentType, []));
    // A type of its own: the sample is what the sender would post, not merely something that is not refused.
    expect(read).toMatchObject({ ok: true, events: [{ type: expect.not.stringMatching(/^crm\.received$/) }] });
  });

  test('shows a field for each setting once at a time', () => {
    const shown = preset.info.fields.flatMap((field) =>
      (field.when?.in ?? ['']).map((scheme) => `${field.path} ${scheme}`),
    );
    expect(new Set(shown).size).toBe(shown.length);
  });
});
