import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Json } from '../../shared/contract/common.ts';
import { AppError, type ErrorCode } from '../../shared/contract/errors.ts';
import type { JobSpec } from '../../shared/contract/jobs.ts';
import { defineBasics, eventOf, newFolder, openDefinitions } from './open-definitions.ts';

type CommandSpec = Extract<JobSpec, { kind: 'command' }>;

async function refusal(work: Promise<unknown>): Promise<AppError> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw new Error(`expected a refusal, got ${String(error)}`);
  return error;
}

const refused = async (work: Promise<unknown>, code: ErrorCode): Promise<string> => {
  const error = await refusal(work);
  expect(error.code).toBe(code);
  return error.message;
};

describe('listeners', () => {
  it('refuse a change from a version that is not the current one', async () => {
    const parts = await openDefinitions();
    const { definitions } = parts;
    await defineBasics(parts);
    const made = await definitions.listeners.create({ slug: 'greet', job: 'hello' }, 'active');
    const changed = await definitions.listeners.update({ slug: 'greet', job: 'hello', type: ['a'] }, made.version);
    expect(changed.version).toBe(2);
    const message = await refused(definitions.listeners.update({ slug: 'greet', job: 'hello' }, 1), 'stale_version');
    expect(message).toContain('current version is 2, yours is 1');
    expect(definitions.listeners.get('greet').type).toEqual(['a']);
  });

  it('let only one of two editors win who started from the same version', async () => {
    const parts = await openDefinitions();
    const { definitions } = parts;
    await defineBasics(parts);
    await definitions.listeners.create({ slug: 'greet', job: 'hello' }, 'active');
    const results = await Promise.allSettled(
      ['a', 'b'].map((type) => definitions.listeners.update({ slug: 'greet', job: 'hello', type: [type] }, 1)),
    );
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(definitions.listeners.get('greet').version).toBe(2);
  });

  it('match from the moment they are saved, and stop when they are disabled or deleted', async () => {
    const parts = await openDefinitions();
    const { definitions, listenerIndex, changes } = parts;
    await defineBasics(parts);
    changes.length = 0;
    await definitions.listeners.create({ slug: 'greet', job: 'hello', type: ['user.created'] }, 'active');
    expect(changes).toEqual(['listeners']);
    expect(listenerIndex.match(eventOf('user:created'))).toEqual([
      {
        listener: 'greet',
        version: 1,
        job: 'hello',
        needsApproval: false,
        resolves: 'retry',
        batch: null,
        isShadow: false,
        enrich: null,
      },
    ]);
    await definitions.listeners.setState('greet', 'disabled');
    expect(listenerIndex.match(eventOf('user:created'))).toEqual([]);
  });

  it('come back disabled after they were deleted, with their history', async () => {
    const parts = await openDefinitions();
    const { definitions, listenerIndex } = parts;
    await defineBasics(parts);
    await definitions.listeners.create({ slug: 'greet', job: 'hello' }, 'active');
    await definitions.listeners.setState('greet', 'deleted', 1);
    expect(listenerIndex.find('greet')).toBeNull();
    await refused(definitions.listeners.setState('greet', 'active'), 'wrong_state');
    await refused(definitions.listeners.update({ slug: 'greet', job: 'hello' }, 2), 'wrong_state');
    expect(
      await refused(definitions.listeners.create({ slug: 'greet', job: 'hello' }, 'active'), 'conflict'),
    ).toContain('restore it');
    const restored = await definitions.listeners.setState('greet', 'disabled');
    expect(restored).toMatchObject({ state: 'disabled', version: 3 });
    await definitions.listeners.setState('greet', 'active');
    expect(listenerIndex.match(eventOf('anything'))).toHaveLength(1);
    expect(definitions.listeners.versions('greet').map(({ version, state }) => [version, state])).toEqual([
      [4, 'active'],
      [3, 'disabled'],
      [2, 'deleted'],
      [1, 'active'],
    ]);
  });

  it('make no new version of what did not change', async () => {
    const parts = await openDefinitions();
    const { definitions } = parts;
    await defineBasics(parts);
    await definitions.listeners.create({ slug: 'greet', job: 'hello', where: { 'payload.a': 1 } }, 'active');
    const where = { all: [{ field: 'payload.a', op: 'eq', value: 1 }] };
    expect((await definitions.listeners.update({ slug: 'greet', job: 'hello', where }, 1)).version).toBe(1);
  });

  it('name the clause, the pattern, the source and the job that are wrong', async () => {
    const parts = await openDefinitions();
    const { listeners } = parts.definitions;
    await defineBasics(parts);
    const where = {
      all: [
        { field: 'payload.a', op: 'eq', value: 1 },
        { field: 'payload.b', op: 'bigger', value: 1 },
      ],
    };
    const clause = await refusal(listeners.create({ slug: 'a', job: 'hello', where }, 'active'));
    expect(clause).toMatchObject({ code: 'invalid_conditions', details: [{ path: ['where', 'all', 1, 'op'] }] });
    const pattern = await refusal(listeners.create({ slug: 'a', job: 'hello', type: ['ok', 'two words'] }, 'active'));
    expect(pattern).toMatchObject({ code: 'invalid_input', details: [{ path: ['type', 1] }] });
    const refs = await refusal(listeners.create({ slug: 'a', source: 'lost', job: 'lost' }, 'active'));
    expect(refs.details?.map(({ path }) => path)).toEqual([['source'], ['job']]);
    expect(listeners.list()).toEqual([]);
  });

  it("take a vendor's filter in place of conditions, and keep it as it was written", async () => {
    const folder = newFolder();
    const parts = await openDefinitions(folder);
    const { listeners } = parts.definitions;
    await defineBasics(parts);
    const filter = { topic: 'job:*', flatfile: { job: 'space:*', 'payload.status': ['ready'] } };
    const created = await listeners.create({ slug: 'ready', source: 'crm', job: 'hello', filter }, 'active');
    expect(created).toMatchObject({
      filter,
      where: { all: [{ op: 'segmentGlob' }, { op: 'flatfile' }, { op: 'flatfile' }] },
    });
    const takes = (type: string, payload: Json) => parts.listenerIndex.match(eventOf(type, payload)).length === 1;
    expect(takes('job:ready', { job: 'space:configure', status: 'ready' })).toBe(true);
    expect(takes('job:ready', { job: 'sheet:configure', status: 'ready' })).toBe(false);
    expect((await openDefinitions(folder)).definitions.listeners.get('ready')).toEqual(created);
    expect((await listeners.update({ slug: 'ready', source: 'crm', job: 'hello', filter }, 1)).version).toBe(1);

    const revoengine = { and: [{ field: 'message.amount', op: 'gt', value: 10 }] };
    const changed = await listeners.update({ slug: 'ready', source: 'crm', job: 'hello', filter: { revoengine } }, 1);
    expect(changed).toMatchObject({ version: 2, filter: { revoengine } });
    expect(takes('x', { amount: 11 })).toBe(true);
    const without = await listeners.update({ slug: 'ready', source: 'crm', job: 'hello' }, 2);
    expect(without.filter).toBeUndefined();
    expect(without.where).toEqual({ all: [] });
  });

  it("name the clause of a vendor's filter that is wrong", async () => {
    const parts = await openDefinitions();
    const { listeners } = parts.definitions;
    await defineBasics(parts);
    const paths = async (more: object) =>
      (await refusal(listeners.create({ slug: 'a', job: 'hello', ...more }, 'active'))).details?.map(
        ({ path }) => path,
      );
    const revoengine = { and: [{ field: 'message.a', op: 'bigger', value: 1 }] };
    expect(await paths({ filter: { revoengine } })).toEqual([['filter', 'revoengine', 'and', 0, 'op']]);
    expect(await paths({ filter: { flatfile: { a: [{}] } } })).toEqual([['filter', 'flatfile', 'a', 0]]);
    expect(await paths({ filter: { flatfile: {} }, where: {} })).toEqual([['filter']]);
    expect(await paths({ filter: { deck: {} } })).toEqual([['filter']]);
    expect(listeners.list()).toEqual([]);
  });

  it('are kept over a restart', async () => {
    const folder = newFolder();
    const parts = await openDefinitions(folder);
    await defineBasics(parts);
    await parts.definitions.listeners.create({ slug: 'greet', job: 'hello', where: { 'payload.a': [1, 2] } }, 'active');
    const again = await openDefinitions(folder);
    expect(again.definitions.listeners.list()).toEqual(parts.definitions.listeners.list());
    expect(again.listenerIndex.match(eventOf('x', { a: 2 }))).toHaveLength(1);
    expect(again.listenerIndex.match(eventOf('x', { a: 3 }))).toHaveLength(0);
  });

  it('that cannot be read are reported and leave the others working', async () => {
    const folder = newFolder();
    const parts = await openDefinitions(folder);
    await defineBasics(parts);
    await parts.definitions.listeners.create({ slug: 'good', job: 'hello' }, 'active');
    await parts.definitions.listeners.create({ slug: 'bad', job: 'hello' }, 'active');
    for (const table of ['listeners', 'listener_versions']) {
      parts.db.exec(`UPDATE ${table} SET spec = '{"name":"bad","where":{"all":[{"field":"x y"}]}}' WHERE slug = 'bad'`);
    }
    const again = await openDefinitions(folder);
    expect(again.definitions.listeners.list().map(({ slug }) => slug)).toEqual(['good']);
    expect(again.definitions.broken()).toEqual([
      { kind: 'listener', slug: 'bad', state: 'active', message: expect.any(String) },
    ]);
    expect(again.listenerIndex.match(eventOf('x'))).toHaveLength(1);
  });
});

