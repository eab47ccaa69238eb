import { showDuration, showTime } from '../output/show-time.ts';
import type { Session } from '../server-command.ts';
import { type Finding, ok, problem, warning } from './finding.ts';

type Client = Session['client'];

const dayMs = 86_400_000;

/** What the server says of itself: its listener, alerts, definitions, config file and backups. */
export async function checkServer(client: Client): Promise<Finding[]> {
  const status = await client.call('app.status', {});
  const { receiver, config, alerts } = status;
  const found: Finding[] = [ok('server', `Version ${status.version} runs on ${status.dataDir} (${status.phase}).`)];
  if (receiver.problem === null) found.push(ok('ports', `The receiver listens on ${receiver.url}.`));
  else {
    const remedy = 'Stop the other program, or choose another address in the settings or with --receiver.';
    found.push(problem('ports', `The receiver does not listen: ${receiver.problem}`, remedy));
  }
  for (const { level, message } of alerts) {
    if (level !== 'info') found.push(alertFinding(level, message));
  }
  if (config?.error !== null && config !== null) {
    const remedy = `Correct the file; signalbox config validate ${config.file} checks it.`;
    found.push(problem('config file', `The changed config file is not applied: ${config.error}`, remedy));
  }
  found.push(...(await checkDefinitions(client)), await checkBackups(client));
  return found;
}

/** The last sentence of an alert says what to do. */
function alertFinding(level: 'warning' | 'error', text: string): Finding {
  const [remedy = text] = /[^.]+\.?$/.exec(text.trim()) ?? [];
  return (level === 'error' ? problem : warning)('alerts', text, remedy.trim());
}

async function checkDefinitions(client: Client): Promise<Finding[]> {
  const check = 'definitions';
  const [sources, jobs, listeners] = await Promise.all([
    client.call('sources.list', {}),
    client.call('jobs.list', {}),
    client.call('listeners.list', {}),
  ]);
  const broken = [
    ...sources.items.map((one) => ({ noun: 'source', slug: one.slug, problem: one.problem })),
    ...jobs.items.map((one) => ({ noun: 'job', slug: one.slug, problem: one.problem })),
    ...listeners.items.map((one) => ({ noun: 'listener', slug: one.slug, problem: one.problem })),
  ].flatMap(({ noun, slug, problem: why }) =>
    why === null
      ? []
      : [
          problem(
            check,
            `The ${noun} ${slug} does not work: ${why}`,
            `Correct the ${noun} ${slug}, or what it refers to.`,
          ),
        ],
  );
  const count = sources.items.length + jobs.items.length + listeners.items.length;
  return broken.length > 0 ? broken : [ok(check, `${count} sources, jobs and listeners; no problems.`)];
}

async function checkBackups(client: Client): Promise<Finding> {
  const check = 'backups';
  const [{ items, problem: failure }, { backupDaily }] = await Promise.all([
    client.call('backups.list', {}),
    client.call('settings.get', {}),
  ]);
  if (failure !== null) return problem(check, failure.message, 'Remove the cause, then run signalbox backup create.');
  const newest = items.find(({ verified }) => verified !== null);
  if (!backupDaily) return warning(check, 'No daily backups are made.', 'Turn on daily backups in the settings.');
  if (newest !== undefined && Date.now() - Date.parse(newest.createdAt) > 2 * dayMs) {
    const message = `The newest backup is from ${showTime(newest.createdAt)}.`;
    return warning(check, message, 'Run signalbox backup create. The log shows why none was created since.');
  }
  return ok(
    check,
    newest === undefined ? 'The first backup is due.' : `The newest is from ${showTime(newest.createdAt)}.`,
  );
}

/** Clocks: this machine's against the server's and against what is stored, which cannot come from the future. */
export async function checkClock(client: Client, nowMs: number): Promise<Finding> {
  const check = 'clock';
  const { items } = await client.call('events.list', { limit: 1 });
  const newest = items[0];
  const aheadMs = newest === undefined ? 0 : Date.parse(newest.receivedAt) - nowMs;
  if (aheadMs > 60_000) {
    const message = `The newest event was received ${showDuration(aheadMs)} in the future: the clock of this machine was set back, or is wrong.`;
    return problem(check, message, 'Set the clock, and keep it right with NTP (timedatectl set-ntp true).');
  }
  return ok(check, 'The clock is consistent with the stored events.');
}
