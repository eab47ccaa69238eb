import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { StartError } from '../../electron/upkeep/start-error.ts';
import type { Json } from '../../shared/contract/common.ts';
import { eventOf, openDefinitions } from '../definitions/open-definitions.ts';
import { eventually } from '../support/eventually.ts';
import { exampleConfig as example, openConfig } from './open-config.ts';

/** The lines of the refusal, without the sentence before them. */
async function problemsOf(text: string): Promise<string[]> {
  const { config, definitions } = await openConfig(text);
  const error = await config.applyAtStart().then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof StartError)) throw new Error(`expected a StartError, got ${String(error)}`);
  expect(error.exitCode).toBe(2);
  expect(definitions.sources.list().map(({ spec }) => spec.slug)).toEqual(['signalbox']);
  expect(definitions.jobs.list()).toEqual([]);
  expect(definitions.listeners.list()).toEqual([]);
  return error.message.split(' cannot be applied: ')[1]?.split('\n') ?? [];
}

describe('a config file', () => {
  it("takes a vendor's filter in place of conditions, and points at what is wrong in it", async () => {
    const text = (filter: string) =>
      `version: 1\njobs:\n  - { slug: hello, kind: script, file: hello.ts }\nlisteners:\n  - slug: ready\n    job: hello\n    filter:\n      ${filter}\n`;
    const { config, definitions } = await openConfig(text('flatfile: { job: "space:configure" }'));
    await config.applyAtStart();
    expect(definitions.listeners.get('ready')).toMatchObject({
      filter: { flatfile: { job: 'space:configure' } },
      where: { all: [{ field: 'event', op: 'flatfile', value: { job: 'space:configure' } }] },
    });
    expect(await problemsOf(text('revoengine: { and: [{ field: nope, op: eq, value: 1 }] }'))).toEqual([
      expect.stringMatching(
        /^signalbox\.yaml:8: listeners\[0\]\.filter\.revoengine\.and\[0\]\.field: Fields of RevoEngine/,
      ),
    ]);
  });

  it('declares sources, jobs and listeners, with paths relative to it', async () => {
    const { config, definitions, listenerIndex, folder } = await openConfig(example);
    await config.applyAtStart();
    const source = definitions.sources.get('crm');
    expect(source).toMatchObject({ owner: 'config', version: 1 });
    expect(definitions.sources.problem(source)).toBeNull();
    expect(definitions.jobs.get('import')).toMatchObject({ baseDir: folder, spec: { timeout: '5m' } });
    expect(definitions.jobs.problem(definitions.jobs.get('hello'))).toContain(join(folder, 'jobs', 'hello.ts'));
    mkdirSync(join(folder, 'jobs'));
    writeFileSync(join(folder, 'jobs', 'hello.ts'), '');
    expect(definitions.jobs.problem(definitions.jobs.get('hello'))).toBeNull();
    const takers = (type: string, payload: Json) =>
      listenerIndex.match(eventOf(type, payload)).map((match) => match.listener);
    expect(takers('file:created', { size: 11 })).toEqual(['big-files']);
    expect(takers('file:created', { size: 10 })).toEqual([]);
    expect(takers('user/created', {})).toEqual(['greet']);
    expect(config.status()).toMatchObject({ error: null, appliedAt: expect.any(String) });
  });

  it("takes Deck's lone star as every type of a Deck source, and of no other", async () => {
    const { config, definitions, changes } = await openConfig(`version: 1
sources:
  - { slug: deck, preset: deck, verify: { secret: { env: CRM_SECRET } } }
  - { slug: crm, preset: generic }
jobs:
  - { slug: hello, kind: script, file: hello.ts }
listeners:
  - { slug: of-deck, source: deck, type: "*", job: hello }
  - { slug: of-crm, source: crm, type: "*", job: hello }
`);
    await config.applyAtStart();
    expect(definitions.listeners.get('of-deck').type).toEqual(['**']);
    expect(definitions.listeners.get('of-crm').type).toEqual(['*']);
    changes.length = 0;
    await config.applyAtStart();
    expect(changes).toEqual([]);
    const made = await definitions.listeners.create(
      { slug: 'made', source: 'deck', type: ['*', 'agent.created'], job: 'hello' },
      'active',
    );
    expect(made.type).toEqual(['**', 'agent.created']);
  });

  it('changes nothing when it is applied again, and only what differs when it changed', async () => {
    const { config, definitions, changes, rewrite, db } = await openConfig(example);
    await config.applyAtStart();
    const before = definitions.listeners.list();
    changes.length = 0;
    await config.applyAtStart();
    expect(changes).toEqual([]);
    expect(definitions.listeners.list()).toEqual(before);
    await rewrite(example.replace('value: 10', 'value: 20'));
    expect(changes).toEqual(['listeners']);
    expect(definitions.listeners.get('big-files').version).toBe(2);
    expect(definitions.listeners.get('greet').version).toBe(1);
    expect(db.prepare('SELECT count(*) AS n FROM listener_versions').get()).toEqual({ n: 3 });
  });

  it('takes away what is gone from it, and leaves alone what it never declared', async () => {
    const { config, definitions, rewrite, jobCatalog, sourceRegistry, listenerIndex } = await openConfig(example);
    await definitions.jobs.create({ slug: 'mine', kind: 'command', command: ['node'] });
    await definitions.listeners.create({ slug: 'mine', job: 'mine' }, 'active');
    await config.applyAtStart();
    await rewrite('version: 1\nsources:\njobs: []\n');
    expect(definitions.sources.list().map(({ spec }) => spec.slug)).toEqual(['signalbox']);
    expect(sourceRegistry.get('crm')).toBeNull();
    expect(jobCatalog.slugs()).toEqual(['mine']);
    expect(definitions.listeners.list().map(({ slug, state }) => [slug, state])).toEqual([
      ['big-files', 'deleted'],
      ['greet', 'deleted'],
      ['mine', 'active'],
    ]);
    await rewrite(example);
    expect(definitions.listeners.get('greet')).toMatchObject({ state: 'active', version: 3, owner: 'config' });
    expect(listenerIndex.find('greet')).not.toBeNull();
  });

  it('owns what it declares: nobody else changes it', async () => {
    const { config, definitions } = await openConfig(example);
    await config.applyAtStart();
    const owned = { code: 'owned_by_config', message: expect.stringContaining('signalbox.yaml') };
    await expect(definitions.sources.setEnabled('crm', false)).rejects.toMatchObject(owned);
    await expect(definitions.sources.remove('crm')).rejects.toMatchObject(owned);
    await expect(definitions.listeners.setState('greet', 'disabled')).rejects.toMatchObject(owned);
    await expect(definitions.listeners.update({ slug: 'greet', job: 'hello' }, 1)).rejects.toMatchObject(owned);
    await expect(definitions.jobs.remove('hello')).rejects.toMatchObject(owned);
  });

  it('hands its definitions over when the app starts without it', async () => {
    const { config, definitions, folder } = await openConfig(example);
    await config.applyAtStart();
    expect(definitions.listeners.get('greet').owner).toBe('config');
    const without = (await openDefinitions(folder)).definitions;
    expect(without.listeners.get('greet').owner).toBe('user');
    await without.listeners.setState('greet', 'disabled', 1);
    // Now it is the operator's, and the file may not overwrite it unasked.
    await expect(config.applyAtStart()).rejects.toThrow(
      'listeners[1].slug: "greet" already exists as a listener created in the app',
    );
  });

  it('does not take over a slug of the operator', async () => {
    const { config, definitions } = await openConfig(example);
    await definitions.jobs.create({ slug: 'hello', kind: 'command', command: ['node'] });
    await definitions.sources.create({ slug: 'crm', preset: 'generic' });
    const error = await config.applyAtStart().catch((reason: unknown) => reason);
    expect(String(error)).toContain(
      'signalbox.yaml:3: sources[0].slug: "crm" already exists as a source created in the app',
    );
    expect(String(error)).toContain(
      'signalbox.yaml:10: jobs[1].slug: "hello" already exists as a job created in the app',
    );
    expect(definitions.jobs.list().map(({ spec, owner }) => [spec.slug, owner])).toEqual([['hello', 'user']]);
    expect(definitions.listeners.list()).toEqual([]);
  });

  it('takes over the slug of a deleted listener, with its history', async () => {
    const { config, definitions } = await openConfig(example);
    await definitions.jobs.create({ slug: 'mine', kind: 'command', command: ['node'] });
    await definitions.listeners.create({ slug: 'greet', job: 'mine' }, 'active');
    await definitions.listeners.setState('greet', 'deleted');
    await config.applyAtStart();
    expect(definitions.listeners.get('greet')).toMatchObject({ owner: 'config', version: 3, job: 'hello' });
    expect(definitions.listeners.versions('greet')).toHaveLength(3);
  });

  it('may say that a source has no rate limit, that a listener waits, and settings', async () => {
    const { config, definitions } = await openConfig(`version: 1
settings: { concurrency: 9, retention: { days: 3 } }
sources:
  - { slug: a, preset: generic, rateLimit: off }
jobs:
  - &job { slug: one, kind: command, command: [node] }
  - { slug: two, kind: command, command: [node], env: { PORT: "80" } }
listeners:
  - { slug: waits, where: { payload.status: [a, b], source: a }, job: one, state: disabled }
`);
    await config.applyAtStart();
    expect(definitions.sources.get('a').spec.rateLimit).toBe('off');
    expect(definitions.settings.get()).toMatchObject({ concurrency: 9, retention: { days: 3, outputDays: 14 } });
    expect(definitions.listeners.get('waits')).toMatchObject({
      state: 'disabled',
      where: {
        all: [
          { field: 'payload.status', op: 'in', value: ['a', 'b'] },
          { field: 'source', op: 'eq' },
        ],
      },
    });
  });

  it('reads secret files beside itself', async () => {
    const { config, definitions, folder } = await openConfig(`version: 1
sources:
  - { slug: a, preset: generic, verify: { scheme: token, header: x-token, secret: { file: secrets/token } } }
jobs:
  - { slug: one, kind: command, command: [node], secrets: { TOKEN: { file: secrets/token } } }
`);
    await config.applyAtStart();
    expect(definitions.sources.get('a').spec.verify?.secret).toEqual({ file: join(folder, 'secrets', 'token') });
    expect(definitions.jobs.get('one').spec.secrets).toEqual({ TOKEN: { file: join(folder, 'secrets', 'token') } });
    expect(definitions.sources.problem(definitions.sources.get('a'))).toContain('does not exist');
  });
});

