import { AppError } from '../../shared/contract/errors.ts';
import { maxRaisedBytes } from '../../shared/contract/raise-limits.ts';

export { maxRaisedBytes };

/**
 * How much a child may say, on every way it can say something to the app. One place for all of them: a child that goes
 * over a limit is slowed down or cut, its run says so, and no child stalls or ends the app. docs/jobs.md lists them.
 */

/** Of UTF-8. A longer line continues in the next one, so that no line of a list is larger than a screen or two. */
export const maxLineBytes = 16 * 1024;

/** What is kept from the start of a stream, at most; the rest of `outputBytes` is its end. */
export const maxHeadBytes = 256 * 1024;

/** Lines that wait to be shown live. A reader sees no more of them between two looks. */
export const maxLiveLines = 500;

/**
 * Output of a stream that waits to be cut into lines; what comes on top replaces the oldest of it. At the end of a run all
 * of it is cut at one time: 64 KiB of line ends take 60 ms.
 */
export const maxUnparsedBytes = 64 * 1024;

/**
 * One message of a script on its channel. The largest that the app's own worker sends is an event to raise
 * (`maxRaisedBytes`) or an outcome, whose quotes are escaped (twice `maxOutcomeBytes`).
 */
export const maxFrameBytes = 2 * 1024 * 1024;

/** Replies that a script has not read, their seals among it. Its messages are not read either until it does. */
export const maxUnreadReplyBytes = 2 * 1024 * 1024;

/** Answers that a command has not read from its standard input; further ones are dropped. */
export const maxUnreadInputBytes = 1024 * 1024;

/** A frame from the guardian: one read of a pipe is 64 KiB, its longest message the list of ended processes. */
export const maxGuardianFrameBytes = 1024 * 1024;

/** Shown on top of the run. Later ones are output alone. */
export const maxAnnotations = 100;
export const maxAnnotationLength = 4096;

/** Shown on one line, and part of every list of runs. */
export const maxProgressLength = 1000;

/** Why a run failed, as its lists show it. The output has the whole text. */
export const maxErrorLength = 2000;

export const maxSteps = 100;
export const maxStepNameLength = 120;

/** Of all that `::add-mask` lines name, in characters: a job in a loop must not fill the memory. */
export const maxAddedMaskLength = 32 * 1024;

/** Events that one attempt may raise: a script in a loop must not fill the disk. */
export const maxRaised = 1000;
/** Of all events of an attempt together. */
export const maxRaisedTotalBytes = 64 * 1024 * 1024;

/** Questions of one attempt, refused ones included. */
export const maxAsked = 1000;
/** A question as JSON. It is part of every list of runs while it is open. */
export const maxQuestionBytes = 64 * 1024;
/** Questions that may wait for each other in one run. */
export const maxOpenQuestions = 10;

/** As JSON. Part of every list of runs. */
export const maxOutcomeBytes = 256 * 1024;

/** Files that a run leaves. */
export const maxRunFilesBytes = 64 * 1024 * 1024;
export const maxRunFiles = 200;
/** A folder with more entries is not read to the end: while it runs the run is ended, at its end the others go unseen. */
export const maxRunFileEntries = 5000;

/** What is said of processes that a run has left: how many by name, and how much of a command line. */
export const maxLeftShown = 10;
export const maxCommandLineLength = 200;

/**
 * What the worker cuts a text to before it sends it. Well above what the app keeps of it, so that a secret is masked
 * before the text is cut a second time.
 */
export const maxSentTextLength = 128 * 1024;

/** Text of standard output that the worker puts into one message. */
export const maxSentOutputLength = 64 * 1024;

/** Bytes of a stream read within a tick (100 ms) before it rests. `yes` gives 3 GB/s; 80 MB/s the app hardly notices. */
export const readBytesPerTick = 8 * 1024 * 1024;

/**
 * The app's thread: of every 100 ms all children together get 50 ms for what they say, and one stream of one child at most
 * 15 ms. 800 KB of log lines take 5 ms, but so do 16 KB of `yes`.
 */
export const shareWindowMs = 100;
export const shareTotalMs = 50;
export const shareMaxMs = 15;

/** Cuts a text for people, and shows that it was cut. */
export const cutText = (text: string, maxLength: number): string => {
  if (text.length <= maxLength) return text;
  const last = text.charCodeAt(maxLength - 2);
  return `${text.slice(0, last >= 0xd800 && last <= 0xdbff ? maxLength - 2 : maxLength - 1)}…`;
};

/** `1.5 MiB`, `300 bytes`. */
export function printBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(units.length, Math.floor(Math.log2(bytes) / 10));
  return `${Number((bytes / 1024 ** power).toFixed(1))} ${units[power - 1]}`;
}

/** The run says already that its job went over the limit, once. */
export class OverLimitError extends AppError {
  constructor(message: string) {
    super('invalid_input', message);
  }
}
