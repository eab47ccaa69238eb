import type { CatalogEntry, CatalogObject } from '../catalog-types.ts';
import { IN_SHEET, IN_SPACE, topics } from './samples.ts';

const configure = (status: string, info: string | null = null): CatalogObject => ({
  job: 'space:configure',
  domain: 'space',
  operation: 'configure',
  status,
  info,
});
const submit = (status: string, info: string | null): CatalogObject => ({
  job: 'sheet:submitOrders',
  domain: 'sheet',
  operation: 'submitOrders',
  status,
  info,
});
const progress = (current: number, total: number): CatalogObject => ({
  progress: { current, total, percent: Math.round((current / total) * 100) },
});
const context = [...IN_SPACE, 'jobId'];

export const flatfileJobs: readonly CatalogEntry[] = [
  ...topics('Jobs', [
    {
      topic: 'job:created',
      description: 'A job was created and may not be planned yet.',
      context,
      payload: configure('created'),
    },
    {
      topic: 'job:ready',
      description: 'A job is ready for a listener.',
      context,
      payload: configure('ready'),
    },
    {
      topic: 'job:updated',
      description: 'The state, progress or message of a job changed.',
      context,
      payload: configure('executing', 'Making the sheets'),
      attributes: progress(2, 5),
    },
    {
      topic: 'job:completed',
      description: 'A job completed.',
      context,
      payload: configure('complete', 'The space is set up'),
      attributes: progress(5, 5),
    },
    {
      topic: 'job:failed',
      description: 'A job failed.',
      context: [...IN_SHEET, 'jobId'],
      payload: submit('failed', 'Two orders have no customer'),
    },
    {
      topic: 'job:outcome-acknowledged',
      description: 'The outcome of a job was acknowledged.',
      context: [...IN_SHEET, 'jobId'],
      payload: submit('complete', null),
    },
    { topic: 'job:deleted', description: 'A job was deleted.', context },
  ]),
  ...topics(
    'Jobs',
    [
      {
        topic: 'job:scheduled',
        description: 'A job was scheduled.',
        context,
        payload: configure('scheduled'),
      },
      {
        topic: 'job:parts-completed',
        description: 'All parts of a job completed.',
        context,
        payload: configure('executing', 'All parts are done'),
        attributes: progress(4, 4),
      },
    ],
    'newer',
  ),
];
