/**
 * The ceiling: Express 5 that does nothing but put each body into SQLite, with the store's own pragmas and a group
 * commit each turn of the event loop, and answers 202 after the commit. `node bare-express.ts <database file>`.
 */
import Database from 'better-sqlite3';
import express, { type Request, type Response } from 'express';

const [, , file = ''] = process.argv;
const db = new Database(file);
db.pragma('page_size = 8192');
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
db.pragma('wal_autocheckpoint = 4000');
db.pragma('cache_size = -65536');
db.exec('CREATE TABLE received (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, body BLOB NOT NULL) STRICT');
const insert = db.prepare('INSERT INTO received (at, body) VALUES (?, ?)');

let waiting: { body: Buffer; res: Response }[] = [];

function commit(): void {
  const batch = waiting;
  waiting = [];
  db.exec('BEGIN IMMEDIATE');
  for (const { body } of batch) insert.run(Date.now(), body);
  db.exec('COMMIT');
  for (const { res } of batch) {
    res.writeHead(202, { 'content-type': 'application/json', 'content-length': 17 });
    res.end('{"accepted":true}');
  }
}

const app = express();
app.disable('x-powered-by');
app.post('/in/bench', (req: Request, res: Response) => {
  const chunks: Buffer[] = [];
  req.on('data', (chunk: Buffer) => chunks.push(chunk));
  req.on('end', () => {
    if (waiting.length === 0) setImmediate(commit);
    waiting.push({ body: Buffer.concat(chunks), res });
  });
});
const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null) process.stdout.write(`port ${address.port}\n`);
});
process.on('SIGTERM', () => process.exit(0));
