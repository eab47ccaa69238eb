import { AppError } from '../../../shared/contract/errors.ts';
import { createUpkeep } from '../../store/upkeep/upkeep-thread.ts';
import type { DataDir } from '../data-dir/data-dir.ts';
import { PrintAndExit, StartError } from '../start-error.ts';
import type { StoreWorkerFiles } from '../store/open-store.ts';
import { putStagedInPlace } from '../store/prepare-store.ts';
import { stageRestore } from './backups.ts';

/**
 * `--restore FILE`: the data directory is ours, nothing is open yet. Ends the start with PrintAndExit: under a service
 * manager the option would otherwise restore again at every start. Throws StartError when the file is not whole.
 */
export async function restoreAndEnd(
  file: string,
  dataDir: DataDir,
  workers: Pick<StoreWorkerFiles, 'upkeepWorker'>,
  ending?: AbortSignal,
): Promise<never> {
  const upkeep = createUpkeep(workers.upkeepWorker);
  ending?.addEventListener('abort', () => void upkeep.stop());
  try {
    await stageRestore(file, dataDir, upkeep);
  } catch (error) {
    if (error instanceof AppError) throw new StartError('restore_failed', error.message, { cause: error });
    throw error;
  }
  ending?.throwIfAborted();
  const replaced = putStagedInPlace(dataDir, Date.now())?.replaced ?? null;
  const before =
    replaced === null ? 'There was no store before.' : `The store before is kept in quarantine/${replaced}.`;
  throw new PrintAndExit(`${file} is in place in ${dataDir.path}. ${before} Start without --restore now.`);
}
