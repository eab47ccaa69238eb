/** Events of Signalbox about its own runs. A custom event is an operator's or a job's, though it has the same source. */
export const isInternalType = ({ source, type }: { source: string; type: string }): boolean =>
  source === 'signalbox' && !type.startsWith('CUSTOM_');

/** The same of a row of `event_types t`. */
export const internalSql = "t.source = 'signalbox' AND t.type NOT GLOB 'CUSTOM_*'";
