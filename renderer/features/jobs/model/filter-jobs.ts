import { httpDefaults } from '../../../../shared/contract/http-jobs.ts';
import type { Job } from '../../../../shared/contract/jobs.ts';
import { printCommand } from '../../../model/definitions/argv.ts';
import { matchesWords } from '../../../model/definitions/matches-words.ts';

/** What the job runs, as one line. */
export function whatRuns(job: Job): string {
  if (job.kind === 'http') return `${job.method ?? httpDefaults.method} ${job.url}`;
  return job.kind === 'command' ? printCommand(job.command) : job.file;
}

/** Every word must stand somewhere in what the row shows; by name. */
export function filterJobs(jobs: readonly Job[], text: string): readonly Job[] {
  return jobs
    .filter((job) => matchesWords(text, [job.name, job.slug, job.kind, whatRuns(job)]))
    .sort((a, b) => a.name.localeCompare(b.name, 'en'));
}

export interface JobLamp {
  tone: 'blue' | 'red' | 'amber' | 'green' | 'grey';
  lit: boolean;
  pulse: boolean;
  label: string;
}

export function jobLampOf(job: Job): JobLamp {
  if (job.problem !== null) return { tone: 'red', lit: true, pulse: false, label: job.problem };
  if (job.counts.running > 0) return { tone: 'blue', lit: true, pulse: true, label: `${job.counts.running} running` };
  if (job.counts.waiting > 0) return { tone: 'amber', lit: true, pulse: false, label: `${job.counts.waiting} waiting` };
  if (job.lastRunAt === null) return { tone: 'grey', lit: false, pulse: false, label: 'has not run yet' };
  return { tone: 'green', lit: true, pulse: false, label: 'ready' };
}
