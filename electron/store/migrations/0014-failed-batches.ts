/** Failed runs of batches, which queries for failed events start from: without it they read every failed run. */
export const sql = `
CREATE INDEX runs_failed_batches ON runs (batch_seq) WHERE state = 'failed' AND batch_seq IS NOT NULL;
`;
