/** A line of the table of aims. */
export interface Goal {
  what: string;
  aim: string;
  got: string;
  met: boolean;
}

export interface Row {
  /** Letter of the part, as docs/measurements.md lists them. */
  part: string;
  what: string;
  value: number;
  unit: string;
  /** What it should be, as text for the table; absent where there is no aim. */
  aim?: string;
  met?: boolean;
  note?: string;
  goals?: Goal[];
  /** One value a round, in the order they were measured. */
  rounds?: number[];
}

export interface BenchOptions {
  isQuick: boolean;
  /** Thrown away at the end. */
  workDir: string;
  /** For people, on stderr: what is being measured now. */
  say(line: string): void;
}

export interface Part {
  /** How it is asked for: `npm run bench -- receiver`, or by one of its letters. */
  name: string;
  letters: string;
  about: string;
  run(options: BenchOptions): Promise<Row[]>;
}
