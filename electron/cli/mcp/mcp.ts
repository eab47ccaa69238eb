import type { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import { addConnectionOptions, type CommonOptions, withServer } from '../server-command.ts';

interface McpOptions extends CommonOptions {
  allowActions?: boolean;
}

export function addMcp(program: Command, cli: CliContext): void {
  addConnectionOptions(
    program
      .command('mcp')
      .description(
        'serve the Model Context Protocol on standard input and output, for assistants; read-only by default',
      )
      .option('--allow-actions', 'also offer replay, retry, cancel, acknowledge and test deliveries'),
  ).action((options: McpOptions) =>
    // Standard output belongs to the protocol.
    withServer(cli, { ...options, json: true }, async ({ client }) => {
      const { serveMcp } = await import('./serve-mcp.ts');
      await client.call('app.status', {});
      await serveMcp(client, { allowActions: options.allowActions === true, signal: cli.interrupted() });
    }),
  );
}
