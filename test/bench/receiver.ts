import { setTimeout as wait } from 'node:timers/promises';
import type { BenchOptions, Goal, Part, Row } from './bench-types.ts';
import { openCeiling } from './ceiling.ts';
import { chooseLoadTool, type Measured } from './load.ts';
import { median } from './numbers.ts';
import { openWebhookPackage } from './webhook-package.ts';
import { openWholeReceiver } from './whole-receiver.ts';

/** A server under load, ready to be measured. */
export interface Contender {
  part: string;
  what: string;
  pid: number;
  url: string;
  body: string;
  /** Resolves when what the last round left behind is done and cannot disturb the next contender's round. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** All servers stay up and are measured in turns: the machine's speed drifts more than they differ. */
export const receiverPart: Part = {
  name: 'receiver',
  letters: 'abc',
  about: 'deliveries a second: the ceiling, the whole receiver, the Debian package webhook',
  async run(options) {
    const tool = chooseLoadTool(options.workDir);
    const contenders: Contender[] = [await openCeiling(options), ...(await openWholeReceiver(options))];
    const other = await openWebhookPackage(options);
    if (other === null) options.say('c is skipped: the program "webhook" is not installed (apt-get install webhook)');
    else contenders.push(other);
    try {
      const measured = await measureInTurns(contenders, tool.measure, options);
      return toRows(measured, `${tool.name}, 64 connections, 1 KB of JSON`);
    } finally {
      for (const contender of contenders) await contender.close();
    }
  },
};

async function measureInTurns(
  contenders: Contender[],
  measure: (load: { url: string; body: string; seconds: number }) => Promise<Measured>,
  { isQuick, say }: BenchOptions,
): Promise<Map<Contender, Measured[]>> {
  const rounds = isQuick ? 3 : 7;
  const seconds = isQuick ? 2 : 4;
  const measured = new Map<Contender, Measured[]>(contenders.map((contender) => [contender, []]));
  for (let round = 0; round <= rounds; round++) {
    const isWarmUp = round === 0;
    for (const contender of contenders) {
      const { url, body } = contender;
      const result = await measure({ url, body, seconds: isWarmUp ? 2 : seconds });
      if (!isWarmUp) measured.get(contender)?.push(result);
      say(`${isWarmUp ? 'warm-up' : `round ${round}`} ${contender.what}: ${Math.round(result.perSecond)}/s`);
      await contender.settled();
      await wait(200);
    }
  }
  return measured;
}

function toRows(measured: Map<Contender, Measured[]>, how: string): Row[] {
  const perSecond = (part: string): number[] =>
    [...measured].find(([contender]) => contender.part === part)?.[1].map((one) => one.perSecond) ?? [];
  const ceiling = perSecond('a');
  const other = perSecond('c');
  return [...measured].map(([{ part, what }, results]) => {
    const rounds = results.map((one) => one.perSecond);
    const failed = results.reduce((sum, one) => sum + one.failed, 0);
    const value = median(rounds);
    const notes = [
      `p50 ${median(results.map((one) => one.p50Ms)).toFixed(1)} ms`,
      `p99 ${median(results.map((one) => one.p99Ms)).toFixed(1)} ms`,
      ...(part.startsWith('b') ? [`${shareOf(rounds, ceiling).toFixed(2)} of a`] : []),
      ...(part.startsWith('b') && other.length > 0 ? [`${shareOf(rounds, other).toFixed(2)} of c`] : []),
      ...(failed > 0 ? [`${failed} FAILED`] : []),
      ...(part === 'a' ? [how] : []),
    ];
    const goals = part === 'b' ? { goals: goalsOf(measured, rounds, failed) } : {};
    return { part, what, value, unit: '/s', rounds, note: notes.join(', '), ...goals };
  });
}

function goalsOf(measured: Map<Contender, Measured[]>, rounds: number[], failed: number): Goal[] {
  const of = (part: string): Measured[] => [...measured].find(([contender]) => contender.part === part)?.[1] ?? [];
  const share = (name: string, least: number, others: Measured[]): Goal[] => {
    if (others.length === 0) return [];
    const perSecond = others.map((one) => one.perSecond);
    const got = shareOf(rounds, perSecond);
    const what = `whole receiver, durable, 1,000 listeners, of ${name}`;
    return [{ what, aim: `≥ ${least}`, got: got.toFixed(2), met: got >= least && failed === 0 }];
  };
  const other = of('c');
  const p99Of = (results: readonly Measured[]): number[] => results.map((one) => one.p99Ms);
  const times = shareOf(p99Of(of('b')), p99Of(other));
  const p99 = {
    what: 'its p99 at 64 connections, of webhook',
    aim: '≤ 2 ×',
    got: `${times.toFixed(1)} ×`,
    met: times <= 2,
  };
  return [
    ...share('bare Express and one insert', 0.55, of('a')),
    ...share('adnanh/webhook, which stores nothing', 0.6, other),
    ...(other.length === 0 ? [] : [p99]),
  ];
}

/** Round by round: the machine's speed drifts, and all of a round see the same of it. */
const shareOf = (rounds: readonly number[], of: readonly number[]): number =>
  median(rounds.map((value, round) => value / (of[round] ?? Number.NaN)));