describe('a config file that is wrong', () => {
  it('is refused whole, each problem with its line and field', async () => {
    const problems = await problemsOf(`version: 1
sources:
  - slug: crm
    preset: generic
    verify:
      scheme: token
      header: x-token
      secret: hunter2
  - { slug: Bad Slug, preset: generic }
jobs:
  - slug: import
    kind: command
    command: node import.mjs
    timeout: soon
    secrets: { KEY: in-clear }
  - { slug: other, kind: pipe }
  - { slug: third, kind: script, file: x.ts, colour: red }
listeners:
  - { slug: a }
`);
    expect(problems).toEqual([
      expect.stringMatching(/^signalbox\.yaml:8: sources\[0\]\.verify\.secret must be \{env: NAME\}/),
      expect.stringMatching(/^signalbox\.yaml:15: jobs\[0\]\.secrets\.KEY must be \{env: NAME\}/),
      expect.stringMatching(/^signalbox\.yaml:9: sources\[1\]\.slug must be 1 to 63/),
      'signalbox.yaml:13: jobs[0].command must be a list',
      expect.stringMatching(/^signalbox\.yaml:14: jobs\[0\]\.timeout must be a time/),
      'signalbox.yaml:16: jobs[1].kind must be command, script, or http',
      'signalbox.yaml:17: jobs[2].colour is unknown; remove it',
      'signalbox.yaml:19: listeners[0].job is missing',
    ]);
    expect(problems.join()).not.toContain('hunter2');
    expect(problems.join()).not.toContain('in-clear');
  });

  it('is told what only shows between its parts', async () => {
    const problems = await problemsOf(`version: 1
sources:
  - slug: crm
    preset: generic
    event: { type: "$.[" }
  - { slug: crm, preset: lost }
  - { slug: signalbox, preset: generic }
jobs:
  - { slug: one, kind: command, command: [node] }
listeners:
  - slug: a
    source: shop
    type:
      - ok
      - not ok
    where:
      all:
        - { field: payload.a, op: eq, value: 1 }
        - { field: payload.b, op: between, value: 1 }
    job: two
  - { slug: b, where: { payload.x: { y: 1 } }, job: one }
`);
    const places = problems.map((problem) => problem.match(/^signalbox\.yaml:(\d+): (\S+?):? /)?.slice(1));
    expect(places).toEqual(
      expect.arrayContaining([
        ['5', 'sources[0].event.type'],
        ['6', 'sources[1].slug'],
        ['6', 'sources[1].preset'],
        ['7', 'sources[2].slug'],
        ['12', 'listeners[0].source'],
        ['15', 'listeners[0].type[1]'],
        ['19', 'listeners[0].where.all[1].value'],
        ['20', 'listeners[0].job'],
        ['21', 'listeners[1].where["payload.x"]'],
      ]),
    );
    expect(places).toHaveLength(9);
  });

  it('says where YAML itself ends', async () => {
    const [first] = await problemsOf('version: 1\nsources:\n  - { slug: a\njobs: [\n');
    expect(first).toMatch(/^signalbox\.yaml:\d+: /);
    expect((await problemsOf('version: 1\njobs: []\njobs: []\n'))[0]).toMatch(/^signalbox\.yaml:3: .*unique/i);
    expect(await problemsOf('')).toEqual([expect.stringContaining('signalbox.yaml:1: the file must be an object')]);
    expect(await problemsOf('version: 1\nsources: { crm: { preset: generic } }\n')).toEqual([
      'signalbox.yaml:2: sources must be a list',
    ]);
    expect(await problemsOf('version: 2\n')).toEqual(['signalbox.yaml:1: version must be 1']);
  });

  it('cannot fill the memory with aliases of aliases', async () => {
    const levels = Array.from({ length: 12 }, (_, i) => {
      const inside =
        i === 0
          ? '[x, x, x, x, x, x, x, x, x]'
          : `[${Array(9)
              .fill(`*a${i - 1}`)
              .join(', ')}]`;
      return `l${i}: &a${i} ${inside}`;
    });
    const [first] = await problemsOf(`version: 1\n${levels.join('\n')}\n`);
    expect(first).toMatch(/alias/i);
  });

  it('is named when it does not exist', async () => {
    const { config, file } = await openConfig(example);
    rmSync(file);
    await expect(config.applyAtStart()).rejects.toThrow(`the config file ${file} cannot be applied: it does not exist`);
  });
});

