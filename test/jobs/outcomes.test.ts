import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listRunFiles, readRunFile, removeStrayFiles, runFilesFolder } from '../../electron/jobs/attempt/run-files.ts';
import { statement } from '../../electron/store/database/statements.ts';
import { removeEvents } from '../../electron/store/upkeep/retention.ts';
import { eventually } from '../support/eventually.ts';
import { nodeJob, type OpenRunner, openRunner, scriptJob, shellJob } from './open-runner.ts';

const filesOf = (app: OpenRunner, id: string): string => join(runFilesFolder(app.store.dir), id);

describe('files of a run', () => {
  it('stay with it, from scripts and from commands, and go with it', async () => {
    const app = openRunner([
      scriptJob('report', 'report.mjs'),
      shellJob('shell', 'printf hello > "$SIGNALBOX_FILES_DIR/note.txt"'),
      shellJob('none', 'true'),
    ]);
    app.script(
      'report.mjs',
      `import { writeFileSync } from 'node:fs';
      import { join } from 'node:path';
      export default (event, run) => {
        writeFileSync(join(run.filesDir, 'report.csv'), 'a,b');
        return { heading: 'Done', next: { type: 'download', fileName: 'report.csv' }, same: run.filesDir === process.env.SIGNALBOX_FILES_DIR };
      };`,
    );
    await app.runner.start();
    const [script, shell, none] = [await app.post('report'), await app.post('shell'), await app.post('none')];
    expect(JSON.parse((await app.ended(script)).outcome ?? '')).toMatchObject({ same: true });
    await app.ended(shell);
    await app.ended(none);
    expect(listRunFiles(filesOf(app, script))).toEqual([{ name: 'report.csv', sizeBytes: 3 }]);
    expect(readRunFile(filesOf(app, script), 'report.csv')).toEqual({
      name: 'report.csv',
      contentType: 'text/csv',
      base64: Buffer.from('a,b').toString('base64'),
    });
    expect(listRunFiles(filesOf(app, shell))).toEqual([{ name: 'note.txt', sizeBytes: 5 }]);
    expect(existsSync(filesOf(app, none)), 'no empty folder stays').toBe(false);
    expect(listRunFiles(filesOf(app, none))).toEqual([]);
    for (const name of ['gone.txt', '../report.csv', '.', '', 'a/b']) {
      expect(() => readRunFile(filesOf(app, script), name)).toThrow(expect.objectContaining({ code: 'not_found' }));
    }

    await app.store.writer.write(({ db }) => removeEvents(db, [app.row(script).event_seq]));
    removeStrayFiles(app.store.dir, app.store.db, null);
    expect(readdirSync(runFilesFolder(app.store.dir))).toEqual([shell]);
  });

  it('are plain files of a bounded size, and what else was there is named', async () => {
    const app = openRunner([
      shellJob(
        'odd',
        `cd "$SIGNALBOX_FILES_DIR"
        echo fine > fine.txt; echo hidden > .hidden; mkdir folder; echo x > folder/x; ln -s /etc/passwd link
        truncate -s 65M large.bin`,
      ),
    ]);
    await app.runner.start();
    const id = await app.post('odd');
    expect(await app.ended(id)).toMatchObject({ state: 'completed' });
    expect(readdirSync(filesOf(app, id))).toEqual(['fine.txt']);
    const said = app.text(id).join('\n');
    expect(said).toContain('"folder" was not kept: only files are kept, no folders and no links');
    expect(said).toContain('"link" was not kept');
    expect(said).toContain('".hidden" was not kept: its name cannot be shown');
    expect(said).toContain('"large.bin" was not kept: a run may leave 64 MiB');
  });

  it('end a run that goes on writing more of them than it may, long before its own end', async () => {
    const write = 'n=0; while true; do n=$((n+1)); truncate -s 40M "$SIGNALBOX_FILES_DIR/$n"; sleep 0.2; done';
    const app = openRunner(
      [
        shellJob('wild', write),
        shellJob('nested', 'mkdir "$SIGNALBOX_FILES_DIR/a"; truncate -s 65M "$SIGNALBOX_FILES_DIR/a/b"; sleep 60'),
        scriptJob('script', 'wild.mjs'),
        shellJob('quiet', 'truncate -s 60M "$SIGNALBOX_FILES_DIR/fine"; sleep 3'),
      ],
      { concurrency: 4 },
    );
    app.script(
      'wild.mjs',
      `import { truncateSync, writeFileSync } from 'node:fs';
      export default (event, run) => new Promise(() => {
        writeFileSync(run.filesDir + '/x', '');
        truncateSync(run.filesDir + '/x', 70 * 1024 * 1024);
      });`,
    );
    await app.runner.start();
    const ids = await Promise.all(['wild', 'nested', 'script'].map((job) => app.post(job)));
    const quiet = await app.post('quiet');
    for (const id of ids) {
      const row = await app.ended(id);
      expect(row).toMatchObject({ state: 'failed', reason: 'limit', inbox: 1 });
      expect(row.error).toMatch(/^its files have grown to \d+ MiB; a run may leave 64 MiB$/);
      expect(app.text(id).join('\n')).toContain('Ending it: its files have grown');
    }
    expect(await app.ended(quiet)).toMatchObject({ state: 'completed', reason: 'exit' });
    expect(listRunFiles(filesOf(app, quiet))).toEqual([{ name: 'fine', sizeBytes: 60 * 1024 * 1024 }]);
  });

  it('of a failed attempt make room for those of the next', async () => {
    const app = openRunner([
      shellJob('twice', 'touch "$SIGNALBOX_FILES_DIR/$SIGNALBOX_ATTEMPT"; test "$SIGNALBOX_ATTEMPT" = 2', {
        attempts: 2,
        backoff: '1ms',
      }),
    ]);
    await app.runner.start();
    const id = await app.post('twice');
    expect(await app.ended(id)).toMatchObject({ state: 'completed', attempt: 2 });
    expect(readdirSync(filesOf(app, id))).toEqual(['2']);
  });
});

