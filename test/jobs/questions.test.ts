import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { statement } from '../../electron/store/database/statements.ts';
import { readQuestions } from '../../electron/store/runs/run-questions.ts';
import { toRun } from '../../electron/store/runs/run-rows.ts';
import type { Question } from '../../shared/contract/runs.ts';
import { eventually } from '../support/eventually.ts';
import { nodeJob, type OpenRunner, openRunner, scriptJob, shellJob } from './open-runner.ts';

async function asked(app: OpenRunner, id: string): Promise<Question> {
  await app.until(id, 'interaction_required');
  const { question } = toRun(app.row(id));
  if (question === null) throw new Error('nothing was asked');
  return question;
}

const mfa = `{ type: 'mfa', message: 'The code?', fields: [
  { name: 'code', type: 'password', label: 'Code' },
  { name: 'way', type: 'select', options: ['mail', 'phone'] },
  { name: 'note', required: false },
] }`;

describe('a script that asks', () => {
  it('waits for an operator and goes on with the answer, whose secrets are kept nowhere', async () => {
    const app = openRunner([scriptJob('login', 'login.mjs'), shellJob('watch', 'true')], {
      chain: [{ slug: 'w', type: 'job:interaction-required', job: 'watch' }],
    });
    app.script(
      'login.mjs',
      `export default async (event, run) => {
      const answer = await run.ask(${mfa});
      console.log('got ' + answer.code);
      return answer;
    };`,
    );
    await app.runner.start();
    const id = await app.post('login');
    const question = await asked(app, id);
    expect(question).toMatchObject({
      type: 'mfa',
      message: 'The code?',
      fields: [
        { name: 'code', type: 'secret', label: 'Code', required: true },
        {
          name: 'way',
          type: 'choice',
          options: [
            { value: 'mail', label: 'mail' },
            { value: 'phone', label: 'phone' },
          ],
        },
        { name: 'note', type: 'text', label: 'note', required: false },
      ],
    });
    expect(app.row(id).inbox).toBe(1);
    await eventually(() =>
      expect(app.changes.findLast((run) => run.id === id)).toMatchObject({
        state: 'interaction_required',
        needsAttention: 'question',
        needsAcknowledgement: false,
      }),
    );
    const answer = { id, questionId: question.id, by: 'ada' };
    await expect(app.runner.answer({ ...answer, values: { code: 's3cret', way: 'fax' } })).rejects.toMatchObject({
      code: 'invalid_input',
      details: [{ path: ['values', 'way'], message: 'must be one of the choices' }],
    });
    const [run] = await Promise.all([
      app.runner.answer({ ...answer, values: { code: 's3cret', way: 'mail' } }),
      // Of two operators at the same time one is told that it was too late.
      expect(app.runner.answer({ ...answer, values: { code: 'other', way: 'mail' } })).rejects.toMatchObject({
        code: 'wrong_state',
      }),
    ]);
    expect(run).toMatchObject({ state: 'running', question: null, needsAttention: null });
    const row = await app.ended(id);
    expect(row).toMatchObject({ state: 'completed', inbox: 0 });
    expect(JSON.parse(row.outcome ?? '')).toEqual({ code: '***', way: 'mail', note: null });
    expect(app.text(id)).toEqual(['stdout: got ***']);
    expect(readQuestions(app.store.db, row.seq)).toMatchObject([
      { result: 'answered', answeredBy: 'ada', answer: { code: '***', way: 'mail', note: null } },
    ]);
    const types = statement(
      app.store.db,
      'SELECT t.type FROM events e JOIN event_types t ON t.id = e.type_id WHERE caused_by_run = ? ORDER BY e.seq',
    ).all(id);
    expect(types).toEqual([{ type: 'job:interaction-required' }, { type: 'job:completed' }]);
  });

  it('lets other jobs run while it waits', async () => {
    const app = openRunner([scriptJob('ask', 'ask.mjs'), shellJob('other', 'true')], { concurrency: 1 });
    app.script('ask.mjs', `export default (event, run) => run.ask({ message: 'Well?' });`);
    await app.runner.start();
    const id = await app.post('ask');
    const question = await asked(app, id);
    const [second, third] = await app.postMany('other', [1, 2]);
    expect(await app.ended(second ?? '')).toMatchObject({ state: 'completed' });
    expect(await app.ended(third ?? '')).toMatchObject({ state: 'completed' });
    expect(app.row(id).state).toBe('interaction_required');
    await app.runner.answer({ id, questionId: question.id, values: { confirmed: true }, by: 'ada' });
    expect(await app.ended(id)).toMatchObject({ state: 'completed' });
  });

  it('may ask again, and the time it waits is not the job’s', async () => {
    const app = openRunner([scriptJob('slow', 'slow.mjs', { timeout: '8s' })]);
    app.script(
      'slow.mjs',
      `export default async (event, run) => {
      const [first, second] = await Promise.all([run.ask({ message: 'One?' }), run.ask({ message: 'Two?' })]);
      return [first.confirmed, second.confirmed];
    };`,
    );
    await app.runner.start();
    const id = await app.post('slow');
    const first = await asked(app, id);
    expect(first.message).toBe('One?');
    const until = Date.now() + 8200;
    await eventually(() => expect(Date.now()).toBeGreaterThan(until));
    await app.runner.answer({ id, questionId: first.id, values: { confirmed: true }, by: 'ada' });
    await eventually(() => expect(toRun(app.row(id)).question?.message).toBe('Two?'));
    const second = await asked(app, id);
    await app.runner.answer({ id, questionId: second.id, values: { confirmed: false }, by: 'ada' });
    const row = await app.ended(id);
    expect(row).toMatchObject({ state: 'completed', outcome: '[true,false]' });
  });

  it('fails as unanswered when nobody answers, unless it can do without', async () => {
    const app = openRunner([scriptJob('needs', 'needs.mjs'), scriptJob('can', 'can.mjs')]);
    app.script(
      'needs.mjs',
      `export default async (event, run) => { await run.ask({ message: 'Who?', timeout: 50 }); };`,
    );
    app.script(
      'can.mjs',
      `export default (event, run) =>
      run.ask({ message: 'Who?', timeout: '50ms' }).catch((error) => 'nobody: ' + error.message);`,
    );
    await app.runner.start();
    const [needs, can] = [await app.post('needs'), await app.post('can')];
    expect(await app.ended(needs)).toMatchObject({
      state: 'failed',
      reason: 'unanswered',
      error: 'No answer to "Who?" within 50ms.',
      inbox: 1,
      question: null,
    });
    expect(await app.ended(can)).toMatchObject({
      state: 'completed',
      outcome: '"nobody: No answer to \\"Who?\\" within 50ms."',
    });
  });

  it('can be canceled, and is asked again after the app was stopped', async () => {
    const jobs = [scriptJob('ask', 'ask.mjs')];
    const app = openRunner(jobs);
    app.script('ask.mjs', `export default (event, run) => run.ask({ message: 'Well?' });`);
    await app.runner.start();
    const first = await app.post('ask');
    await asked(app, first);
    await app.runner.cancel(first);
    expect(await app.ended(first)).toMatchObject({ state: 'canceled', reason: 'canceled', inbox: 0, question: null });
    await eventually(() =>
      expect(readQuestions(app.store.db, app.row(first).seq)).toMatchObject([{ result: 'canceled' }]),
    );

    const second = await app.post('ask');
    await asked(app, second);
    await app.stop();
    expect(app.row(second)).toMatchObject({ state: 'queued', inbox: 0, question: null });
    const again = openRunner(jobs, { store: app.store });
    await again.runner.start();
    const question = await asked(again, second);
    await again.runner.answer({ id: second, questionId: question.id, values: { confirmed: true }, by: 'ada' });
    expect(await again.ended(second)).toMatchObject({ state: 'completed', outcome: '{"confirmed":true}' });
  });
});

