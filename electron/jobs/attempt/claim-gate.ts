/** What else may hold back the runs of a job, beside its own limit and that of all jobs. */
export interface ClaimGate {
  /** How many runs of the job may start now; infinite without such a limit. */
  slots(job: string): number;
  /** So many of them start. */
  taken(job: string, count: number): void;
  /** So many of them have ended. */
  released(job: string, count: number): void;
  /** Called with a job that was held back and may go on. */
  onOpen(listener: (job: string) => void): void;
}
