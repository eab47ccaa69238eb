import { type Command, Option } from 'commander';
import { type Role, roles } from '../../../shared/contract/access/roles.ts';
import type { OneTimeLink, Operator } from '../../../shared/contract/operators.ts';
import type { CliContext } from '../cli-context.ts';
import { CliError } from '../exit-codes.ts';
import { showTime } from '../output/show-time.ts';
import type { Column } from '../output/table.ts';
import { addServerOptions, type CommonOptions, type Session, withServer } from '../server-command.ts';

const columns: readonly Column<Operator>[] = [
  { title: 'Name', text: ({ name }) => name },
  { title: 'Role', text: ({ role, mayApprove }) => (mayApprove ? `${role}, may approve` : role) },
  { title: 'State', text: ({ state }) => state },
  { title: 'Last seen', text: ({ lastSeenAt }) => showTime(lastSeenAt) },
  { title: 'Sessions', text: ({ sessions }) => String(sessions), align: 'right' },
  { title: 'API tokens', text: ({ apiTokens }) => String(apiTokens), align: 'right' },
];

const roleOption = () => new Option('--role <role>', 'what the account may do').choices(roles);

function printLink({ out }: Session, operator: Operator, link: OneTimeLink): void {
  out.value({ operator, link }, () => [link.publicUrl, link.url].filter((url) => url !== null).map((url) => url));
  out.note(
    link.url === null
      ? 'The console has no address for browsers, so there is no link. Start the server with --console HOST:PORT, then reset the account.'
      : `${operator.name} sets a password there, once, before ${showTime(link.expiresAt)}.`,
  );
}

export function addOperators(program: Command, cli: CliContext): void {
  const operators = program.command('operators').description('manage accounts of operators: roles, links, sessions');
  addServerOptions(operators.command('list').description('list accounts')).action((options: CommonOptions) =>
    withServer(cli, options, async ({ client, out }) => {
      out.rows((await client.call('operators.list', {})).items, columns, 'No accounts.');
    }),
  );
  addServerOptions(
    operators
      .command('add')
      .description('add an account and print a one-time link that sets its password')
      .argument('<name>', 'name to sign in with')
      .addOption(roleOption().makeOptionMandatory())
      .option('--may-approve', 'allows the account to approve and reject runs'),
  ).action((name: string, options: CommonOptions & { role: Role; mayApprove?: boolean }) =>
    withServer(cli, options, async (session) => {
      const { role, mayApprove } = options;
      const { operator, link } = await session.client.call('operators.add', { name, role, mayApprove });
      printLink(session, operator, link);
    }),
  );
  addServerOptions(
    operators
      .command('role')
      .description('change the role of an account, or whether it may approve')
      .argument('<name>', 'name of the account')
      .addOption(roleOption())
      .option('--may-approve', 'allows the account to approve and reject runs')
      .option('--no-may-approve', 'revokes the permission to approve'),
  ).action((name: string, options: CommonOptions & { role?: Role; mayApprove?: boolean }) => {
    const { role, mayApprove } = options;
    if (role === undefined && mayApprove === undefined) {
      throw new CliError('usage', 'Give --role, --may-approve or --no-may-approve.');
    }
    return change(cli, options, { name, role, mayApprove });
  });
  for (const [command, disabled, description] of [
    ['disable', true, 'end the sessions of an account and block its sign-in'],
    ['enable', false, 'allow an account to sign in again'],
  ] as const) {
    addServerOptions(
      operators.command(command).description(description).argument('<name>', 'name of the account'),
    ).action((name: string, options: CommonOptions) => change(cli, options, { name, disabled }));
  }
  addServerOptions(
    operators
      .command('reset')
      .description('forget the password, end sessions and API tokens, and print a new one-time link')
      .argument('<name>', 'name of the account'),
  ).action((name: string, options: CommonOptions) =>
    withServer(cli, options, async (session) => {
      const { operator, link } = await session.client.call('operators.reset', { name });
      printLink(session, operator, link);
    }),
  );
  addServerOptions(
    operators.command('remove').description('delete an account').argument('<name>', 'name of the account'),
  ).action((name: string, options: CommonOptions) =>
    withServer(cli, options, async ({ client, out }) => {
      await client.call('operators.remove', { name });
      out.note(`${name} was removed.`);
    }),
  );
  addSessions(operators, cli);
}

const change = (
  cli: CliContext,
  options: CommonOptions,
  patch: { name: string; role?: Role | undefined; mayApprove?: boolean | undefined; disabled?: boolean },
): Promise<void> =>
  withServer(cli, options, async ({ client, out }) => {
    out.rows([await client.call('operators.update', patch)], columns, '');
  });

interface Key {
  kind: 'session' | 'API token';
  id: string;
  from: string;
  lastUsedAt: string | null;
  expiresAt: string;
}

const keyColumns: readonly Column<Key>[] = [
  { title: 'ID', text: ({ id }) => id },
  { title: 'Kind', text: ({ kind }) => kind },
  { title: 'From', text: ({ from }) => from },
  { title: 'Last used', text: ({ lastUsedAt }) => showTime(lastUsedAt) },
  { title: 'Expires', text: ({ expiresAt }) => showTime(expiresAt) },
];

function addSessions(operators: Command, cli: CliContext): void {
  addServerOptions(
    operators
      .command('sessions')
      .description('list signed-in browsers and API tokens of an account')
      .argument('<name>', 'name of the account'),
  ).action((name: string, options: CommonOptions) =>
    withServer(cli, options, async ({ client, out }) => {
      const { items, apiTokens } = await client.call('operators.sessions', { name });
      const keys: Key[] = [
        ...items.map(({ address, browser, ...one }) => ({
          ...one,
          kind: 'session' as const,
          from: `${address} ${browser}`,
        })),
        ...apiTokens.map((one) => ({ ...one, kind: 'API token' as const, from: one.name })),
      ];
      out.rows(keys, keyColumns, 'No sessions and no API tokens.');
    }),
  );
  addServerOptions(
    operators
      .command('revoke')
      .description('end one session or API token of an account, or all of them')
      .argument('<name>', 'name of the account')
      .argument('[id]', 'ID of a session or API token (default: all)'),
  ).action((name: string, id: string | undefined, options: CommonOptions) =>
    withServer(cli, options, async ({ client, out }) => {
      const { revoked } = await client.call('operators.revoke', { name, id });
      out.value({ revoked }, () => [`Revoked ${revoked}.`]);
    }),
  );
}
