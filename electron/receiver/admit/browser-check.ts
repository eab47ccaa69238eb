/** What every browser begins its User-Agent with; a page can change it only where we would have to allow that first. */
const browserAgent = /^Mozilla\//i;
/** A robot that begins so as well. Browsers of this form name an engine; what none of them names is an address. */
const robotAgent =
  /^Mozilla\/\d\.\d \(compatible; (?!MSIE|Konqueror)[^()]*(?:bot\b|crawler|spider|\+https?:)[^()]*\)$/i;

/**
 * Whether a page in a browser made the request. Any page a person opens can post to their own machine and start jobs
 * there, without seeing the answer. Browsers say so in `Sec-Fetch-Site`, which no page can forge, but only to addresses
 * they trust (https, loopback): to others in the network they send `Origin` alone. Other clients may send `Origin` too,
 * and are told apart by their User-Agent: browsers always send one, and no page can remove it. Following a link by hand
 * gives `Sec-Fetch-Site: none`. Used for sources without verification, since a page knows no secret of the others.
 */
export function isFromPage(headers: Readonly<Record<string, string>>): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'none';
  if (headers.origin === undefined) return false;
  const agent = headers['user-agent'];
  return agent !== undefined && browserAgent.test(agent) && !robotAgent.test(agent);
}
