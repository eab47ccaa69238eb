/** What was repaired or assumed to read a delivery: a JSON list of `{code, message}`, null when there is nothing. */
export const sql = `
ALTER TABLE deliveries ADD COLUMN notes TEXT;
`;
