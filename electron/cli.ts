import { catchEndSignals } from './runtime/headless/end-signals.ts';
import { programFiles } from './runtime/program-files.ts';

const argv = process.argv.slice(2);
// A server hears signals from its first moment on, as in headless.ts.
const signals = argv[0] === 'start' ? catchEndSignals() : null;

const { runCli } = await import('./cli/run-cli.ts');
await runCli({ argv, signals, files: programFiles(import.meta) });