describe('a command that asks', () => {
  it('gets the event and then the answers on its standard input', async () => {
    const app = openRunner([
      nodeJob(
        'ask',
        `const lines = require('node:readline').createInterface({ input: process.stdin });
         let count = 0;
         lines.on('line', (line) => {
           count += 1;
           if (count === 1) console.log('::ask ' + JSON.stringify({ message: 'From ' + JSON.parse(line).type + '?', fields: [{ name: 'who' }] }));
           else { console.log('answer ' + line); process.exit(0); }
         });`,
        { asks: true },
      ),
    ]);
    await app.runner.start();
    const id = await app.post('ask');
    const question = await asked(app, id);
    expect(question.message).toBe('From ask?');
    await app.runner.answer({ id, questionId: question.id, values: { who: 'me' }, by: 'ada' });
    expect(await app.ended(id)).toMatchObject({ state: 'completed' });
    expect(app.text(id)).toEqual(['stdout: answer {"who":"me"}']);
  });

  it('is told on its input that nobody answered, and in its output that it must say "asks"', async () => {
    const app = openRunner([
      shellJob(
        'late',
        `read -r event; echo '::ask {"message":"Who?","timeout":50}'; read -r line; echo "$line"; exit 3`,
        {
          asks: true,
        },
      ),
      shellJob('deaf', `echo '::ask {"message":"Who?"}'; cat > /dev/null`),
    ]);
    await app.runner.start();
    const [late, deaf] = [await app.post('late'), await app.post('deaf')];
    expect(await app.ended(late)).toMatchObject({ state: 'failed', reason: 'unanswered', exit_code: 3 });
    expect(app.text(late)).toContain('stdout: {"error":"No answer to \\"Who?\\" within 50ms."}');
    expect(await app.ended(deaf)).toMatchObject({ state: 'completed' });
    expect(app.text(deaf).join('\n')).toContain('::ask needs "asks: true" in the job');
  });
});

