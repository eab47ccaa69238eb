export interface ReceiverLimits {
  /** Of a body as sent and again after inflation, where the source sets no own limit. */
  maxBodyBytes: number;
  /** Bodies held at the same time, over all requests. */
  maxBytesInFlight: number;
  maxHeaders: number;
  maxHeaderBytes: number;
  maxConnections: number;
  headersTimeoutMs: number;
  requestTimeoutMs: number;
  keepAliveMs: number;
  /** Behind a trusted proxy: longer than the 60 s that common proxies keep a connection, so that it is they who close. */
  keepAliveBehindProxyMs: number;
  rateLimit: { perSecond: number; burst: number };
  /** Deliveries waiting for the disk, and their bytes, above which new ones are turned away. */
  maxWaiting: number;
  maxWaitingBytes: number;
}

const mebibyte = 1024 * 1024;

export const defaultLimits: ReceiverLimits = {
  maxBodyBytes: mebibyte,
  maxBytesInFlight: 64 * mebibyte,
  maxHeaders: 100,
  maxHeaderBytes: 16 * 1024,
  maxConnections: 512,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  keepAliveMs: 5_000,
  keepAliveBehindProxyMs: 65_000,
  rateLimit: { perSecond: 50, burst: 200 },
  maxWaiting: 10_000,
  maxWaitingBytes: 256 * mebibyte,
};
