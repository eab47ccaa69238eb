import type { WriterDeps } from '../../electron/store/write/writer.ts';

const fail = (error: unknown): never => {
  throw error;
};

/** For a writer none of whose commits and announcements may fail. */
export const throwingWriterDeps: WriterDeps = { onCommitError: fail, onAnnounceError: fail };
