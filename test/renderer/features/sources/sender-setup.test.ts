import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { presets } from '../../../../electron/sources/presets.ts';
import { noAnswers } from '../../../../renderer/features/sources/model/answers-draft.ts';
import { groupPresets } from '../../../../renderer/features/sources/model/preset-groups.ts';
import { missingSettings, switchPreset } from '../../../../renderer/features/sources/model/preset-switch.ts';
import { setupOf } from '../../../../renderer/features/sources/model/sender-setup.ts';
import type { SourceDraft } from '../../../../renderer/features/sources/model/source-draft.ts';
import type { PresetInfo, Source } from '../../../../shared/contract/sources.ts';
import { caddySnippet, haproxySnippet, nginxSnippet } from '../../../../shared/proxy/receiver-snippets.ts';
import { registerVendors, vendors } from '../../../../shared/vendors/vendors.ts';
import { acmeVendor } from '../../../vendors/acme/vendor.ts';

const preset = (id: string, schemes: string[]): PresetInfo => ({
  id,
  label: id,
  system: id,
  description: `Reads ${id}`,
  fields: [
    {
      path: 'verify.scheme',
      label: 'Verification',
      kind: 'choice',
      required: true,
      choices: schemes.map((value) => ({ value, label: value })),
    },
    ...schemes
      .filter((scheme) => scheme !== 'none')
      .map((scheme) => ({
        path: 'verify.secret',
        label: 'Secret',
        kind: 'secret' as const,
        required: true,
        when: { path: 'verify.scheme', in: [scheme] },
      })),
  ],
  maxBodyBytes: 1024 * 1024,
  defaults: {
    methods: ['POST'],
    answerStatus: 200,
    rateLimit: 'off',
    event: {},
    verify: { scheme: schemes[0] ?? 'none' },
  },
  sample: { contentType: 'application/json', body: '{}' },
});

const generic = preset('generic', ['none', 'hmac', 'standard-webhooks']);
const draft: SourceDraft = {
  preset: 'generic',
  slug: 'crm',
  hasOwnSlug: true,
  name: 'CRM',
  methods: ['POST', 'PUT'],
  answerStatus: '202',
  maxBodySize: '2 MB',
  rate: 'off',
  perSecond: '',
  burst: '',
  ...noAnswers,
  hasResponseStatus: false,
  parseFields: [],
  event: { type: '$.event' },
  verify: { scheme: 'hmac', header: 'x-sig', secret: { env: 'S' } },
};

describe('switching the preset', () => {
  it('keeps the address and limits, and takes the other preset’s way with the same secret', () => {
    const deck = preset('deck', ['standard-webhooks', 'none']);
    const after = switchPreset(draft, generic, deck);
    expect(after).toMatchObject({ preset: 'deck', slug: 'crm', name: 'CRM', maxBodySize: '2 MB', rate: 'off' });
    expect(after.event).toEqual({});
    expect(after.verify).toEqual({ scheme: 'standard-webhooks', secret: { env: 'S' } });
    expect(missingSettings(after, deck)).toEqual([]);
  });

  it('keeps the way it verifies where the other preset knows it', () => {
    const deck = preset('deck', ['standard-webhooks', 'none']);
    const after = switchPreset({ ...draft, verify: {} }, generic, deck);
    expect(after.verify).toEqual({ scheme: 'none' });
    expect(missingSettings(after, deck)).toEqual([]);
  });

  it('says what the other preset wants and the source lacks', () => {
    const github = preset('github', ['hmac']);
    const after = switchPreset({ ...draft, verify: { scheme: 'none' } }, generic, github);
    expect(missingSettings(after, github).map((field) => field.path)).toEqual(['verify.secret']);
  });
});