describe('an outcome', () => {
  it.each([
    ['UTF-16 with a byte order mark, as PowerShell 5 writes it', "'\\ufeff' + text, 'utf16le'"],
    ['UTF-16 without one', "text, 'utf16le'"],
    ['UTF-8 with a byte order mark', "'\\ufeff' + text"],
  ])('is read in %s', async (_name, written) => {
    const code = `const text = JSON.stringify({ name: 'M\\u00fcller' }) + '\\r\\n';
      require('node:fs').writeFileSync(process.env.SIGNALBOX_OUTCOME_PATH, ${written})`;
    const app = openRunner([nodeJob('writes', code)]);
    await app.runner.start();
    expect(JSON.parse((await app.ended(await app.post('writes'))).outcome ?? 'null')).toEqual({ name: 'Müller' });
  });

  it('says whether it wants to be acknowledged, regardless of its job', async () => {
    const outcome = (value: string): string => `printf '${value}' > "$SIGNALBOX_OUTCOME_PATH"`;
    const app = openRunner([
      shellJob('must', outcome('{"acknowledge":true,"heading":"Look"}')),
      shellJob('need-not', outcome('{"acknowledge":false}'), { acknowledge: 'required' }),
      shellJob('fails', `${outcome('{"acknowledge":false,"status":"failed","message":"no"}')}`),
    ]);
    await app.runner.start();
    const [must, needNot, fails] = [await app.post('must'), await app.post('need-not'), await app.post('fails')];
    expect(await app.ended(must)).toMatchObject({ state: 'completed', acknowledge: 'required', inbox: 1 });
    expect(await app.ended(needNot)).toMatchObject({ state: 'completed', acknowledge: 'none', inbox: 0 });
    expect(await app.ended(fails)).toMatchObject({ state: 'failed', inbox: 1 });
    await eventually(() =>
      expect(app.changes.findLast((run) => run.id === must)).toMatchObject({ needsAttention: 'acknowledgement' }),
    );
  });
});

describe('what runs say as events', () => {
  it('is in the words of the vendor’s lifecycle', async () => {
    const types = ['job:created', 'job:ready', 'job:completed'];
    const app = openRunner([shellJob('import', 'true', { mode: 'background' }), shellJob('watch', 'true')], {
      chain: types.map((type, n) => ({ slug: `w${n}`, type, job: 'watch' })),
    });
    await app.runner.start();
    const id = await app.post('import');
    await app.ended(id);
    const rows = statement(
      app.store.db,
      `SELECT t.type, e.payload FROM events e JOIN event_types t ON t.id = e.type_id WHERE caused_by_run = ? ORDER BY e.seq`,
    ).all(id) as { type: string; payload: string }[];
    expect(rows.map(({ type, payload }) => ({ type, ...JSON.parse(payload) }))).toMatchObject([
      {
        type: 'job:created',
        job: 'job:import',
        domain: 'job',
        operation: 'import',
        status: 'created',
        mode: 'background',
      },
      { type: 'job:ready', job: 'job:import', status: 'ready', state: 'running' },
      { type: 'job:completed', job: 'job:import', status: 'complete', state: 'completed', info: null },
    ]);
  });
});