describe('sources', () => {
  it('reach the registry, and not with settings their preset does not know', async () => {
    const { definitions, sourceRegistry } = await openDefinitions();
    await definitions.sources.create({ slug: 'crm', preset: 'generic', event: { type: '$.event' } });
    expect(sourceRegistry.get('crm')?.prepared).not.toBeNull();
    const wrong = { slug: 'shop', preset: 'generic', event: { typo: '$.event' } };
    expect((await refusal(definitions.sources.create(wrong))).details?.[0]?.path).toEqual(['event', 'typo']);
    await refused(definitions.sources.create({ slug: 'shop', preset: 'no-such' }), 'invalid_input');
    await refused(definitions.sources.create({ slug: 'crm', preset: 'generic' }), 'conflict');
    expect(sourceRegistry.get('shop')).toBeNull();
  });

  it('are not removed while listeners name them', async () => {
    const parts = await openDefinitions();
    const { definitions, sourceRegistry } = parts;
    await defineBasics(parts);
    await definitions.listeners.create({ slug: 'greet', source: 'crm', job: 'hello' }, 'disabled');
    expect(await refused(definitions.sources.remove('crm'), 'in_use')).toContain('listener "greet"');
    await definitions.listeners.setState('greet', 'deleted');
    await definitions.sources.remove('crm');
    expect(sourceRegistry.get('crm')).toBeNull();
    await refused(definitions.sources.remove('crm'), 'not_found');
    // What was restored meanwhile cannot be switched on without its source.
    await definitions.listeners.setState('greet', 'disabled');
    await refused(definitions.listeners.setState('greet', 'active'), 'invalid_input');
    expect(definitions.listeners.problem(definitions.listeners.get('greet'))).toContain('"crm"');
  });

  it('include the built-in one, which stays as it is', async () => {
    const { definitions, sourceRegistry } = await openDefinitions();
    expect(definitions.sources.get('signalbox').owner).toBe('builtin');
    expect(sourceRegistry.get('signalbox')).toBeNull();
    await refused(definitions.sources.setEnabled('signalbox', false), 'conflict');
    await refused(definitions.sources.remove('signalbox'), 'conflict');
  });

  it('tell of a secret that is missing until it is there', async () => {
    const { definitions } = await openDefinitions();
    const verify = { scheme: 'token', header: 'x-token', secret: { secret: 'crm-token' } };
    const source = await definitions.sources.create({ slug: 'crm', preset: 'generic', verify });
    expect(definitions.sources.problem(source)).toContain('crm-token');
    await definitions.secrets.set('crm-token', 'hunter2hunter2');
    expect(definitions.sources.problem(source)).toBeNull();
    expect(definitions.secrets.list()).toMatchObject([{ name: 'crm-token', usedBy: ['source crm'] }]);
    expect(await refused(definitions.secrets.remove('crm-token'), 'in_use')).toContain('source crm');
  });
});

