import { ownSource } from '../../../shared/own-source.ts';

/** `isInternalEvent` of a row of `event_types t`. */
export const internalSql = `t.source = '${ownSource}' AND t.type NOT GLOB 'CUSTOM_*'`;
