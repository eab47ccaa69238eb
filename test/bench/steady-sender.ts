import { Agent, request } from 'node:http';

export interface SteadySender {
  sent(): number;
  failed(): number;
  /** From sending to the answer. */
  answerMs(): readonly number[];
  /** Stops and waits for the last answers. */
  stop(): Promise<void>;
}

/** Posts at an even rate, on time even when answers are late. `body` is called as each one is sent. */
export function sendSteadily(url: string, perSecond: number, body: (n: number) => string): SteadySender {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const startedMs = performance.now();
  const answerMs: number[] = [];
  let sent = 0;
  let failed = 0;
  let open = 0;
  let onQuiet: (() => void) | null = null;

  const closed = (): void => {
    open--;
    if (open === 0) onQuiet?.();
  };

  function send(): void {
    const sentMs = performance.now();
    const text = body(sent++);
    open++;
    const req = request(url, {
      method: 'POST',
      agent,
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) },
    });
    req.on('response', (res) => {
      if (res.statusCode !== 202) failed++;
      answerMs.push(performance.now() - sentMs);
      res.resume();
      res.on('close', closed);
    });
    req.on('error', () => {
      failed++;
      closed();
    });
    req.end(text);
  }

  const timer = setInterval(() => {
    const due = ((performance.now() - startedMs) / 1000) * perSecond;
    while (sent < due) send();
  }, 1);

  return {
    sent: () => sent,
    failed: () => failed,
    answerMs: () => answerMs,
    async stop() {
      clearInterval(timer);
      if (open > 0) await new Promise<void>((resolve) => (onQuiet = resolve));
      agent.destroy();
    },
  };
}
