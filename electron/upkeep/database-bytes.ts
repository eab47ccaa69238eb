import { statSync } from 'node:fs';

/** With what waits in its log to be moved into it. */
export const databaseBytes = (file: string): number => fileBytes(file) + fileBytes(`${file}-wal`);

const fileBytes = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
