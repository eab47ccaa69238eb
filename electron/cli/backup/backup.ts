import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Backup } from '../../../shared/contract/backups.ts';
import type { CliContext } from '../cli-context.ts';
import { isLost } from '../connection/follow-server.ts';
import type { ServerClient } from '../connection/server-client.ts';
import { CliError } from '../exit-codes.ts';
import { showBytes, showTime } from '../output/show-time.ts';
import { type Column, factLines } from '../output/table.ts';
import { addServerOptions, type CommonOptions, withServer } from '../server-command.ts';

const columns: readonly Column<Backup>[] = [
  { title: 'Created', text: ({ createdAt }) => showTime(createdAt) },
  { title: 'Name', text: ({ name }) => name },
  { title: 'Size', text: ({ sizeBytes }) => showBytes(sizeBytes), align: 'right' },
  { title: 'Reason', text: ({ reason }) => reason },
  { title: 'Events', text: ({ verified }) => String(verified?.events ?? 'not verified'), align: 'right' },
  { title: 'Runs', text: ({ verified }) => String(verified?.runs ?? ''), align: 'right' },
];

const lines = (backup: Backup): string[] =>
  factLines([
    ['Name', backup.name],
    ['Created', showTime(backup.createdAt)],
    ['Size', showBytes(backup.sizeBytes)],
    ...Object.entries(backup.verified ?? {}).map(([table, rows]) => [table, String(rows)] as const),
  ]);

export function addBackup(program: Command, cli: CliContext): void {
  const backup = program.command('backup').description('create, list, verify and restore backups of the store');
  addServerOptions(backup.command('list').description('list backups, newest first')).action((options: CommonOptions) =>
    withServer(cli, options, async ({ client, out }) => {
      const { items } = await client.call('backups.list', {});
      out.rows(items, columns, 'No backups.');
    }),
  );
  addServerOptions(backup.command('create').description('create a backup now, verified page by page')).action(
    (options: CommonOptions) =>
      withServer(cli, options, async ({ client, out }) => {
        const made = await client.call('backups.create', {});
        out.value(made, () => lines(made));
      }),
  );
  addServerOptions(
    backup
      .command('verify')
      .description('read a backup page by page, and count its rows; the exit code is 1 when it is damaged')
      .argument('<backup>', 'name of a backup of the server'),
  ).action((name: string, options: CommonOptions) =>
    withServer(cli, options, async ({ client, out }) => {
      const found = await client.call('backups.verify', { name });
      out.value(found, () => [...(found.problem === null ? ['Whole.'] : [found.problem]), ...lines(found.backup)]);
      if (found.problem !== null) cli.endWith('failed');
    }),
  );
  addServerOptions(
    backup
      .command('restore')
      .description('replace the store with a backup and restart; the current store is moved to quarantine')
      .argument('<backup>', 'name of a backup of the server')
      .option('--from-quarantine', 'the name is of a store in quarantine, not of a backup')
      .option('--yes', 'confirm'),
  ).action((name: string, options: CommonOptions & { fromQuarantine?: boolean; yes?: boolean }) =>
    withServer(cli, options, async ({ client, out }) => {
      if (options.yes !== true) {
        const hint = existsSync(resolve(name)) ? ' For a file, stop the server and use signalbox start --restore.' : '';
        throw new CliError(
          'usage',
          `This replaces the store of ${client.label} with ${name}; the current one is moved to quarantine. Add --yes to confirm.${hint}`,
        );
      }
      const before = await client.call('app.status', {});
      const from = options.fromQuarantine === true ? 'quarantine' : 'backups';
      await client.call('backups.restore', { name, from });
      out.note('Restarting on it…');
      const after = await restarted(client, before.startedAt);
      out.value(after, () => [`Restored ${name}: ${after.events.total} events.`]);
    }),
  );
}

const pollMs = 250;
const patienceMs = 10 * 60_000;

/** The status once it runs again. While it restarts, the local socket is gone for a moment. */
async function restarted(client: ServerClient, startedBefore: string) {
  const endBy = performance.now() + patienceMs;
  for (;;) {
    try {
      const status = await client.call('app.status', {});
      if (status.startedAt !== startedBefore && status.phase === 'running') return status;
    } catch (error) {
      if (!isLost(error)) throw error;
    }
    if (performance.now() > endBy) {
      throw new CliError('noServer', 'The server did not restart within 10 minutes. See its log for the reason.');
    }
    await wait(pollMs);
  }
}
