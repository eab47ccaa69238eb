/** A search has taken more steps than a delivery may cost. */
export class TooManySteps extends Error {}

/** Counts what a search costs: a step is about as much as looking at one value of the document, 20 to 60 ns. */
export class Steps {
  #left: number;

  constructor(limit: number) {
    this.#left = limit;
  }

  get left(): number {
    return this.#left;
  }

  /** Throws TooManySteps when the limit is passed. */
  take(count = 1): void {
    this.#left -= count;
    if (this.#left < 0) throw new TooManySteps('too many steps');
  }
}
