import { AppError } from '../../shared/contract/errors.ts';
import type { JobPlans } from './job-plans.ts';

/** Why a job cannot be used: it is damaged in the store, or gone; `gone` is the sentence for that. */
export const missingJob = (jobs: Pick<JobPlans, 'isUnreadable'>, slug: string, gone: string): AppError =>
  jobs.isUnreadable(slug)
    ? new AppError(
        'unavailable',
        `The job "${slug}" is damaged in the store and cannot be read. Create it again under the same name, or restore a backup.`,
      )
    : new AppError('not_found', gone);
