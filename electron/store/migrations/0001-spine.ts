/**
 * The whole way of an event. Times are milliseconds since 1970 (UTC); `seq` is the order of arrival and is what pages
 * are cut by; `id` is what the outside sees. Slugs are stored beside rows of the stream instead of keys to the
 * definition tables: history must keep its names when a definition is gone.
 */
export const sql = `
CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE settings (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE secrets (
  name TEXT PRIMARY KEY,
  sealed BLOB NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE signing_keys (
  seq INTEGER PRIMARY KEY,
  kid TEXT NOT NULL UNIQUE,
  algorithm TEXT NOT NULL,
  public_jwk TEXT NOT NULL,
  sealed BLOB NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

-- Event types that operators have described, beside those that Signalbox knows.
CREATE TABLE local_types (
  system TEXT NOT NULL,
  type TEXT NOT NULL,
  description TEXT NOT NULL,
  added_at INTEGER NOT NULL,
  PRIMARY KEY (system, type)
) STRICT, WITHOUT ROWID;

CREATE TABLE sources (
  slug TEXT PRIMARY KEY,
  spec TEXT NOT NULL,
  owner TEXT NOT NULL CHECK (owner IN ('user', 'config', 'builtin')),
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE jobs (
  slug TEXT PRIMARY KEY,
  spec TEXT NOT NULL,
  base_dir TEXT,
  owner TEXT NOT NULL CHECK (owner IN ('user', 'config', 'builtin')),
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE listeners (
  slug TEXT PRIMARY KEY,
  spec TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('active', 'disabled', 'deleted')),
  owner TEXT NOT NULL CHECK (owner IN ('user', 'config', 'builtin')),
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE listener_versions (
  slug TEXT NOT NULL,
  version INTEGER NOT NULL,
  spec TEXT NOT NULL,
  state TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (slug, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE deliveries (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  source TEXT,
  received_at INTEGER NOT NULL,
  method TEXT NOT NULL,
  url TEXT NOT NULL,
  remote_address TEXT NOT NULL,
  content_type TEXT,
  headers TEXT NOT NULL,
  body BLOB NOT NULL,
  body_bytes INTEGER NOT NULL,
  result TEXT NOT NULL CHECK (result IN ('accepted', 'duplicate', 'refused')),
  status INTEGER NOT NULL,
  reason_code TEXT,
  reason_message TEXT,
  event_ids TEXT NOT NULL
) STRICT;
CREATE INDEX deliveries_by_source ON deliveries (source, seq);
CREATE INDEX deliveries_refused ON deliveries (source, seq) WHERE result = 'refused';

CREATE TABLE event_types (
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  system TEXT NOT NULL,
  type TEXT NOT NULL,
  UNIQUE (source, system, type)
) STRICT;

CREATE TABLE events (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  type_id INTEGER NOT NULL REFERENCES event_types (id),
  external_id TEXT,
  occurred_at INTEGER,
  received_at INTEGER NOT NULL,
  context TEXT NOT NULL,
  payload TEXT NOT NULL,
  delivery_seq INTEGER,
  verification TEXT NOT NULL,
  replay_of TEXT,
  caused_by_run TEXT,
  depth INTEGER NOT NULL DEFAULT 0,
  ignored INTEGER NOT NULL DEFAULT 0,
  chain_stopped INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX events_by_type ON events (type_id, seq);
CREATE INDEX events_ignored ON events (seq) WHERE ignored = 1;
CREATE INDEX events_replays ON events (replay_of, seq) WHERE replay_of IS NOT NULL;
CREATE INDEX events_caused ON events (caused_by_run, seq) WHERE caused_by_run IS NOT NULL;
CREATE INDEX events_by_delivery ON events (delivery_seq) WHERE delivery_seq IS NOT NULL;

-- What senders were answered with where a listener enriches; a repeat of the event gets the same again.
CREATE TABLE answers (
  seq INTEGER PRIMARY KEY,
  delivery_seq INTEGER NOT NULL,
  event_id TEXT NOT NULL UNIQUE,
  listener TEXT NOT NULL,
  run_id TEXT,
  decided TEXT NOT NULL CHECK (decided IN ('job', 'fallback')),
  reason TEXT,
  message TEXT,
  decision TEXT NOT NULL,
  status INTEGER NOT NULL,
  content_type TEXT NOT NULL,
  body TEXT NOT NULL,
  passed_over TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;

CREATE TABLE dedupe (
  source TEXT NOT NULL,
  external_id TEXT NOT NULL,
  event_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (source, external_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX dedupe_by_age ON dedupe (at);

CREATE TABLE runs (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  event_seq INTEGER NOT NULL,
  listener TEXT,
  listener_version INTEGER,
  job TEXT NOT NULL,
  retry_no INTEGER NOT NULL DEFAULT 0,
  retry_of TEXT,
  state TEXT NOT NULL CHECK (state IN ('pending', 'scheduled', 'queued', 'running', 'interaction_required', 'completed',
    'failed', 'canceled')),
  reason TEXT,
  error TEXT,
  attempt INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL,
  exit_code INTEGER,
  signal TEXT,
  progress TEXT,
  outcome TEXT,
  due_at INTEGER,
  queued_at INTEGER NOT NULL,
  started_at INTEGER,
  finished_at INTEGER,
  acknowledge TEXT NOT NULL CHECK (acknowledge IN ('required', 'none')),
  inbox INTEGER NOT NULL DEFAULT 0,
  acknowledged_at INTEGER,
  acknowledged_by TEXT,
  note TEXT,
  depth INTEGER NOT NULL DEFAULT 0,
  mode TEXT NOT NULL DEFAULT 'foreground',
  needs_approval INTEGER NOT NULL DEFAULT 0,
  decided_by TEXT,
  decided_at INTEGER,
  expires_at INTEGER,
  steps TEXT,
  question TEXT
) STRICT;
-- Planning happens exactly once for an event and a listener; a retry is a new run with the next retry_no.
CREATE UNIQUE INDEX runs_once ON runs (event_seq, listener, retry_no);
CREATE INDEX runs_waiting ON runs (job, seq) WHERE state = 'queued';
CREATE INDEX runs_scheduled ON runs (due_at) WHERE state = 'scheduled';
CREATE INDEX runs_running ON runs (seq) WHERE state = 'running';
CREATE INDEX runs_expiring ON runs (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX runs_failed ON runs (seq) WHERE state = 'failed';
CREATE INDEX runs_inbox ON runs (seq) WHERE inbox = 1;
CREATE INDEX runs_by_job ON runs (job, seq);
CREATE INDEX runs_retries ON runs (retry_of) WHERE retry_of IS NOT NULL;

-- Attempts before the latest; the latest stands in runs itself, so that a run that succeeds at once writes one row.
CREATE TABLE run_attempts (
  run_seq INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  state TEXT NOT NULL,
  reason TEXT,
  error TEXT,
  exit_code INTEGER,
  signal TEXT,
  started_at INTEGER,
  finished_at INTEGER,
  PRIMARY KEY (run_seq, attempt)
) STRICT, WITHOUT ROWID;

CREATE TABLE run_annotations (
  run_seq INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  n INTEGER NOT NULL,
  level TEXT NOT NULL,
  text TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (run_seq, attempt, n)
) STRICT, WITHOUT ROWID;

-- What an operator decided on, as it was shown: the latest decision of a run.
CREATE TABLE run_approvals (
  run_seq INTEGER PRIMARY KEY,
  job TEXT NOT NULL,
  decision TEXT NOT NULL CHECK (decision IN ('approved', 'rejected')),
  plan TEXT NOT NULL,
  by TEXT NOT NULL,
  at INTEGER NOT NULL,
  note TEXT
) STRICT;
CREATE INDEX run_approvals_by_job ON run_approvals (job, at) WHERE decision = 'approved';

-- What running jobs asked. Secret values are not part of an answer here.
CREATE TABLE run_questions (
  id TEXT PRIMARY KEY,
  run_seq INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  type TEXT NOT NULL,
  message TEXT NOT NULL,
  asked_at INTEGER NOT NULL,
  result TEXT NOT NULL CHECK (result IN ('open', 'answered', 'unanswered', 'canceled')),
  answer TEXT,
  answered_by TEXT,
  answered_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX run_questions_by_run ON run_questions (run_seq);

-- Events that are to come. They become events, once, when they are due.
CREATE TABLE scheduled_events (
  id TEXT PRIMARY KEY,
  source TEXT NOT NULL,
  system TEXT NOT NULL,
  type TEXT NOT NULL,
  context TEXT NOT NULL,
  payload TEXT NOT NULL,
  verification TEXT NOT NULL,
  external_id TEXT,
  occurred_at INTEGER,
  delivery_seq INTEGER,
  due_at INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('scheduled', 'fired', 'canceled')),
  caused_by_run TEXT,
  depth INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT,
  event_id TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX scheduled_events_due ON scheduled_events (due_at) WHERE state = 'scheduled';
CREATE INDEX scheduled_events_past ON scheduled_events (state, due_at) WHERE state <> 'scheduled';

-- Chunks of one stream's lines, as JSON. The head is kept as it came; chunks of the tail are dropped from its front as
-- new ones come. Lines carry their order across streams.
CREATE TABLE run_output (
  run_seq INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  n INTEGER NOT NULL,
  stream TEXT NOT NULL,
  lines TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (run_seq, attempt, n)
) STRICT, WITHOUT ROWID;
`;
