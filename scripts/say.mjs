/** Tells the person in front of the terminal, on stderr: stdout belongs to what we start. */
export function say(line) {
  process.stderr.write(`[signalbox] ${line}\n`);
}

/** An error whose message is meant for that person: shown without a stack. */
export class SetupError extends Error {}

/** Runs a script's main function; expected errors end with one sentence and exit code 2, others with their stack. */
export async function runMain(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(error.message);
    process.exitCode = 2;
  }
}
