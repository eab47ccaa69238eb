import { describe, expect, it } from 'vitest';
import {
  challengeSecretOf,
  setChallengeKind,
  setChallengeName,
  setChallengeSecret,
} from '../../../../renderer/features/sources/model/answers-draft.ts';
import {
  emptySource,
  readSelector,
  selectorText,
  setSetting,
  settingAt,
  shownFields,
  sourceDraftOf,
  sourceDraftProblems,
  sourceEditors,
  sourceInputOf,
} from '../../../../renderer/features/sources/model/source-draft.ts';
import {
  filterSources,
  healthOf,
  isWaitingForFirst,
  verificationOf,
} from '../../../../renderer/features/sources/model/source-health.ts';
import { curlOf } from '../../../../renderer/model/definitions/source-curl.ts';
import type { PresetInfo, Source } from '../../../../shared/contract/sources.ts';

const preset: PresetInfo = {
  id: 'generic',
  label: 'Generic',
  system: 'generic',
  description: '',
  fields: [
    { path: 'event.type', label: 'Type', kind: 'jsonpath' },
    {
      path: 'verify.scheme',
      label: 'Verification',
      kind: 'choice',
      required: true,
      choices: [
        { value: 'none', label: 'None' },
        { value: 'hmac', label: 'Signature' },
        { value: 'token', label: 'Token' },
      ],
    },
    { path: 'verify.header', label: 'Header', kind: 'text', when: { path: 'verify.scheme', in: ['hmac', 'token'] } },
    { path: 'verify.prefix', label: 'Prefix', kind: 'text', when: { path: 'verify.scheme', in: ['hmac'] } },
    { path: 'verify.secret', label: 'Secret', kind: 'secret', when: { path: 'verify.scheme', in: ['hmac'] } },
    { path: 'verify.secret', label: 'Token', kind: 'secret', when: { path: 'verify.scheme', in: ['token'] } },
  ],
  maxBodyBytes: 1024 * 1024,
  defaults: { methods: ['POST'], answerStatus: 202, rateLimit: 'off', event: {}, verify: { scheme: 'none' } },
  sample: { contentType: 'application/json', body: `{"who":"it's me"}` },
};

const source: Source = {
  slug: 'crm',
  name: 'CRM',
  preset: 'generic',
  enabled: true,
  event: { type: '$.event' },
  verify: { scheme: 'hmac', header: 'x-sig', prefix: 'sha256=', secret: { env: 'S' }, toleranceSeconds: 60 },
  owner: 'user',
  version: 2,
  createdAt: '2026-01-01T00:00:00Z',
  updatedAt: '2026-01-01T00:00:00Z',
  url: 'http://127.0.0.1:8787/in/crm',
  problem: null,
  lastDeliveryAt: null,
  lastRefusal: null,
  counts: { accepted: 0, duplicate: 0, refused: 0 },
};

