import { type CatalogEntry, type CatalogObject, entry, SAMPLE_TIME } from '../catalog-types.ts';

/** Ids of one imaginary account, by the name that contexts have for them. */
const IDS: CatalogObject = {
  accountId: 'us_acc_51',
  environmentId: 'us_env_52',
  spaceId: 'us_sp_53',
  workbookId: 'us_wb_54',
  sheetId: 'us_sh_55',
  sheetSlug: 'orders',
  documentId: 'us_dc_56',
  snapshotId: 'us_ss_57',
  versionId: 'us_vr_58',
  commitId: 'us_vr_58',
  fileId: 'us_fl_59',
  jobId: 'us_jb_60',
  agentId: 'us_ag_61',
  dataClipId: 'us_dcl_62',
  appId: 'us_app_63',
  actionId: 'us_act_64',
  canvasId: 'us_cv_65',
  canvasAreaId: 'us_ca_66',
  threadId: 'us_th_67',
  flagId: 'us_flg_68',
  programId: 'us_pg_69',
  layerId: 'us_ly_70',
  guestId: 'us_g_71',
  secretId: 'us_sec_72',
  actorId: 'us_usr_80',
};

/** What every context of a topic has. */
export const IN_ACCOUNT = ['accountId', 'environmentId'] as const;
export const IN_SPACE = [...IN_ACCOUNT, 'spaceId'] as const;
export const IN_WORKBOOK = [...IN_SPACE, 'workbookId'] as const;
export const IN_SHEET = [...IN_WORKBOOK, 'sheetId', 'sheetSlug'] as const;

export interface TopicRow {
  topic: string;
  description: string;
  /** Where it is not what precedes the colon. */
  domain?: string;
  /** Names out of IDS; an actor is added unless `withoutActor`. */
  context: readonly string[];
  withoutActor?: true;
  payload?: CatalogObject;
  attributes?: CatalogObject;
}

/** The raw event of each topic, as the vendor's API has it. */
export const topics = (group: string, rows: readonly TopicRow[], age?: 'newer'): CatalogEntry[] =>
  rows.map((row) =>
    entry({
      type: row.topic,
      group,
      description: row.description,
      sample: rawEvent(row),
      ...(age === undefined ? {} : { age }),
    }),
  );

function rawEvent({
  topic,
  domain = topic.slice(0, topic.indexOf(':')),
  context,
  withoutActor,
  payload,
  attributes,
}: TopicRow): CatalogObject {
  const names = withoutActor ? context : [...context, 'actorId'];
  const ids: CatalogObject = Object.fromEntries(names.map((name) => [name, IDS[name] ?? `us_${name}`]));
  if (names.includes('sheetSlug')) ids.slugs = { sheet: IDS.sheetSlug ?? '' };
  return {
    id: `us_evt_${topic.replace(/[^a-zA-Z0-9]/g, '_')}`,
    domain,
    topic,
    createdAt: SAMPLE_TIME,
    context: ids,
    payload: payload ?? {},
    attributes: attributes ?? {},
    origin: { id: IDS.spaceId ?? '', slug: 'space' },
    namespaces: [domain],
  };
}
