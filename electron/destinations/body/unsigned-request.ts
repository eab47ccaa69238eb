/** What is sent, before it is signed. */
export interface UnsignedRequest {
  headers: [string, string][];
  body: Buffer;
  /** In place of POST. */
  method?: string;
}
