import type { Logger } from 'pino';
import type { z } from 'zod';
import {
  type DesktopCallName,
  type DesktopInput,
  type DesktopOutput,
  desktopCalls,
} from '../../shared/contract/desktop.ts';
import { AppError } from '../../shared/contract/errors.ts';
import { describeIssue, issueDetails, printDetails } from '../../shared/contract/explain-issues.ts';
import type { Reply } from '../../shared/contract/reply.ts';
import { internalError } from '../console/calls/dispatch.ts';

export type DesktopHandlers = {
  [N in DesktopCallName]: (input: DesktopInput<N>) => DesktopOutput<N> | Promise<DesktopOutput<N>>;
};

/** The calls once more, with input and output tied to the name, so that a generic call keeps its types. */
const schemas: { [N in DesktopCallName]: { input: z.ZodType<DesktopInput<N>> } } = desktopCalls;

async function run<N extends DesktopCallName>(handlers: DesktopHandlers, name: N, raw: unknown) {
  const parsed = schemas[name].input.safeParse(raw ?? {}, { error: describeIssue });
  if (!parsed.success) {
    const details = issueDetails(parsed.error.issues);
    throw new AppError('invalid_input', printDetails(name, details), details);
  }
  return await handlers[name](parsed.data);
}

/** Answers a call that concerns the desktop app itself. Never rejects. */
export async function answerDesktopCall(
  handlers: DesktopHandlers,
  name: DesktopCallName,
  raw: unknown,
  log: Logger,
): Promise<Reply> {
  try {
    return { ok: true, value: await run(handlers, name, raw) };
  } catch (error) {
    if (error instanceof AppError) {
      const { code, message, details } = error;
      return { ok: false, error: { code, message, ...(details === undefined ? {} : { details }) } };
    }
    return { ok: false, error: internalError(error, log, { call: name }) };
  }
}
