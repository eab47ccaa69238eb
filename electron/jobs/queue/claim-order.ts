export interface Allotment {
  job: string;
  slots: number;
}

/**
 * Which jobs may have runs to claim, in the order of their turns. A job's turn gives it one slot; what is left over goes
 * round again. So a job with 100,000 waiting runs and one with a single run are served alike, and choosing costs as many
 * steps as there are free slots.
 */
export class ClaimOrder {
  /** Jobs with a free slot of their own and maybe something queued; a Set keeps the order of turns. */
  readonly #ready = new Set<string>();
  /** Maybe something queued, but as many running as the job allows. */
  readonly #full = new Set<string>();

  add(job: string, hasFreeSlot: boolean): void {
    if (hasFreeSlot) {
      this.#full.delete(job);
      this.#ready.add(job);
    } else {
      this.#ready.delete(job);
      this.#full.add(job);
    }
  }

  /** A run of the job has ended. */
  slotFreed(job: string): void {
    if (this.#full.delete(job)) this.#ready.add(job);
  }

  remove(job: string): void {
    this.#ready.delete(job);
    this.#full.delete(job);
  }

  get hasReady(): boolean {
    return this.#ready.size > 0;
  }

  /** May be asked again with the same answer: the transaction it is asked in may be tried twice. */
  allot(freeSlots: number, freeOf: (job: string) => number): Allotment[] {
    const allotments: (Allotment & { most: number })[] = [];
    let left = freeSlots;
    for (const job of this.#ready) {
      if (left === 0) break;
      const most = freeOf(job);
      if (most <= 0) {
        // The job's limit was lowered meanwhile. Left here it would be looked at for ever.
        this.add(job, false);
        continue;
      }
      allotments.push({ job, slots: 1, most });
      left -= 1;
    }
    for (let isGiving = true; left > 0 && isGiving; ) {
      isGiving = false;
      for (const allotment of allotments) {
        if (left === 0 || allotment.slots >= allotment.most) continue;
        allotment.slots += 1;
        left -= 1;
        isGiving = true;
      }
    }
    return allotments.map(({ job, slots }) => ({ job, slots }));
  }

  /** After its turn a job stands last. */
  turnTaken(job: string, hasFreeSlot: boolean): void {
    this.remove(job);
    this.add(job, hasFreeSlot);
  }
}
