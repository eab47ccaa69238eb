import { type Command, Option } from 'commander';
import { collectPages } from '../../../shared/collect-pages.ts';
import { type AuditEntry, auditOutcomeSchema } from '../../../shared/contract/audit.ts';
import type { CliContext } from '../cli-context.ts';
import { wholeNumber } from '../numbers.ts';
import { showTime } from '../output/show-time.ts';
import type { Column } from '../output/table.ts';
import { addServerOptions, type CommonOptions, withServer } from '../server-command.ts';

interface ListOptions extends CommonOptions {
  limit: number;
  call?: string;
  outcome?: AuditEntry['outcome'];
}

const columns: readonly Column<AuditEntry>[] = [
  { title: 'At', text: ({ at }) => showTime(at) },
  { title: 'Name', text: ({ name }) => name },
  { title: 'Via', text: ({ via, address }) => (address === null ? via : `${via} ${address}`) },
  { title: 'Call', text: ({ call }) => call },
  { title: 'Target', text: ({ target }) => target ?? '' },
  { title: 'Outcome', text: ({ outcome }) => outcome },
];

export function addAudit(program: Command, cli: CliContext): void {
  const audit = program.command('audit').description('read the audit log');
  addServerOptions(
    audit
      .command('list')
      .description(
        'list the actions of operators, newest first; with --json one JSON value per line, with before and after',
      )
      .argument('[words]', 'only entries with these words in name, call, target or address')
      .option('--call <call>', 'only this call, such as jobs.update, or jobs. for all that start with it')
      .addOption(new Option('--outcome <outcome>', 'only this outcome').choices(auditOutcomeSchema.options))
      .addOption(
        new Option('-n, --limit <count>', 'maximum number of entries').argParser(wholeNumber(1, 1_000_000)).default(50),
      ),
  ).action((query: string | undefined, options: ListOptions) =>
    withServer(cli, options, async ({ client, out }) => {
      const { call, outcome, limit } = options;
      const found = await collectPages((page) => client.call('audit.list', { query, call, outcome, ...page }), limit);
      out.rows(found, columns, 'No matching entries.');
    }),
  );
}
