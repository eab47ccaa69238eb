import { parentPort, workerData } from 'node:worker_threads';
import { ConfigError, parseConfig } from './config-format.ts';
import type { ConfigTask } from './parse-config-text.ts';

// Both ends are this program (parse-config-text.ts types the task).
const { text, file, presets, details } = workerData as ConfigTask;

try {
  const { definitions, toError } = parseConfig(text, file, presets);
  if (details === null) parentPort?.postMessage({ definitions });
  else parentPort?.postMessage({ problems: toError(details).problems });
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  parentPort?.postMessage({ problems: error.problems });
}