describe('jobs', () => {
  it('are not removed while listeners name them, and tell of it afterwards', async () => {
    const told: string[] = [];
    const parts = await openDefinitions(newFolder(), {
      jobDeleted: (tx, job) => tx.afterCommit(() => told.push(job.spec.slug)),
    });
    const { definitions, jobCatalog } = parts;
    await defineBasics(parts);
    await definitions.listeners.create({ slug: 'greet', job: 'hello' }, 'active');
    expect(await refused(definitions.jobs.remove('hello'), 'in_use')).toContain('greet');
    expect(told).toEqual([]);
    await definitions.listeners.setState('greet', 'deleted');
    await definitions.jobs.remove('hello');
    expect(told).toEqual(['hello']);
    expect(jobCatalog.get('hello')).toBeNull();
  });

  it('are not kept by a deleted listener, which says that its job is gone once it is restored', async () => {
    const parts = await openDefinitions();
    const { definitions, listenerIndex } = parts;
    await defineBasics(parts);
    await definitions.listeners.create({ slug: 'greet', job: 'hello' }, 'active');
    await definitions.listeners.setState('greet', 'deleted');
    await definitions.jobs.remove('hello');
    const restored = await definitions.listeners.setState('greet', 'disabled');
    const gone = 'names the job "hello", which does not exist; create it again or choose another.';
    expect(definitions.listeners.problem(restored)).toBe(`It ${gone}`);
    expect(await refused(definitions.listeners.setState('greet', 'active'), 'invalid_input')).toBe(
      `The listener ${gone}`,
    );
    expect(listenerIndex.find('greet')).toBeNull();
    await definitions.jobs.create({ slug: 'hello', kind: 'command', command: [process.execPath, '--version'] });
    expect(definitions.listeners.problem(definitions.listeners.get('greet'))).toBeNull();
    await definitions.listeners.setState('greet', 'active');
    expect(listenerIndex.find('greet')).toMatchObject({ job: 'hello' });
  });

  it('cannot need an approval while a listener answers requests with them, nor the other way round', async () => {
    const parts = await openDefinitions();
    const { definitions } = parts;
    const { listeners, jobs } = definitions;
    await defineBasics(parts);
    const careful: CommandSpec = { slug: 'careful', kind: 'command', command: ['true'], approval: 'required' };
    await jobs.create(careful);
    const byListener = await refusal(
      listeners.create({ slug: 'decide', job: 'hello', mode: 'enrich', approval: 'required' }, 'active'),
    );
    expect(byListener).toMatchObject({ code: 'invalid_input', details: [{ path: ['approval'] }] });
    expect(byListener.message).toContain('set "approval" to none or "mode" to notify');
    const byJob = await refusal(listeners.create({ slug: 'decide', job: 'careful', mode: 'enrich' }, 'active'));
    expect(byJob).toMatchObject({ code: 'invalid_input', details: [{ path: ['job'] }] });
    expect(byJob.message).toContain('names the job "careful", whose runs need an approval');

    await listeners.create({ slug: 'decide', job: 'hello', mode: 'enrich' }, 'active');
    const hello: CommandSpec = { slug: 'hello', kind: 'command', command: ['true'] };
    expect(await refused(jobs.update({ ...hello, approval: 'required' }, 1), 'conflict')).toContain(
      'Listener "decide" answers requests with job "hello"',
    );
    await listeners.setState('decide', 'disabled');
    await jobs.update({ ...hello, approval: 'required' }, 1);
    expect(listeners.problem(listeners.get('decide'))).toContain('whose runs need an approval');
    await refused(listeners.setState('decide', 'active'), 'invalid_input');

    const config = { fileName: 'signalbox.yaml', baseDir: '/', sources: [], alarms: [], settings: null };
    const fromFile = await refusal(
      definitions.applyConfig({
        ...config,
        jobs: [{ ...careful, slug: 'risk' }],
        listeners: [{ slug: 'answer', job: 'risk', mode: 'enrich' }],
      }),
    );
    expect(fromFile).toMatchObject({ code: 'invalid_config', details: [{ path: ['listeners', 0, 'job'] }] });
  });

  it('say what is missing on the disk, as it is at the moment', async () => {
    const { definitions, folder } = await openDefinitions();
    const script = await definitions.jobs.create({ slug: 'script', kind: 'script', file: 'run.ts' });
    expect(definitions.jobs.problem(script)).toContain('run.ts does not exist');
    mkdirSync(join(folder, 'jobs'));
    writeFileSync(join(folder, 'jobs', 'run.ts'), '');
    expect(definitions.jobs.problem(script)).toBeNull();
    const command = { slug: 'command', kind: 'command' } as const;
    const lost = await definitions.jobs.create({ ...command, command: ['no-such-program-here'] });
    expect(definitions.jobs.problem(lost)).toMatch(
      /no-such-program-here was not found on PATH, which has .*install it/,
    );
    const plain = await definitions.jobs.update({ ...command, command: ['./run.ts'], cwd: 'jobs' }, 1);
    expect(definitions.jobs.problem(plain)).toContain('may not be executed');
    const nowhere = await definitions.jobs.update({ ...command, command: ['node'], cwd: join(folder, 'lost') }, 2);
    expect(definitions.jobs.problem(nowhere)).toContain('working folder');
  });
});

