/**
 * `npm run bench [-- [--quick] [part …]]`: measures the built app and prints one table; the same as JSON goes to
 * bench-results/. A part is named by its name or by one of its letters.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Part, Row } from './bench-types.ts';
import { enrichPart } from './enrich.ts';
import { filtersPart } from './flatfile-filters.ts';
import { framesPart } from './frames.ts';
import { listsPart } from './lists.ts';
import { loopDelayPart } from './loop-delay.ts';
import { outPart } from './out.ts';
import { receiverPart } from './receiver.ts';
import { printGoals, printTable } from './report.ts';
import { runsPart } from './runs-started.ts';
import { latencyPart } from './start-latency.ts';
import { startUpPart } from './start-up.ts';
import { statisticsPart } from './statistics.ts';
import { windowPart } from './window.ts';

const parts: readonly Part[] = [
  receiverPart,
  runsPart,
  latencyPart,
  listsPart,
  startUpPart,
  enrichPart,
  filtersPart,
  loopDelayPart,
  framesPart,
  statisticsPart,
  outPart,
  windowPart,
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false } },
});

const find = (name: string): Part => {
  const part = parts.find((one) => one.name === name || (name.length === 1 && one.letters.includes(name)));
  if (part === undefined)
    throw new Error(`there is no part "${name}"; there are ${parts.map((one) => one.name).join(', ')}`);
  return part;
};

const say = (line: string): void => void process.stderr.write(`${line}\n`);

const chosen = positionals.length === 0 ? parts : [...new Set(positionals.map(find))];
const startedAt = new Date();
const [loadBefore = 0] = loadavg();
const rows: Row[] = [];
const failures: string[] = [];
for (const part of chosen) {
  const workDir = mkdtempSync(join(tmpdir(), 'signalbox-bench-'));
  say(`\n${part.letters}  ${part.name}: ${part.about}`);
  try {
    rows.push(...(await part.run({ isQuick: values.quick, workDir, say })));
  } catch (error) {
    failures.push(part.name);
    say(`${part.name} failed: ${error instanceof Error ? error.stack : String(error)}`);
  } finally {
    rmSync(workDir, { recursive: true, force: true });
  }
}

const machine = {
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  memoryGb: Math.round(totalmem() / 1024 ** 3),
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
  // More than a few tenths: something else was at work.
  loadBefore,
};
const resultsDir = join(import.meta.dirname, '../../bench-results');
mkdirSync(resultsDir, { recursive: true });
const file = join(resultsDir, `${startedAt.toISOString().replaceAll(':', '-').slice(0, 19)}.json`);
const isQuick = values.quick;
writeFileSync(file, `${JSON.stringify({ at: startedAt.toISOString(), machine, isQuick, rows, failures }, null, 2)}\n`);

process.stdout.write(
  `\n${machine.cores} × ${machine.cpu}, ${machine.memoryGb} GB, Node ${machine.node}${isQuick ? ', quick' : ''}, load before ${loadBefore.toFixed(1)}\n\n${printTable(rows)}\n\n${printGoals(rows)}\n\n${file}\n`,
);
if (failures.length > 0) process.exitCode = 1;