describe('a plan', () => {
  it('shows the parts of a script, and how far they make the whole', async () => {
    const app = openRunner([scriptJob('import', 'import.mjs')]);
    const seen = join(app.store.dir, 'seen');
    app.script(
      'import.mjs',
      `import { existsSync } from 'node:fs';
    export default async (event, run) => {
      run.plan(['Read', 'Check', 'Write']);
      const rows = await run.part('Read', async () => 3);
      const check = run.part('Check');
      check.progress(50);
      while (!existsSync(${JSON.stringify(seen)})) await new Promise((done) => setTimeout(done, 20));
      check.done();
      await run.part('Write', async () => { throw new Error('disk full'); });
    };`,
    );
    await app.runner.start();
    const id = await app.post('import');
    await eventually(() => expect(app.progress).toContainEqual({ id, progress: { percent: 50, message: 'Check' } }));
    writeFileSync(seen, '');
    const row = await app.ended(id);
    expect(row).toMatchObject({ state: 'failed', reason: 'error', error: 'disk full' });
    expect(toRun(row).steps).toEqual([
      { name: 'Read', state: 'completed', percent: 100 },
      { name: 'Check', state: 'completed', percent: 100 },
      { name: 'Write', state: 'failed', percent: null },
    ]);
  });

  it('works with lines of a command, and leaves the job’s own progress alone', async () => {
    const app = openRunner([
      shellJob(
        'import',
        `
        echo '::plan Read files, Write'
        echo '::part name=Read files state=done::'
        echo '::part name=Write state=running percent=10::'
        echo '::progress percent=70::nearly'`,
      ),
    ]);
    await app.runner.start();
    const row = await app.ended(await app.post('import'));
    expect(toRun(row).steps).toEqual([
      { name: 'Read files', state: 'completed', percent: 100 },
      { name: 'Write', state: 'completed', percent: 100 },
    ]);
    expect(toRun(row).progress).toEqual({ percent: 70, message: 'nearly' });
    expect(app.text(`${row.id}`)).toEqual([]);
  });
});