describe('a source being written', () => {
  it('saves what it was opened with, settings without a field too', () => {
    expect(sourceInputOf(sourceDraftOf(source), preset)).toEqual({
      slug: 'crm',
      name: 'CRM',
      preset: 'generic',
      event: source.event,
      verify: source.verify,
    });
  });

  it('shows a field only while its condition holds, the default counting', () => {
    const draft = emptySource(preset);
    expect(shownFields(draft, preset).map((field) => field.path)).toEqual(['event.type', 'verify.scheme']);
    const withToken = setSetting(draft, 'verify.scheme', 'token');
    expect(shownFields(withToken, preset).map((field) => field.label)).toEqual([
      'Type',
      'Verification',
      'Header',
      'Token',
    ]);
  });

  it('leaves out settings of another scheme, and keeps those that both have', () => {
    const draft = setSetting(sourceDraftOf(source), 'verify.scheme', 'token');
    expect(sourceInputOf(draft, preset).verify).toEqual({
      scheme: 'token',
      header: 'x-sig',
      secret: { env: 'S' },
      toleranceSeconds: 60,
    });
    expect(settingAt(draft, 'verify.prefix')).toBe('sha256=');
  });

  it('takes a setting away', () => {
    const draft = setSetting(sourceDraftOf(source), 'event.type', undefined);
    expect(sourceInputOf(draft, preset)).not.toHaveProperty('event');
  });

  it('is not changed by the order in which settings were typed', () => {
    const one = sourceDraftOf(source);
    const two = { ...one, verify: Object.fromEntries(Object.entries(one.verify).reverse()) };
    sourceEditors.begin('crm', one, 2);
    sourceEditors.change('crm', () => two);
    const editing = sourceEditors.get('crm');
    expect(editing !== undefined && sourceEditors.isDirty(editing)).toBe(false);
  });

  it('saves the fields that hold JSON, and leaves the setting out where there are none', () => {
    const parsing = { ...source, parseFields: ['payload'] };
    expect(sourceInputOf(sourceDraftOf(parsing), preset).parseFields).toEqual(['payload']);
    expect(sourceInputOf(sourceDraftOf(source), preset)).not.toHaveProperty('parseFields');
  });

  it('keep what a source answers, also what the form has no field for', () => {
    const { slug, name, event, verify } = source;
    for (const answers of [
      { response: { status: 201, headers: { 'Content-Type': 'text/xml' }, body: '<Response/>' } },
      { response: { template: 'Thanks, {body:$.name}.' }, answerStatus: 203 },
      { response: { body: '' } },
      { challenge: { query: 'hub.challenge', verify: { query: 'proof', secret: { env: 'S' } } } },
      { challenge: { field: 'challenge', when: { type: 'url_verification' }, answer: 'text' as const } },
    ]) {
      expect(sourceInputOf(sourceDraftOf({ ...source, ...answers }), preset)).toEqual({
        slug,
        name,
        preset: 'generic',
        event,
        verify,
        ...answers,
      });
    }
  });

  it('change the kind, the name and the secret of a challenge', () => {
    const named = setChallengeName(setChallengeKind('query'), 'validationToken');
    expect(named).toEqual({ query: 'validationToken' });
    expect(setChallengeSecret(named, { env: 'T' })).toEqual({ query: 'validationToken', verify: { env: 'T' } });
    const elsewhere = { query: 'echo', verify: { query: 'proof', secret: { env: 'S' } } };
    expect(challengeSecretOf(elsewhere)).toEqual({ env: 'S' });
    expect(setChallengeSecret(elsewhere, { secret: 'stored' })).toEqual({
      query: 'echo',
      verify: { query: 'proof', secret: { secret: 'stored' } },
    });
    expect(setChallengeSecret(elsewhere, null)).toEqual({ query: 'echo' });
    expect(setChallengeKind(null)).toBeNull();
  });

  it('reads other selectors than a JSONPath', () => {
    expect(readSelector('{"header": "x-event"}')).toEqual({ header: 'x-event' });
    expect(readSelector(' $.a ')).toBe('$.a');
    expect(readSelector('{"header"')).toBe('{"header"');
    expect(readSelector('')).toBeUndefined();
    expect(selectorText({ const: 1 })).toBe('{"const":1}');
  });

  it('finds limits that are none', () => {
    const draft = {
      ...emptySource(preset),
      rate: 'limit' as const,
      perSecond: '0',
      burst: 'x',
      maxBodySize: 'big',
      answerStatus: '404',
    };
    expect(Object.keys(sourceDraftProblems(draft)).sort()).toEqual([
      'answerStatus',
      'maxBodyBytes',
      'rateLimit.burst',
      'rateLimit.perSecond',
    ]);
    expect(sourceInputOf({ ...draft, perSecond: '5', burst: '10' }, preset).rateLimit).toEqual({
      perSecond: 5,
      burst: 10,
    });
  });
});

describe('a source at work', () => {
  const at = (seconds: number): string => new Date(1_800_000_000_000 + seconds * 1000).toISOString();

  it('lights its lamp by what came last', () => {
    expect(healthOf(source).label).toBe('waiting for the first delivery');
    expect(isWaitingForFirst(source)).toBe(true);
    expect(healthOf({ ...source, lastDeliveryAt: at(1) }).tone).toBe('green');
    const refused = { at: at(2), code: 'x', message: 'y' };
    expect(healthOf({ ...source, lastDeliveryAt: at(1), lastRefusal: refused }).tone).toBe('amber');
    expect(healthOf({ ...source, lastDeliveryAt: at(3), lastRefusal: refused }).tone).toBe('green');
    expect(healthOf({ ...source, problem: 'no secret' }).tone).toBe('red');
    expect(healthOf({ ...source, enabled: false, problem: 'no secret' })).toMatchObject({ tone: 'grey', lit: false });
  });

  it('says how deliveries prove themselves', () => {
    expect(verificationOf(source, preset)).toEqual({ text: 'Signature in x-sig', isChecked: true });
    expect(verificationOf({ event: {}, verify: {} }, preset).isChecked).toBe(false);
  });

  it('writes a curl line that a shell reads as it is meant', () => {
    const line = curlOf(source, preset);
    expect(line).toContain("curl -X POST 'http://127.0.0.1:8787/in/crm'");
    expect(line).toContain("-H 'x-sig: sha256=SIGNATURE'");
    expect(line).toContain(`--data-binary '{"who":"it'\\''s me"}'`);
  });

  it('filters by every word and puts the built-in one last', () => {
    const own: Source = { ...source, slug: 'signalbox', name: 'A first', owner: 'builtin', url: null };
    expect(filterSources([own, source], '').map((one) => one.slug)).toEqual(['crm', 'signalbox']);
    expect(filterSources([own, source], 'generic crm').map((one) => one.slug)).toEqual(['crm']);
  });
});
