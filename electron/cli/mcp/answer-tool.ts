import { errorText } from '../../../shared/error-text.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';

/** What a tool answers with: JSON as text, or the reason why not. */
export async function answerTool(work: Promise<unknown>) {
  try {
    return { content: [{ type: 'text' as const, text: stringifyExact(await work) }] };
  } catch (error) {
    return { content: [{ type: 'text' as const, text: errorText(error) }], isError: true };
  }
}
