/** Character offsets into the query; `end` is exclusive. */
export interface QueryError {
  message: string;
  start: number;
  end: number;
}

export interface TermPosition {
  /** The whole term, its `-` included. */
  start: number;
  /** After the key's colon. */
  valueStart: number;
  negated: boolean;
}

export type TermResult = { ok: true; end: number } | { ok: false; error: QueryError };
