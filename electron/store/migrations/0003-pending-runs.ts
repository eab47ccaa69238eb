/** Runs that wait for an approval, counted by job whenever another one is planned. */
export const sql = `
CREATE INDEX runs_pending ON runs (job) WHERE state = 'pending';
`;
