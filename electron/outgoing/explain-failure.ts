import { errorCode } from '../../shared/error-code.ts';
import { errorText } from '../../shared/error-text.ts';
import { RefusedAddressError } from './outgoing-address.ts';

const sentences: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing accepts connections there',
  ECONNRESET: 'the connection was closed before an answer came',
  ECONNABORTED: 'the connection was closed before an answer came',
  EPIPE: 'the connection was closed before an answer came',
  ENOTFOUND: 'this name is not known',
  EAI_AGAIN: 'the name could not be looked up',
  ETIMEDOUT: 'no connection could be made in time',
  EHOSTUNREACH: 'the network cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  HPE_HEADER_OVERFLOW: 'the headers of its answer are too large',
};

/** Of the many errors that Node's parser of HTTP has. */
const noHttp = 'what answered does not speak HTTP';

/** Why a request got no answer, for people: names the host and says what to do where something can be done. */
export function explainFailure(host: string, error: unknown): string {
  if (error instanceof RefusedAddressError && error.isNotPublic) {
    return `${host}: ${error.message}. If it is meant to be inside your own network, set allowPrivate to true.`;
  }
  // A name with several addresses fails with an error that has those of each address.
  const first = error instanceof AggregateError ? error.errors[0] : error;
  const code = errorCode(first) ?? errorCode(error);
  const sentence = code === null ? undefined : (sentences[code] ?? (code.startsWith('HPE_') ? noHttp : undefined));
  if (sentence !== undefined) return `${host}: ${sentence} (${code})`;
  return `${host}: ${errorText(first)}`;
}
