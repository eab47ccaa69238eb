import { type Command, Option } from 'commander';
import { isLoopbackHost } from '../../shared/loopback-host.ts';
import { dataDirOption } from '../runtime/options.ts';
import type { CliContext } from './cli-context.ts';
import { locateServer, type ServerOptions } from './connection/locate-server.ts';
import { createServerClient, type ServerClient } from './connection/server-client.ts';
import { createOutput, type Output } from './output/output.ts';

export interface OutputOptions {
  json?: boolean;
}

/** What every command that talks to a server takes. */
export type CommonOptions = ServerOptions & OutputOptions;

export interface Session {
  client: ServerClient;
  out: Output;
  /** The server is on this machine. */
  isLocal: boolean;
}

export const addOutputOptions = (command: Command): Command =>
  command
    .option('--json', 'JSON Lines: one JSON value per line (default where standard output is no terminal)')
    .option('--no-json', 'text output, even to a pipe or a file');

export const addConnectionOptions = (command: Command): Command =>
  command
    .addOption(
      new Option(
        '--server <url>',
        'address of a console (default: the instance that runs on the data directory, through its local socket)',
      ).env('SIGNALBOX_URL'),
    )
    .addOption(dataDirOption())
    .addOption(
      new Option(
        '--token-file <file>',
        'file with the console token (default: the variable SIGNALBOX_TOKEN, else the one in the data directory)',
      ),
    );

export const addServerOptions = (command: Command): Command => addOutputOptions(addConnectionOptions(command));

/** Connects as the options say and acts. */
export async function withServer(
  cli: CliContext,
  options: CommonOptions,
  act: (session: Session) => Promise<void>,
): Promise<void> {
  const out = createOutput(cli.stdout, cli.stderr, options.json);
  const endpoint = locateServer(options, cli.env);
  const isLocal = !('url' in endpoint.at) || isLoopbackHost(endpoint.at.url.hostname);
  if ('url' in endpoint.at && endpoint.at.url.protocol === 'http:' && !isLocal) {
    out.note(`${endpoint.label} is not encrypted: the token can be read on its way. Use https:// or a tunnel.`);
  }
  await act({ client: createServerClient(endpoint), out, isLocal });
}
