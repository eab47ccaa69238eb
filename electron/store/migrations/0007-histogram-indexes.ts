/**
 * Counts of failed and ignored events in a stretch of time are read from an index alone. The wider index of ignored
 * events replaces the one before, so that an ignored delivery has no further index to pay for.
 */
export const sql = `
CREATE INDEX runs_failed_events ON runs (event_seq) WHERE state = 'failed';
DROP INDEX events_ignored;
CREATE INDEX events_ignored ON events (seq, type_id) WHERE ignored = 1;
`;
