/** What could not be carried over, or is not quite as it was. */
export interface ImportNote {
  /** The id of the hook; empty: the file. */
  hook: string;
  /** The key of the hook. */
  what: string;
  why: string;
  todo: string;
}

export type AddNote = (what: string, why: string, todo: string) => void;