describe('reaching this machine', () => {
  const facts = { receiverUrl: 'http://0.0.0.0:8787', publicUrl: '', slug: 'crm', maxBodyBytes: 1024 * 1024 };

  it('names the source, the receiver and the public host', () => {
    expect(nginxSnippet(facts)).toContain('server 127.0.0.1:8787 max_fails=0;');
    expect(nginxSnippet(facts)).toContain('location ~ ^/in/crm(/|$)');
    const named = { ...facts, publicUrl: 'https://hooks.our.example:8443/' };
    expect(nginxSnippet(named)).toContain('server_name hooks.our.example;');
    expect(caddySnippet(named)).toContain('hooks.our.example:8443 {');
    expect(caddySnippet(named)).toContain('reverse_proxy @signalbox 127.0.0.1:8787');
  });

  it('lets bodies through that the source takes', () => {
    expect(nginxSnippet({ ...facts, maxBodyBytes: 2.5 * 1024 * 1024 })).toContain('client_max_body_size 3m;');
    expect(caddySnippet({ ...facts, maxBodyBytes: 25 * 1024 * 1024 })).toContain('max_size 25MiB');
  });

  it('lets senders read the keys that answers are signed with', () => {
    expect(nginxSnippet(facts)).toContain('location = /.well-known/jwks.json {');
    expect(caddySnippet(facts)).toContain('@signalbox path /in/crm /in/crm/* /.well-known/jwks.json');
  });

  it('is the same in the page on operations, for all sources and the largest limit of a preset', () => {
    const page = readFileSync(join(import.meta.dirname, '../../../../docs/operations.md'), 'utf8');
    const largest = Math.max(...[...presets.values()].map(({ maxBodyBytes }) => maxBodyBytes ?? 0));
    const all = {
      receiverUrl: 'http://127.0.0.1:8787',
      publicUrl: 'https://hooks.example.com',
      slug: null,
      maxBodyBytes: largest,
    };
    expect(page).toContain(`\`\`\`nginx\n${nginxSnippet(all)}\n\`\`\``);
    expect(page).toContain(`\`\`\`\n${caddySnippet(all)}\n\`\`\``);
    expect(page).toContain(`\`\`\`haproxy\n${haproxySnippet(all)}\n\`\`\``);
  });
});

describe('help with the sender’s side', () => {
  const source: Source = {
    slug: 'crm',
    name: 'CRM',
    preset: 'generic',
    enabled: true,
    owner: 'user',
    version: 1,
    createdAt: '2026-01-01T00:00:00Z',
    updatedAt: '2026-01-01T00:00:00Z',
    url: 'http://localhost:1/in/crm',
    problem: null,
    lastDeliveryAt: null,
    lastRefusal: null,
    counts: { accepted: 0, duplicate: 0, refused: 0 },
  };
  it('shows the steps of a vendor that was added by its registry line alone', () => {
    const known = registerVendors([...vendors.values(), acmeVendor]);
    const help = setupOf({ ...source, preset: 'acme', url: 'https://a.example/in/acme' }, generic, known);
    expect(help?.steps).toEqual(['At Acme, open Parcels → Hooks and paste `https://a.example/in/acme`.']);
  });

  const steps = (changes: Partial<Source>) => setupOf({ ...source, ...changes }, generic)?.steps.join('\n') ?? null;

  it('gives the address and how to prove oneself', () => {
    expect(steps({})).toContain('`http://localhost:1/in/crm`');
    expect(steps({})).toContain('Deliveries are not verified');
    expect(steps({ verify: { scheme: 'token', header: 'x-key' } })).toContain('`x-key`');
    expect(steps({ verify: { scheme: 'token', query: 'key' } })).toContain('`?key=TOKEN`');
    expect(steps({ preset: 'slack' })).toContain('Request URL');
  });

  it('gives none for the source nobody sends to', () => {
    expect(steps({ url: null })).toBeNull();
  });
});

describe('the presets to choose from', () => {
  it('stand in groups, and only those with every word', () => {
    const all = [generic, preset('deck', ['none']), preset('github', ['hmac'])];
    expect(groupPresets(all, '').map((group) => [group.title, group.presets.length])).toEqual([
      ['Systems', 2],
      ['Conventions', 1],
    ]);
    expect(groupPresets(all, 'reads HUB').flatMap((group) => group.presets.map(({ id }) => id))).toEqual(['github']);
    expect(groupPresets(all, 'nothing')).toEqual([]);
  });
});
