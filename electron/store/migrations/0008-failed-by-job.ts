/** Failed runs, counted by job in the list of jobs. */
export const sql = `
CREATE INDEX runs_failed_by_job ON runs (job) WHERE state = 'failed';
`;
