/** What is signed. */
export interface Signable {
  /** The same for every attempt and every retry of an event for a listener. */
  id: string;
  eventType: string;
  atMs: number;
  body: Buffer;
}

/** Headers that prove who sends. Rejects with an Error for people. */
export type Signer = (request: Signable) => [string, string][] | Promise<[string, string][]>;

export const unixSeconds = (atMs: number): string => String(Math.floor(atMs / 1000));
