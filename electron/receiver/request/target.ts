/** What `/in/<slug>[/anything][?query]` names. Nothing is decoded: a slug has no letters that need it. */
export interface Target {
  slug: string;
  /** From the slash after the slug on, or empty. */
  subpath: string;
  query: string;
}

export const targetPattern = /^\/in\/[^/]/;

/** Takes an address that `targetPattern` matches. A fragment is for the sender's own use and left out. */
export function readTarget(sent: string): Target {
  const hash = sent.indexOf('#');
  const url = hash === -1 ? sent : sent.slice(0, hash);
  const question = url.indexOf('?');
  const path = question === -1 ? url : url.slice(0, question);
  const slash = path.indexOf('/', 4);
  return {
    slug: slash === -1 ? path.slice(4) : path.slice(4, slash),
    subpath: slash === -1 ? '' : path.slice(slash),
    query: question === -1 ? '' : url.slice(question + 1),
  };
}
