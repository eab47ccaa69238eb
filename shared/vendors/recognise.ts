import { isFields, type Recognition } from './vendor.ts';
import { type Vendors, vendors } from './vendors.ts';

export interface Recognised {
  /** Id of the preset that reads deliveries like this one. */
  preset: string;
  /** The mark that was found, e.g. `the header x-github-event`. */
  because: string;
}

/** What there is to go by; `text` is null for a body that is not text, or was cut short. */
export interface SentDelivery {
  /** In lower case. */
  headerNames: ReadonlySet<string>;
  /** In lower case; empty when there is none. */
  contentType: string;
  text: string | null;
}

/** The first object in the body; null for what is not JSON. */
function readFields(text: string | null): Readonly<Record<string, unknown>> | null {
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    const first: unknown = Array.isArray(value) ? value[0] : value;
    return isFields(first) ? first : null;
  } catch {
    return null;
  }
}

/** Which known system a delivery looks like; null when it looks like none. It may be wrong: a person decides. */
export function recogniseVendor(
  { headerNames, contentType, text }: SentDelivery,
  known: Vendors = vendors,
): Recognised | null {
  const fields = readFields(text);
  const find = (look: (recognition: Recognition) => string | null): Recognised | null => {
    for (const { id, recognition } of known.values()) {
      const because = recognition === undefined ? null : look(recognition);
      if (because !== null) return { preset: id, because };
    }
    return null;
  };
  const byHeader = (isConvention: boolean) =>
    find((recognition) => {
      if ((recognition.isConvention ?? false) !== isConvention) return null;
      const header = recognition.headers?.find((name) => headerNames.has(name));
      return header === undefined ? null : `the header ${header}`;
    });
  return (
    byHeader(false) ??
    find(({ isContentType }) => (isContentType?.(contentType) ? `the content type ${contentType}` : null)) ??
    find(({ inFields }) => (fields === null ? null : (inFields?.(fields) ?? null))) ??
    find(({ inText }) => (text === null ? null : (inText?.(text) ?? null))) ??
    byHeader(true)
  );
}
