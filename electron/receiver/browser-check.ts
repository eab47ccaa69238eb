/**
 * Whether a page in a browser made the request. Any page a person opens can post to their own machine and start jobs
 * there, without seeing the answer; systems that send webhooks set neither header, and following a link by hand gives
 * `Sec-Fetch-Site: none`. Asked about sources without verification, since a page knows no secret of the others.
 */
export function isFromPage(headers: Readonly<Record<string, string>>): boolean {
  const site = headers['sec-fetch-site'];
  return site === undefined ? headers.origin !== undefined : site !== 'none';
}
