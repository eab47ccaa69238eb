import type { CatalogEntry } from '../catalog-types.ts';
import { IN_ACCOUNT, IN_SHEET, IN_SPACE, IN_WORKBOOK, type TopicRow, topics } from './samples.ts';

const lifeOf = (prefix: string, thing: string, context: readonly string[]): TopicRow[] => [
  { topic: `${prefix}:created`, description: `There is a new ${thing}.`, context },
  { topic: `${prefix}:updated`, description: `A ${thing} was changed.`, context },
  { topic: `${prefix}:deleted`, description: `A ${thing} was removed.`, context },
];

const recordsOf = (topic: string, description: string): TopicRow => ({
  topic,
  description,
  domain: 'sheet',
  context: [...IN_SHEET, 'versionId'],
  payload: { recordIds: ['us_rc_901', 'us_rc_902'] },
});

const clock = (topic: string, description: string): TopicRow => ({
  topic,
  description,
  context: IN_ACCOUNT,
  withoutActor: true,
});

const inDataClip = [...IN_SPACE, 'dataClipId'];
const inProgram = [...IN_ACCOUNT, 'programId'];

/** Topics that the vendor's API has and its event page does not. */
export const flatfileNewer: readonly CatalogEntry[] = [
  ...topics('Actions', lifeOf('action', 'action that people can start', [...IN_SPACE, 'actionId']), 'newer'),
  ...topics('Canvases', lifeOf('canvas', 'canvas', [...IN_SPACE, 'canvasId']), 'newer'),
  ...topics('Canvases', lifeOf('canvas-area', 'area of a canvas', [...IN_SPACE, 'canvasId', 'canvasAreaId']), 'newer'),
  ...topics('Threads', lifeOf('thread', 'conversation', [...IN_SPACE, 'threadId']), 'newer'),
  ...topics('Flags', lifeOf('flag', 'feature flag', [...IN_ACCOUNT, 'flagId']), 'newer'),
  ...topics(
    'Records',
    [
      recordsOf('records:created', 'Records were added to a sheet.'),
      recordsOf('records:updated', 'Records of a sheet were changed.'),
      recordsOf('records:deleted', 'Records were taken out of a sheet.'),
      {
        topic: 'commit:updated',
        description: 'A commit got other details.',
        domain: 'workbook',
        context: [...IN_SHEET, 'versionId', 'commitId'],
      },
    ],
    'newer',
  ),
  ...topics(
    'Clock',
    [
      clock('cron:5-minutes', 'Five minutes have gone by.'),
      clock('cron:hourly', 'An hour has gone by.'),
      clock('cron:daily', 'A day has gone by.'),
      clock('cron:weekly', 'A week has gone by.'),
    ],
    'newer',
  ),
  ...topics(
    'Data clips',
    [
      {
        topic: 'data-clip:collaborator-updated',
        description: 'Who works on a data clip has changed.',
        context: inDataClip,
        payload: { dataClipId: 'us_dcl_62', status: 'OPEN' },
      },
      {
        topic: 'data-clip:resolutions-created',
        description: 'A conflict between differing values was resolved.',
        context: inDataClip,
        payload: { resolutions: 3 },
      },
      {
        topic: 'data-clip:resolutions-updated',
        description: 'A decision between differing values was changed.',
        context: inDataClip,
        payload: { resolutions: 3 },
      },
      {
        topic: 'data-clip:resolutions-refreshed',
        description: 'The resolutions of a data clip were computed again.',
        context: inDataClip,
        payload: { resolutions: 4 },
      },
    ],
    'newer',
  ),
  ...topics(
    'Environments',
    [
      ...lifeOf('environment', 'environment', IN_ACCOUNT),
      {
        topic: 'environment:autobuild-created',
        description: 'An environment got a set-up that was made for it.',
        context: IN_ACCOUNT,
      },
    ],
    'newer',
  ),
  ...topics(
    'Programs',
    [
      { topic: 'program:created', description: 'There is a new mapping program.', context: inProgram },
      { topic: 'program:updated', description: 'A mapping program was changed.', context: inProgram },
      { topic: 'program:recomputing', description: 'A mapping program is being computed again.', context: inProgram },
      { topic: 'program:recomputed', description: 'A mapping program was computed again.', context: inProgram },
    ],
    'newer',
  ),
  ...topics(
    'Sheets',
    [
      { topic: 'sheet:created', description: 'A workbook has a new sheet.', context: IN_SHEET },
      {
        topic: 'sheet:counts-updated',
        description: 'The numbers of records in a sheet changed.',
        context: IN_SHEET,
        payload: { counts: { total: 120, valid: 117, error: 3 } },
      },
      { topic: 'sheet:calculation-updated', description: 'What a sheet computes has a new result.', context: IN_SHEET },
    ],
    'newer',
  ),
  ...topics(
    'Spaces',
    [{ topic: 'space:unarchived', description: 'A space that was put away is back.', context: IN_SPACE }],
    'newer',
  ),
  ...topics(
    'Workbooks',
    [
      {
        topic: 'workbook:thawed',
        description: 'A workbook can be worked on again after a rest.',
        context: IN_WORKBOOK,
      },
    ],
    'newer',
  ),
];
