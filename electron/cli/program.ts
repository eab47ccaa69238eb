import { Command } from 'commander';
import { version } from '../runtime/version.ts';
import { addBackup } from './backup/backup.ts';
import type { CliContext } from './cli-context.ts';
import { addCompletion } from './completion/completion.ts';
import { addConfig } from './config/config.ts';
import { addDoctor } from './doctor/doctor.ts';
import { addEvents } from './events/events.ts';
import { addSend } from './events/send.ts';
import { addTail } from './events/tail.ts';
import { exitCodes } from './exit-codes.ts';
import { addListen } from './listen/listen.ts';
import { addListeners } from './listeners/listeners.ts';
import { addMcp } from './mcp/mcp.ts';
import { addAudit } from './operators/audit.ts';
import { addOperators } from './operators/operators.ts';
import { addInbox, addRuns } from './runs/runs.ts';
import { addStart } from './server/start.ts';
import { addStatus } from './server/status.ts';

const exitCodeLines = Object.values(exitCodes).map(([code, meaning]) => `  ${code}  ${meaning}`);

/** All commands, in the order of `--help`. */
export function createProgram(cli: CliContext): Command {
  const program = new Command('signalbox')
    .description('A control room for webhooks and events on your own machine.')
    .version(version)
    .exitOverride()
    .showHelpAfterError('Add --help to see how it is used.')
    .configureOutput({
      writeOut: (text) => void cli.stdout.write(text),
      writeErr: (text) => void cli.stderr.write(text),
      outputError: (text, write) => write(text.replace(/^error: /, 'signalbox: ')),
    })
    .addHelpText('after', `\nExit codes:\n${exitCodeLines.join('\n')}`);
  addStart(program, cli);
  addStatus(program, cli);
  addSend(program, cli);
  addTail(program, cli);
  addEvents(program, cli);
  addRuns(program, cli);
  addInbox(program, cli);
  addListeners(program, cli);
  addConfig(program, cli);
  addDoctor(program, cli);
  addBackup(program, cli);
  addOperators(program, cli);
  addAudit(program, cli);
  addListen(program, cli);
  addMcp(program, cli);
  addCompletion(program, cli);
  return program;
}