describe('settings', () => {
  it('change by parts and survive a restart', async () => {
    const folder = newFolder();
    const { definitions, changes } = await openDefinitions(folder);
    expect(definitions.settings.get()).toMatchObject({ concurrency: 3, retention: { days: 30 } });
    await definitions.settings.update({ concurrency: 7, retention: { days: 5 } });
    await definitions.settings.update({ concurrency: 7 });
    expect(changes).toEqual(['settings']);
    const again = await openDefinitions(folder);
    expect(again.definitions.settings.get()).toMatchObject({
      concurrency: 7,
      retention: { days: 5, events: 100_000 },
    });
  });
});

describe('the export', () => {
  it('can be applied elsewhere and holds no secret', async () => {
    const parts = await openDefinitions();
    const { definitions, folder } = parts;
    await defineBasics(parts);
    await definitions.jobs.create({ slug: 'script', kind: 'script', file: 'run.ts' });
    await definitions.secrets.set('token', 'do-not-show-this');
    const verify = { scheme: 'token', header: 'x-token', secret: { secret: 'token' } };
    await definitions.sources.create({ slug: 'shop', preset: 'generic', verify, rateLimit: 'off' });
    await definitions.listeners.create(
      { slug: 'a', source: 'shop', type: ['x:*'], where: { type: 'x:y' }, job: 'hello' },
      'disabled',
    );
    const deciding = { mode: 'enrich', deadline: '750ms', fallback: { action: 'block' }, priority: 3 } as const;
    await definitions.listeners.create({ slug: 'decide', source: 'shop', job: 'hello', ...deciding }, 'active');
    const filter = { flatfile: { spaceId: 'us_sp_*' }, topic: ['job:*'] };
    await definitions.listeners.create({ slug: 'filtered', source: 'shop', job: 'hello', filter }, 'active');
    const yaml = definitions.exportConfig();
    expect(yaml).not.toContain('do-not-show-this');
    const config = parse(yaml);
    expect(config.sources.map((source: { slug: string }) => source.slug)).toEqual(['crm', 'shop']);
    expect(config.jobs[1].file).toBe(join(folder, 'jobs', 'run.ts'));
    const other = await openDefinitions();
    const { version: _, ...sections } = config;
    await other.definitions.applyConfig({
      fileName: 'x.yaml',
      baseDir: folder,
      settings: null,
      alarms: [],
      ...sections,
    });
    expect(other.definitions.listeners.get('a')).toMatchObject({ state: 'disabled', type: ['x:*'], source: 'shop' });
    expect(other.definitions.listeners.get('decide')).toMatchObject(deciding);
    expect(other.definitions.listeners.get('filtered')).toMatchObject({ filter });
    expect(config.listeners.find((listener: { slug: string }) => listener.slug === 'filtered').where).toBeUndefined();
    expect(other.listenerIndex.find('decide')?.enrich).toEqual({
      priority: 3,
      deadlineMs: 750,
      fallback: { action: 'block' },
      passedOver: [],
    });
  });
});

describe('secrets', () => {
  it('are nowhere on the disk in clear', async () => {
    const { definitions, folder, keyFile, db } = await openDefinitions();
    await definitions.secrets.set('crm', 'a-very-recognisable-value');
    expect(existsSync(keyFile)).toBe(true);
    db.pragma('wal_checkpoint(TRUNCATE)');
    const bytes = Buffer.concat([
      readFileSync(join(folder, 'store.db')),
      existsSync(join(folder, 'store.db-wal')) ? readFileSync(join(folder, 'store.db-wal')) : Buffer.alloc(0),
      readFileSync(keyFile),
    ]);
    expect(bytes.includes(Buffer.from('crm'))).toBe(true);
    for (const encoding of ['utf8', 'utf16le'] as const) {
      expect(bytes.includes(Buffer.from('a-very-recognisable-value', encoding))).toBe(false);
    }
    expect(bytes.includes(Buffer.from(Buffer.from('a-very-recognisable-value').toString('base64')))).toBe(false);
    expect(JSON.stringify(definitions.secrets.list())).not.toContain('recognisable');
  });
});
