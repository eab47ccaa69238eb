import type { Command } from 'commander';
import { catchEndSignals } from '../../runtime/headless/end-signals.ts';
import { addStartOptions } from '../../runtime/options.ts';
import type { CliContext } from '../cli-context.ts';

/** The server, as `npm start -- --headless` starts it. Its own parser reads the arguments again, so that both agree. */
export function addStart(program: Command, { argv, signals, files }: CliContext): void {
  addStartOptions(program.command('start').description('start the server, with the console in the browser')).action(
    async () => {
      const { runHeadless } = await import('../../runtime/headless/run-headless.ts');
      await runHeadless({ signals: signals ?? catchEndSignals(), argv: argv.slice(1), ...files });
    },
  );
}
