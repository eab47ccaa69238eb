// A script job for outcomes of other jobs: give it a listener with source `signalbox` and type `job:failed`, and it says
// what failed, how, and whether trying again is likely to help.
import { defineJob } from 'signalbox';

interface Outcome {
  operation: string;
  attempt: number;
  reason: string | null;
  exitCode: number | null;
  info: string | null;
}

const passing = new Set(['timeout', 'interrupted', 'queue']);

export default defineJob<Outcome, { runId: string; eventId: string }>((event, run) => {
  const { operation: job, attempt, reason, exitCode, info } = event.payload;
  const mayPass = reason !== null && passing.has(reason);
  run.log(
    `${job} failed on attempt ${attempt} (${reason ?? 'unknown'}${exitCode === null ? '' : `, code ${exitCode}`})`,
  );
  if (info !== null) run.log(`  ${info}`);
  if (mayPass) run.notice(`${job} may succeed when it is tried again`);
  else run.warning(`${job} needs somebody to look at it`);
  return { run: event.context.runId, job, advice: mayPass ? 'retry' : 'look' };
});
