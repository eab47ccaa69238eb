import type { WritableDb } from '../../store/database/open.ts';
import { type Annotation, addAnnotations } from '../../store/runs/run-history.ts';
import { type OutputWrite, writeOutput } from '../../store/runs/run-output.ts';
import type { ActiveRun } from './active-run.ts';

/** Output and annotations of a run that the store does not have yet. */
export interface OutputFlush {
  runId: string;
  output: OutputWrite | null;
  annotations: { runSeq: number; attempt: number; from: number; annotations: Annotation[] } | null;
}

export function takeOutputFlush({ row, attempt, output }: ActiveRun): OutputFlush | null {
  if (output === null) return null;
  const chunks = output.takeChunks();
  const annotated = output.takeAnnotations();
  if (chunks === null && annotated === null) return null;
  const key = { runSeq: row.seq, attempt };
  return {
    runId: row.id,
    output: chunks === null ? null : { ...key, ...chunks },
    annotations: annotated === null ? null : { ...key, ...annotated },
  };
}

export function writeOutputFlush(db: WritableDb, flush: OutputFlush): void {
  if (flush.output !== null) writeOutput(db, flush.output);
  if (flush.annotations !== null) {
    const { runSeq, attempt, from, annotations } = flush.annotations;
    addAnnotations(db, runSeq, attempt, from, annotations);
  }
}