describe('following a config file', () => {
  it('applies changes, keeps the old definitions over a wrong one, and recovers', async () => {
    const { config, definitions, file } = await openConfig(example);
    await config.applyAtStart();
    await config.follow();
    const changedExample = example.replace('file:*', 'upload:*');
    writeFileSync(file, changedExample);
    await eventually(() => expect(definitions.listeners.get('big-files').type).toEqual(['upload:*']));
    writeFileSync(file, changedExample.replace('attempts: 3', 'attempts: none'));
    await eventually(() => expect(config.status().error).toContain('signalbox.yaml:9: jobs[0].attempts'));
    expect(definitions.jobs.get('import').spec.attempts).toBe(3);
    // As editors save: another file is renamed over it.
    writeFileSync(`${file}.new`, changedExample.replace('attempts: 3', 'attempts: 4'));
    renameSync(`${file}.new`, file);
    await eventually(() => expect(definitions.jobs.get('import').spec.attempts).toBe(4));
    expect(config.status().error).toBeNull();
  });

  it('applies what was written after the file was read and before it is watched', async () => {
    const { config, definitions, file } = await openConfig(example);
    await config.applyAtStart();
    writeFileSync(file, example.replace('file:*', 'upload:*'));
    await config.follow();
    await eventually(() => expect(definitions.listeners.get('big-files').type).toEqual(['upload:*']));
    expect(config.status().error).toBeNull();
  });

  it('keeps everything while the file is gone, and takes it when it is back', async () => {
    const { config, definitions, file, logged } = await openConfig(example);
    await config.applyAtStart();
    await config.follow();
    rmSync(file);
    await eventually(() => expect(logged.join('')).toContain('the config file is gone'));
    expect(definitions.listeners.get('big-files')).toMatchObject({ state: 'active', version: 1 });
    writeFileSync(file, example.replace('value: 10', 'value: 30'));
    await eventually(() => expect(definitions.listeners.get('big-files').version).toBe(2));
    expect(definitions.sources.list()).toHaveLength(2);
  });
});
