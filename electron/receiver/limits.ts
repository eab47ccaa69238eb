export interface ReceiverLimits {
  /** Of a body as sent and again after inflation, where neither the source nor its preset sets a limit. */
  maxBodyBytes: number;
  /** Bodies held at the same time, over all requests, and over those of strangers alone. */
  maxBytesInFlight: number;
  maxStrangerBytesInFlight: number;
  maxHeaders: number;
  maxHeaderBytes: number;
  /** Of all, and of strangers: addresses that no verified delivery has come from lately. */
  maxConnections: number;
  maxStrangerConnections: number;
  headersTimeoutMs: number;
  requestTimeoutMs: number;
  keepAliveMs: number;
  /** Behind a trusted proxy: longer than the 60 s that common proxies keep a connection, so that it is they who close. */
  keepAliveBehindProxyMs: number;
  /**
   * Deliveries waiting for the disk, and their bytes, above which new ones are turned away. Verified ones have a quarter
   * more, so that a source anyone can post to does not shut them out.
   */
  maxWaiting: number;
  maxWaitingBytes: number;
  /** Failed verifications of a source beyond which requests that their headers give away are refused unread. */
  failedVerifications: { perSecond: number; burst: number };
  /** How long the body of a delivery that is refused anyway is waited for, to keep its start. */
  keptBodyWaitMs: number;
  /** How long bytes behind a request without a length are waited for. */
  strayBytesWaitMs: number;
}

const mebibyte = 1024 * 1024;

export const defaultLimits: ReceiverLimits = {
  maxBodyBytes: mebibyte,
  maxBytesInFlight: 128 * mebibyte,
  maxStrangerBytesInFlight: 64 * mebibyte,
  maxHeaders: 100,
  maxHeaderBytes: 16 * 1024,
  maxConnections: 1024,
  maxStrangerConnections: 512,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  keepAliveMs: 5_000,
  keepAliveBehindProxyMs: 65_000,
  maxWaiting: 10_000,
  maxWaitingBytes: 256 * mebibyte,
  failedVerifications: { perSecond: 20, burst: 100 },
  keptBodyWaitMs: 1000,
  strayBytesWaitMs: 250,
};
