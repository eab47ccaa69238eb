import { mkdtempSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve, sep } from 'node:path';
import { Command, CommanderError, Option } from 'commander';
import envPaths from 'env-paths';
import { printAddress } from '../../shared/contract/app.ts';
import { folderInShared } from '../upkeep/data-dir/data-folder.ts';
import { PrintAndExit, StartError } from '../upkeep/start-error.ts';
import { type Address, defaultReceiver, type Mode, type StartOptions } from './runtime-types.ts';

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
export const defaultConsole = '127.0.0.1:8788';

/** The options of a start: of `npm start`, of both entries and of `signalbox start`. */
export const addStartOptions = (command: Command): Command =>
  command
    .option('--desktop', 'open a window (default where there is a display)')
    .option('--headless', 'run as a server, with the console in the browser')
    .addOption(dataDirOption())
    .addOption(
      new Option(
        '--allow-shared-data-dir',
        'where other users may write to the data directory, use a private folder inside it',
      ).env('SIGNALBOX_ALLOW_SHARED_DATA_DIR'),
    )
    .addOption(
      new Option('--config <file>', 'YAML file that defines sources, jobs and listeners').env('SIGNALBOX_CONFIG'),
    )
    .addOption(
      new Option(
        '--receiver <host:port>',
        `address for senders (default: as set in Settings, else ${printAddress(defaultReceiver)})`,
      ).env('SIGNALBOX_RECEIVER'),
    )
    .addOption(
      new Option(
        '--console <host:port>',
        `address for operators (default: ${defaultConsole} headless, closed on the desktop)`,
      ).env('SIGNALBOX_CONSOLE'),
    )
    .addOption(
      new Option(
        '--jobs-user <name>',
        'run jobs as this user, without access to database and secrets (headless, as root)',
      ).env('SIGNALBOX_JOBS_USER'),
    )
    .addOption(
      new Option('--cluster <servers>', 'NATS servers of a cluster, nats://HOST:PORT[,…] (see docs/cluster.md)').env(
        'SIGNALBOX_CLUSTER',
      ),
    )
    .addOption(
      new Option('--cluster-name <name>', 'name of the cluster (default: signalbox)').env('SIGNALBOX_CLUSTER_NAME'),
    )
    .addOption(
      new Option(
        '--roles <roles>',
        'what this node of a cluster does: receiver,worker,console (default: everything)',
      ).env('SIGNALBOX_ROLES'),
    )
    .addOption(new Option('--log-level <level>', logLevels.join(', ')).env('SIGNALBOX_LOG_LEVEL').default('info'))
    .option('--restore <file>', 'restore a backup, move the current database to quarantine, and exit')
    .option('--sign-in', 'print an address that signs one browser in to the running instance, and exit')
    .option('--demo', 'start with sample data in a temporary data directory');

export const dataDirOption = (): Option =>
  new Option('--data-dir <dir>', 'directory of the database, secrets, scripts and logs').env('SIGNALBOX_DATA_DIR');

/**
 * The command line, then the environment, then the defaults. `argv` is without the program's own names. Throws
 * StartError with one sentence for what it cannot read.
 */
export function parseOptions(argv: readonly string[], env: NodeJS.ProcessEnv, mode: Mode): StartOptions {
  const printed: string[] = [];
  const command = addStartOptions(
    new Command('signalbox').description('A control room for webhooks and events on your own machine.'),
  )
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeOut: (text) => printed.push(text), writeErr: (text) => printed.push(text) });
  // commander would read process.env; the environment passed in counts here.
  const known = command.options.filter((option) => option.envVar !== undefined);
  for (const option of known) {
    const value = option.envVar === undefined ? undefined : env[option.envVar];
    option.envVar = undefined;
    if (value !== undefined && value !== '') command.setOptionValueWithSource(option.attributeName(), value, 'env');
  }
  try {
    command.parse([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) throw new PrintAndExit(printed.join('').trim());
    throw new StartError('options_invalid', `${error.message.replace(/^error: /, '')}; --help lists the options`);
  }
  const options = command.opts<Record<string, unknown>>();
  if (options.desktop === true && options.headless === true) {
    throw new StartError('options_invalid', '--desktop and --headless exclude each other');
  }
  if (options.signIn === true && mode === 'desktop') {
    throw new StartError(
      'options_invalid',
      '--sign-in needs --headless: it asks the running instance and opens no window',
    );
  }
  if (options.jobsUser !== undefined && mode === 'desktop') {
    throw new StartError('options_invalid', '--jobs-user needs --headless: jobs of the desktop app run as its user');
  }
  const text = (name: string): string | null => {
    const value = options[name];
    return typeof value === 'string' ? value : null;
  };
  const list = (name: string): string[] | null =>
    text(name)
      ?.split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '') ?? null;
  const logLevel = text('logLevel') ?? 'info';
  if (!logLevels.some((level) => level === logLevel)) {
    throw new StartError('options_invalid', `--log-level must be one of ${logLevels.join(', ')}, not ${logLevel}`);
  }
  const consoleText = text('console') ?? (mode === 'headless' ? defaultConsole : null);
  const receiverText = text('receiver');
  const configFile = text('config');
  const restoreFile = text('restore');
  const dataDir = resolve(text('dataDir') ?? (options.demo === true ? throwAwayDir() : defaultDataDir()));
  return {
    dataDir: isOn(options.allowSharedDataDir) ? folderInShared(dataDir) : dataDir,
    configFile: configFile === null ? null : resolve(configFile),
    receiver: receiverText === null ? null : parseAddress('--receiver', receiverText),
    console: consoleText === null ? null : parseAddress('--console', consoleText),
    logLevel,
    demo: options.demo === true,
    signIn: options.signIn === true,
    jobsUser: text('jobsUser'),
    cluster: { servers: list('cluster'), name: text('clusterName'), roles: list('roles') },
    restoreFile: restoreFile === null ? null : resolve(restoreFile),
  };
}

/** A switch of the command line, or its text in the environment. */
export const isOn = (value: unknown): boolean =>
  value === true || (typeof value === 'string' && /^(1|true|yes|on)$/i.test(value));

/** `127.0.0.1:8787`, `[::1]:8787`, `localhost:0`, or a port alone for loopback. */
export function parseAddress(option: string, text: string): Address {
  const match = /^(?:(\[[0-9a-fA-F:.%a-z]+\]|[^\s:[\]]+):)?(\d{1,5})$/.exec(text.trim());
  const port = Number(match?.[2]);
  if (match === null || port > 65_535) {
    throw new StartError(
      'options_invalid',
      `${option} must be HOST:PORT with a port from 0 to 65535, such as 127.0.0.1:8787, not ${text}`,
    );
  }
  return { host: (match[1] ?? '127.0.0.1').replace(/^\[|\]$/g, ''), port };
}

/** The demo leaves nothing behind but this, which the system clears when it likes. */
const throwAwayDir = (): string => mkdtempSync(join(tmpdir(), 'signalbox-demo-'));

/** The platform's convention: ~/.local/share/signalbox, ~/Library/Application Support/signalbox, %LOCALAPPDATA%\signalbox\Data. */
export function defaultDataDir(): string {
  return homedir() === '' ? resolve('signalbox-data') : envPaths('signalbox', { suffix: '' }).data;
}

/** How one of several instances is told from the others: its data directory where that is not the usual one, else null. */
export function profileOf(dataDir: string): string | null {
  if (dataDir === defaultDataDir()) return null;
  const home = homedir();
  return home !== '' && dataDir.startsWith(`${home}${sep}`) ? `~${dataDir.slice(home.length)}` : dataDir;
}
