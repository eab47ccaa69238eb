import { type Command, Option } from 'commander';
import { defaultConsole, parseAddress } from '../../runtime/options.ts';
import { type Address, defaultReceiver } from '../../runtime/runtime-types.ts';
import { readKeptAddress } from '../../runtime/servers/receiver-address.ts';
import type { CliContext } from '../cli-context.ts';
import { dataDirOf, locateServer } from '../connection/locate-server.ts';
import { createServerClient } from '../connection/server-client.ts';
import { CliError } from '../exit-codes.ts';
import { createOutput } from '../output/output.ts';
import { plainText } from '../output/plain-text.ts';
import { addServerOptions, type CommonOptions } from '../server-command.ts';
import { checkDeliveries } from './delivery-checks.ts';
import { type Finding, ok, problem } from './finding.ts';
import { checkDisk, checkDisplay, checkPermissions, checkSandbox } from './machine-checks.ts';
import { checkPort } from './port-checks.ts';
import { checkClock, checkServer } from './server-checks.ts';

interface DoctorOptions extends CommonOptions {
  receiver?: string;
  console?: string;
}

/** Where the packages put the app with a window. */
const packagedApp = '/usr/lib/signalbox/signalbox';

const marks = { ok: '✓', warning: '!', problem: '✗' } as const;

export function addDoctor(program: Command, cli: CliContext): void {
  addServerOptions(
    program
      .command('doctor')
      .description(
        'check ports, display, sandbox, disk, clock, permissions, proxy and Host settings, and senders, and show how to fix each problem; the exit code is 1 if there is one',
      )
      .addOption(new Option('--receiver <host:port>', 'receiver address to check').env('SIGNALBOX_RECEIVER'))
      .addOption(new Option('--console <host:port>', 'console address to check').env('SIGNALBOX_CONSOLE')),
  ).action(async (options: DoctorOptions) => {
    const out = createOutput(cli.stdout, cli.stderr, options.json);
    const isRemote = options.server !== undefined && options.server !== '';
    const found = [
      ...(isRemote ? [] : await checkMachine(cli, options)),
      ...(await checkRunning(cli, options, isRemote)),
    ];
    for (const finding of found) out.value(finding, () => findingLines(finding));
    const problems = found.filter(({ level }) => level === 'problem').length;
    const warnings = found.filter(({ level }) => level === 'warning').length;
    out.note(`${problems} problems, ${warnings} warnings.`);
    if (problems > 0) cli.endWith('failed');
  });
}

async function checkMachine(cli: CliContext, options: DoctorOptions): Promise<Finding[]> {
  const dataDir = dataDirOf(options, cli.env);
  return [
    ...checkPermissions(dataDir),
    checkDisk(dataDir),
    await checkDisplay(cli.env),
    checkSandbox(process.versions.electron === undefined ? packagedApp : process.execPath),
  ];
}

/** With a running server what it knows, else whether one could start. */
async function checkRunning(cli: CliContext, options: DoctorOptions, isRemote: boolean): Promise<Finding[]> {
  try {
    const client = createServerClient(locateServer(options, cli.env));
    return [...(await checkServer(client)), await checkClock(client, Date.now()), ...(await checkDeliveries(client))];
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    if (isRemote || error.reason !== 'noServer') {
      const [message = error.message, remedy = ''] = error.message.split(/(?<=\.) (?=[A-Z][a-z]+ [^.]+\.$)/);
      return [problem('server', message, remedy)];
    }
    const receiver =
      options.receiver === undefined
        ? keptReceiver(dataDirOf(options, cli.env))
        : parseAddress('--receiver', options.receiver);
    return [
      ok('server', 'No Signalbox is running on this data directory; some checks are skipped.'),
      await checkPort('--receiver', receiver),
      await checkPort('--console', parseAddress('--console', options.console ?? defaultConsole)),
    ];
  }
}

/** Where a start without options would listen. */
function keptReceiver(dataDir: string): Address {
  try {
    return readKeptAddress(dataDir);
  } catch {
    return defaultReceiver;
  }
}

const findingLines = ({ check, level, message, remedy }: Finding): string[] => [
  plainText(`${marks[level]} ${check}: ${message}`),
  ...(remedy === null || remedy === '' ? [] : [plainText(`    → ${remedy}`)]),
];
