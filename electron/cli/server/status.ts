import type { Command } from 'commander';
import type { Status } from '../../../shared/contract/app.ts';
import type { ClusterStatus } from '../../../shared/contract/cluster.ts';
import type { CliContext } from '../cli-context.ts';
import { plainText } from '../output/plain-text.ts';
import { showBytes, showTime } from '../output/show-time.ts';
import { factLines } from '../output/table.ts';
import { addServerOptions, type CommonOptions, withServer } from '../server-command.ts';

export function addStatus(program: Command, cli: CliContext): void {
  addServerOptions(program.command('status').description('show the status, addresses and alerts of the server')).action(
    (options: CommonOptions) =>
      withServer(cli, options, async ({ client, out }) => {
        const status = await client.call('app.status', {});
        out.value(status, () => statusLines(status));
      }),
  );
}

const clusterText = ({ name, problem, lag, nodes }: ClusterStatus): string =>
  `${name} (${problem ?? 'connected'}), ${lag} entries behind; nodes: ${nodes
    .map((node) => `${node.name} (${node.roles.join(', ')}; ${node.running} running, ${node.lag} behind)`)
    .join(', ')}`;

function statusLines(status: Status): string[] {
  const { receiver, runs, events, config } = status;
  const facts = factLines([
    ['Version', `${status.version}, ${status.mode}, ${status.phase} since ${showTime(status.startedAt)}`],
    ['Receiver', `${receiver.url} (${receiver.problem ?? (receiver.accepting ? 'accepting' : 'not accepting')})`],
    ['Console', status.consoleUrl ?? 'closed; reached through the local socket'],
    ['Data directory', status.dataDir],
    ['Config file', config === null ? null : `${config.file} (${config.error ?? 'applied'})`],
    ['Cluster', status.cluster ? clusterText(status.cluster) : null],
    ['Events', `${events.total}, ${events.perMinute} in the last minute`],
    ['Runs', `${runs.running} running, ${runs.waiting} waiting, ${runs.inbox} in the inbox`],
    ['Database', showBytes(status.databaseBytes)],
    ['Search index', status.index.behind === 0 ? null : `${status.index.behind} events behind`],
  ]);
  const alerts = status.alerts.map(({ level, message, since }) =>
    plainText(`${level.toUpperCase()}  ${message} (since ${showTime(since)})`),
  );
  return [...facts, ...alerts];
}
