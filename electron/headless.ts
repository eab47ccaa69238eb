import { catchEndSignals } from './runtime/headless/end-signals.ts';
import { programFiles } from './runtime/program-files.ts';

// Before anything else is loaded, which takes half a second: a signal in that time is heard too.
const signals = catchEndSignals();

const { runHeadless } = await import('./runtime/headless/run-headless.ts');
await runHeadless({ signals, argv: process.argv.slice(2), ...programFiles(import.meta) });
