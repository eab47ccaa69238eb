/**
 * Command lines for batch files (.cmd, .bat), which Windows runs through cmd.exe. That parses the line by rules of its own,
 * so that an argument like `" & calc` would run a second command ("BatBadBut", CVE-2024-24576). Escaped as Rust's standard
 * library has it since 1.77.2 (library/std/src/sys/args/windows.rs), whose way held against all that was found then;
 * refused is what no escape protects. cross-spawn, which many use for this, escapes with carets: those are taken off once
 * too often where a batch file hands `%*` on, as those of npm do, unless it knows the file for one of npm's.
 */

/** Characters that need no quotes; whatever else there is gets them. */
const plainArgument = /^[A-Za-z0-9#$*+\-./:?@\\_]+$/;
/** A line break ends a command whatever stands around it; nothing can stand for NUL. */
const unescapable = /[\0\r\n]/;
/** What cmd.exe takes. */
const maxLineLength = 8191;

export type BatchLine = { line: string } | { problem: string };

/**
 * What cmd.exe is given after `/c`, for `verbatim` use: nothing else may quote it once more. A problem is the end of a
 * sentence whose subject is the command.
 */
export function batchLine(file: string, args: readonly string[]): BatchLine {
  // Neither can stand in the name of a file.
  if (file.includes('"') || file.endsWith('\\') || unescapable.test(file)) return { problem: 'has no name of a file' };
  for (const [index, arg] of args.entries()) {
    if (unescapable.test(arg)) {
      return {
        problem: `is a batch file, and its argument ${index + 1} contains a line break or NUL, which cannot be passed to a batch file safely; pass it in the event or in a variable instead`,
      };
    }
  }
  // The outer pair is taken off by /s; with it cmd.exe leaves all others alone.
  const line = `"${[`"${hidePercents(file)}"`, ...args.map(quoteArgument)].join(' ')}"`;
  if (line.length > maxLineLength) {
    return {
      problem: `is a batch file, and its line of ${line.length} characters is longer than the ${maxLineLength} that cmd.exe takes`,
    };
  }
  return { line };
}

/**
 * `/e:ON`: the escape of percent signs needs the extensions; `/v:OFF`: `!` is an ordinary character; `/d`: nobody's
 * AutoRun command goes first.
 */
export const batchArguments = (line: string): string[] => ['/e:ON', '/v:OFF', '/d', '/s', '/c', line];

function quoteArgument(arg: string): string {
  // A backslash at the end would escape the quote that a batch file puts behind it, as in "%~1".
  if (plainArgument.test(arg) && !arg.endsWith('\\')) return arg;
  // Backslashes count only in front of a quote, where they are doubled; quotes are doubled as well.
  const quoted = arg.replace(/(\\*)"/g, '$1$1""').replace(/(\\+)$/, '$1$1');
  return `"${hidePercents(quoted)}"`;
}

/**
 * `%` cannot be escaped on a command line. `%cd:~,%` is an empty piece of a variable that is always there: put before each
 * sign, it keeps the sign from beginning the name of another one.
 */
const hidePercents = (text: string): string => text.replaceAll('%', '%%cd:~,%');
