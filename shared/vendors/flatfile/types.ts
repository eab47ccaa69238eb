import type { CatalogEntry, CatalogObject } from '../catalog-types.ts';
import { flatfileJobs } from './job-types.ts';
import { flatfileNewer } from './newer-types.ts';
import { IN_ACCOUNT, IN_SHEET, IN_SPACE, IN_WORKBOOK, topics } from './samples.ts';

const dataClip = (status: string): CatalogObject => ({ accountId: 'us_acc_51', dataClipId: 'us_dcl_62', status });
const inFile = [...IN_SPACE, 'fileId'];
const inDocument = [...IN_SPACE, 'documentId'];

/** The topics of the vendor's event page. The domain is not always what the topic begins with. */
const documented: readonly CatalogEntry[] = [
  ...topics('Workbooks', [
    { topic: 'workbook:created', description: 'A workbook was created.', context: [...IN_WORKBOOK, 'jobId'] },
    {
      topic: 'workbook:updated',
      description: 'The name or settings of a workbook changed, not its records.',
      context: IN_WORKBOOK,
    },
    { topic: 'workbook:deleted', description: 'A workbook was deleted.', context: IN_WORKBOOK },
    {
      topic: 'workbook:expired',
      description: 'A workbook expired.',
      context: IN_WORKBOOK,
      withoutActor: true,
    },
  ]),
  ...topics('Documents', [
    { topic: 'document:created', description: 'A document was created.', context: inDocument },
    { topic: 'document:updated', description: 'A document was updated.', context: inDocument },
    { topic: 'document:deleted', description: 'A document was deleted.', context: inDocument },
  ]),
  ...topics('Sheets', [
    {
      topic: 'sheet:updated',
      description: 'A sheet was updated, not its records.',
      context: IN_SHEET,
    },
    { topic: 'sheet:deleted', description: 'A sheet was deleted.', context: IN_SHEET },
    {
      topic: 'snapshot:created',
      description: 'A snapshot of a sheet was created.',
      domain: 'sheet',
      context: ['appId', ...IN_SHEET, 'snapshotId'],
    },
  ]),
  ...topics('Records', [
    {
      topic: 'commit:created',
      description: 'Cells of records were created or updated.',
      domain: 'workbook',
      context: [...IN_SHEET, 'versionId'],
    },
    {
      topic: 'commit:completed',
      description: 'A commit and its side effects completed, in a workbook that tracks changes.',
      domain: 'workbook',
      context: ['appId', ...IN_SHEET, 'versionId', 'commitId'],
    },
    {
      topic: 'layer:created',
      description: 'A layer was added to a commit, such as validation or formatting.',
      domain: 'workbook',
      context: [...IN_SHEET, 'versionId', 'layerId'],
    },
  ]),
  ...topics('Files', [
    { topic: 'file:created', description: 'A file was created, or its upload started.', context: inFile },
    {
      topic: 'file:updated',
      description: 'A file was updated, such as after extraction.',
      context: inFile,
      payload: { status: 'complete', workbookId: 'us_wb_54' },
    },
    { topic: 'file:deleted', description: 'A file was deleted.', context: inFile },
    { topic: 'file:expired', description: 'A file expired.', context: inFile, withoutActor: true },
  ]),
  ...topics('Agents', [
    {
      topic: 'agent:created',
      description: 'An agent was deployed.',
      domain: 'space',
      context: [...IN_ACCOUNT, 'agentId'],
    },
    {
      topic: 'agent:updated',
      description: 'An agent was updated.',
      domain: 'space',
      context: [...IN_ACCOUNT, 'agentId'],
    },
    {
      topic: 'agent:deleted',
      description: 'An agent was deleted.',
      domain: 'space',
      context: [...IN_ACCOUNT, 'agentId'],
    },
  ]),
  ...topics('Spaces', [
    { topic: 'space:created', description: 'A space was created.', context: IN_SPACE },
    { topic: 'space:updated', description: 'A space was updated.', context: IN_SPACE },
    { topic: 'space:deleted', description: 'A space was deleted.', context: IN_WORKBOOK },
    { topic: 'space:expired', description: 'A space expired.', context: IN_WORKBOOK, withoutActor: true },
    { topic: 'space:archived', description: 'A space was archived.', context: IN_SPACE, withoutActor: true },
    { topic: 'space:guestAdded', description: 'A guest was added to a space.', context: [...IN_SPACE, 'guestId'] },
    {
      topic: 'space:guestRemoved',
      description: 'A guest was removed from a space.',
      context: [...IN_SPACE, 'guestId'],
    },
  ]),
  ...topics('Secrets', [
    { topic: 'secret:created', description: 'A secret was created.', context: [...IN_SPACE, 'secretId'] },
    { topic: 'secret:updated', description: 'A secret was updated.', context: [...IN_SPACE, 'secretId'] },
    { topic: 'secret:deleted', description: 'A secret was deleted.', context: [...IN_SPACE, 'secretId'] },
  ]),
  ...topics('Data clips', [
    {
      topic: 'data-clip:created',
      description: 'A data clip was created.',
      context: IN_SPACE,
      payload: dataClip('OPEN'),
    },
    {
      topic: 'data-clip:updated',
      description: 'A data clip was updated, not its records.',
      context: IN_SPACE,
      payload: dataClip('OPEN'),
    },
    {
      topic: 'data-clip:deleted',
      description: 'A data clip was deleted.',
      context: IN_SPACE,
      payload: dataClip('CLOSED'),
    },
  ]),
];

export const flatfileTypes: readonly CatalogEntry[] = [...documented, ...flatfileJobs, ...flatfileNewer];
