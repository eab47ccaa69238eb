import { createHmac } from 'node:crypto';

/** A request to a hook, and what both programs have to answer. */
export interface HookCase {
  title: string;
  hook: string;
  method?: string;
  query?: string;
  headers?: Record<string, string>;
  body?: string;
  status: number;
  answer: string | RegExp;
  /** Headers of the answer. */
  answers?: Record<string, string>;
}

const json = { 'content-type': 'application/json' };
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const signed = (algorithm: 'sha1' | 'sha256' | 'sha512', body: string, secret = 'tidewater'): string =>
  createHmac(algorithm, secret).update(body).digest('hex');

/** As Scalr writes dates. */
function scalrDate(atMs: number): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) (\S+) GMT$/.exec(new Date(atMs).toUTCString()) ?? [];
  return `${new Date(atMs).toUTCString().slice(0, 3)} ${day} ${month} ${year} ${time} UTC`;
}

const match = (source: string, name: string, value: unknown) => ({
  match: { type: 'value', value, parameter: { source, name } },
});
const hmac = (algorithm: string, header: string, secret = 'tidewater') => ({
  match: { type: `payload-hmac-${algorithm}`, secret, parameter: { source: 'header', name: header } },
});
const isMain = match('payload', 'ref', 'refs/heads/main');
const output = { 'include-command-output-in-response': true };

/** `echo` is a program that prints its arguments and its variables HOOK_…, and ends with the code of an argument exit=N. */
export const hooksFor = (echo: string, cwd: string): object[] => [
  {
    id: 'push',
    'execute-command': echo,
    'command-working-directory': cwd,
    'http-methods': ['Post '],
    ...output,
    'trigger-rule-mismatch-http-response-code': 400,
    'pass-environment-to-command': [{ source: 'payload', name: 'head_commit.timestamp' }],
    'pass-arguments-to-command': [
      { source: 'payload', name: 'head_commit.id' },
      { source: 'payload', name: 'head_commit.author.email' },
    ],
    'trigger-rule': { and: [hmac('sha1', 'X-Hub-Signature'), isMain] },
  },
  {
    id: 'push-two-secrets',
    'execute-command': echo,
    'response-message': 'queued',
    'trigger-signature-soft-failures': true,
    'trigger-rule': {
      and: [{ or: [hmac('sha256', 'X-Signature', 'former'), hmac('sha256', 'X-Signature')] }, isMain],
    },
  },
  {
    id: 'push-hard',
    'execute-command': echo,
    'trigger-rule': { or: [hmac('sha512', 'X-Signature', 'former'), hmac('sha512', 'X-Signature')] },
  },
  {
    id: 'push-or-ping',
    'execute-command': echo,
    'response-message': 'seen',
    'trigger-rule': {
      and: [hmac('sha1', 'X-Hub-Signature'), { or: [isMain, match('header', 'X-GitHub-Event', 'ping')] }],
    },
  },
  {
    id: 'form-with-json',
    'execute-command': echo,
    'response-message': 'taken',
    'trigger-rule-mismatch-http-response-code': 999,
    'parse-parameters-as-json': [{ source: 'payload', name: 'payload' }],
    'trigger-rule': {
      and: [match('payload', 'payload.state', 'passed'), match('payload', 'payload.commits.0.branch', 'main')],
    },
  },
  {
    id: 'markup',
    'execute-command': echo,
    'response-message': 'read',
    'trigger-rule': {
      and: [
        match('payload', 'fleet.ships.ship.1.-name', 'Ida'),
        match('payload', 'fleet.notes.note.#text', 'ahoy'),
        match('payload', 'fleet.port', 'Odense'),
      ],
    },
  },
  { id: 'raw', 'execute-command': echo, ...output, 'pass-arguments-to-command': [{ source: 'raw-request-body' }] },
  {
    id: 'list',
    'execute-command': echo,
    'response-message': 'one',
    'trigger-rule': match('payload', 'root.1.event', 'deferred'),
  },
  {
    id: 'list/deep',
    'execute-command': echo,
    'response-message': 'two',
    'trigger-rule': match('payload', 'root.0.event', 'sent'),
  },
  {
    id: 'media',
    'execute-command': echo,
    'response-message': 'played',
    'parse-parameters-as-json': [{ source: 'payload', name: 'payload' }],
    'trigger-rule': match('payload', 'payload.event', 'media.play'),
  },
  { id: 'quiet', 'execute-command': echo, 'pass-arguments-to-command': [{ source: 'string', name: 'exit=0' }] },
  {
    id: 'loud',
    'execute-command': echo,
    ...output,
    'pass-arguments-to-command': [{ source: 'string', name: 'exit=0' }],
  },
  {
    id: 'failing',
    'execute-command': echo,
    ...output,
    'pass-arguments-to-command': [{ source: 'string', name: 'exit=1' }],
  },
  {
    id: 'failing-loud',
    'execute-command': echo,
    ...output,
    'include-command-output-in-response-on-error': true,
    'pass-arguments-to-command': [{ source: 'string', name: 'exit=1' }],
  },
  { id: 'no-program', 'execute-command': `${echo} foo`, ...output },
  {
    id: 'request',
    'execute-command': echo,
    ...output,
    'pass-arguments-to-command': [{ source: 'request', name: 'method' }],
    'trigger-rule': {
      match: { type: 'regex', regex: '^127\\.', parameter: { source: 'request', name: 'remote-addr' } },
    },
  },
  {
    id: 'one-of-two',
    'execute-command': echo,
    'response-message': 'some',
    'trigger-rule': { or: [match('payload', 'foo', 'bar'), match('payload', 'exists', 1)] },
  },
  {
    id: 'both',
    'execute-command': echo,
    'response-message': 'all',
    'trigger-rule': { and: [match('payload', 'foo', 'bar'), match('payload', 'exists', 1)] },
  },
  {
    id: 'not',
    'execute-command': echo,
    'response-message': 'other',
    'trigger-rule': { not: match('payload', 'ref', 'refs/heads/draft') },
  },
  {
    id: 'and-not',
    'execute-command': echo,
    'response-message': 'other',
    'trigger-rule': { and: [match('payload', 'kind', 'push'), { not: match('payload', 'ref', 'refs/heads/draft') }] },
  },
  {
    id: 'empty-signed',
    'execute-command': echo,
    ...output,
    'trigger-rule': { and: [hmac('sha1', 'X-Hub-Signature')] },
  },
  {
    id: 'token',
    'execute-command': echo,
    'response-message': 'with token',
    'response-headers': [{ name: 'Access-Control-Allow-Origin', value: '*' }],
    'success-http-response-code': 201,
    'trigger-rule': match('url', 'token', '42'),
  },
  {
    id: 'static-token',
    'execute-command': echo,
    'response-message': 'yes',
    'trigger-rule': match('header', 'X-Gitlab-Token', 'made-up'),
  },
  {
    id: 'slash',
    'execute-command': echo,
    'response-message': 'yes',
    'trigger-rule': match('payload', 'token', 'made-up'),
  },
  {
    id: 'addresses',
    'execute-command': echo,
    'response-message': 'near',
    'trigger-rule': {
      or: [
        { match: { type: 'ip-whitelist', 'ip-range': '192.0.2.0/24' } },
        { match: { type: 'ip-whitelist', 'ip-range': '127.0.0.1' } },
      ],
    },
  },
  {
    id: 'far',
    'execute-command': echo,
    'trigger-rule': { match: { type: 'ip-whitelist', 'ip-range': '192.0.2.0/24 198.51.100.7' } },
  },
  {
    id: 'scalr',
    'execute-command': echo,
    'response-message': 'scaled',
    'trigger-rule': { match: { type: 'scalr-signature', secret: 'tidewater' } },
  },
  {
    id: 'whole',
    'execute-command': echo,
    ...output,
    'incoming-payload-content-type': 'application/json',
    'pass-arguments-to-command': [
      { source: 'string', name: '-e' },
      { source: 'entire-payload' },
      { source: 'entire-query' },
      { source: 'payload', name: 'list' },
      { source: 'query', name: 'q' },
      { source: 'header', name: 'X-Kind' },
      { source: 'payload', name: 'number' },
    ],
    'pass-environment-to-command': [
      { source: 'payload', name: 'yes', envname: 'HOOK_YES' },
      { source: 'string', name: 'fixed', envname: 'HOOK_FIXED' },
      { source: 'payload', name: 'absent' },
    ],
  },
  {
    id: 'headers',
    'execute-command': echo,
    ...output,
    'pass-arguments-to-command': [{ source: 'entire-headers' }],
  },
  {
    id: 'file',
    'execute-command': echo,
    ...output,
    'pass-arguments-to-command': [{ source: 'string', name: 'cat=HOOK_BINARY' }],
    'pass-file-to-command': [{ source: 'payload', name: 'binary', base64decode: true }],
  },
];

const push = (ref: string, more: object = {}): string =>
  JSON.stringify({
    ref,
    head_commit: { id: 'c0ffee', author: { email: 'mila@harbor.example' }, timestamp: '2026-01-31T08:00:00Z' },
    ...more,
  });
const main = push('refs/heads/main');
const draft = push('refs/heads/draft');
const unmatched = 'Hook rules were not satisfied.';
const evaluating = 'Error occurred while evaluating hook rules.';
const executing = "Error occurred while executing the hook's command. Please check your logs for more details.";
const part = (head: string, content: string): string =>
  `--tide\r\nContent-Disposition: form-data; ${head}\r\n\r\n${content}\r\n`;
const noCommit = '{"ref":"refs/heads/main","head_commit":{"id":"c0ffee"}}';
const now = scalrDate(Date.now());
const old = scalrDate(Date.now() - 3_600_000);

export const hookCases: readonly HookCase[] = [
  {
    title: 'signed',
    hook: 'push',
    headers: { ...json, 'x-hub-signature': `sha1=${signed('sha1', main)}` },
    body: main,
    status: 200,
    answer: 'arg: c0ffee mila@harbor.example\nenv: HOOK_head_commit.timestamp=2026-01-31T08:00:00Z\n',
  },
  {
    title: 'one of several signatures',
    hook: 'push',
    headers: { ...json, 'x-hub-signature': `sha1=00,sha1=${signed('sha1', main)}` },
    body: main,
    status: 200,
    answer: /c0ffee/,
  },
  {
    title: 'a wrong signature',
    hook: 'push',
    headers: { ...json, 'x-hub-signature': `sha1=${signed('sha1', draft)}` },
    body: main,
    status: 500,
    answer: evaluating,
  },
  { title: 'no signature', hook: 'push', headers: json, body: main, status: 400, answer: unmatched },
  {
    title: 'another branch',
    hook: 'push',
    headers: { ...json, 'x-hub-signature': signed('sha1', draft) },
    body: draft,
    status: 400,
    answer: unmatched,
  },
  {
    title: 'values that are not there',
    hook: 'push',
    headers: { ...json, 'x-hub-signature': signed('sha1', noCommit) },
    body: noCommit,
    status: 200,
    answer: 'arg: c0ffee \n',
  },
  { title: 'another method', hook: 'push', method: 'GET', status: 405, answer: '' },
  {
    title: 'an unknown content type',
    hook: 'push',
    headers: { 'content-type': 'made/up', 'x-hub-signature': signed('sha1', main) },
    body: main,
    status: 400,
    answer: unmatched,
  },
  {
    title: 'the second secret',
    hook: 'push-two-secrets',
    headers: { ...json, 'x-signature': `sha256=${signed('sha256', main)}` },
    body: main,
    status: 200,
    answer: 'queued',
  },
  {
    title: 'no secret of both',
    hook: 'push-two-secrets',
    headers: { ...json, 'x-signature': signed('sha256', main, 'guess') },
    body: main,
    status: 200,
    answer: unmatched,
  },
  {
    title: 'a wrong signature ends an or',
    hook: 'push-hard',
    headers: { ...json, 'x-signature': signed('sha512', main) },
    body: main,
    status: 500,
    answer: evaluating,
  },
  {
    title: 'the first of an or',
    hook: 'push-hard',
    headers: { ...json, 'x-signature': signed('sha512', main, 'former') },
    body: main,
    status: 200,
    answer: '',
  },
  {
    title: 'a signed ping',
    hook: 'push-or-ping',
    headers: { ...json, 'x-hub-signature': signed('sha1', '{}'), 'x-github-event': 'ping' },
    body: '{}',
    status: 200,
    answer: 'seen',
  },
  {
    title: 'a signed other',
    hook: 'push-or-ping',
    headers: { ...json, 'x-hub-signature': signed('sha1', '{}') },
    body: '{}',
    status: 200,
    answer: unmatched,
  },
  {
    title: 'JSON in a form',
    hook: 'form-with-json',
    headers: form,
    body: `payload=${encodeURIComponent('{"state":"passed","commits":[{"branch":"main"}]}')}`,
    status: 200,
    answer: 'taken',
  },
  {
    title: 'other JSON in a form',
    hook: 'form-with-json',
    headers: form,
    body: 'payload={"state":"failed"}',
    status: 200,
    answer: unmatched,
  },
  {
    title: 'a form without JSON',
    hook: 'form-with-json',
    headers: form,
    body: 'payload=none',
    status: 200,
    answer: unmatched,
  },
  {
    title: 'XML',
    hook: 'markup',
    headers: { 'content-type': 'application/xml' },
    body: '<fleet>\n <ships><ship id="1" name="Ada"/><ship id="2" name="Ida"/></ships>\n <notes><note by="1">ahoy</note></notes><port>Odense</port></fleet>',
    status: 200,
    answer: 'read',
  },
  {
    title: 'XML that is not closed',
    hook: 'markup',
    headers: { 'content-type': 'text/xml' },
    body: '<fleet><ships>',
    status: 200,
    answer: unmatched,
  },
  {
    title: 'text',
    hook: 'raw',
    headers: { 'content-type': 'text/plain' },
    body: '# head\n\nline',
    status: 200,
    answer: 'arg: # head\n\nline\n',
  },
  {
    title: 'a list',
    hook: 'list',
    headers: json,
    body: '[{"event":"sent"},{"event":"deferred"}]',
    status: 200,
    answer: 'one',
  },
  {
    title: 'a shorter list',
    hook: 'list',
    headers: json,
    body: ' [{"event":"deferred"}]',
    status: 200,
    answer: unmatched,
  },
  {
    title: 'an id with a slash',
    hook: 'list/deep',
    headers: json,
    body: '[{"event":"sent"}]',
    status: 200,
    answer: 'two',
  },
  {
    title: 'a multipart form',
    hook: 'media',
    headers: { 'content-type': 'multipart/form-data; boundary=tide' },
    body: `${part('name="payload"', '{"event":"media.play"}')}${part('name="thumb"; filename="t.jpg"', 'binary')}--tide--`,
    status: 200,
    answer: 'played',
  },
  {
    title: 'a file of JSON',
    hook: 'media',
    headers: { 'content-type': 'multipart/form-data; boundary=tide' },
    body: `${part('name="payload"; filename="p"', '{"event":"media.play"}')}--tide--`,
    status: 200,
    answer: 'played',
  },
  { title: 'no message', hook: 'quiet', headers: json, body: '{}', status: 200, answer: '' },
  { title: 'a GET', hook: 'quiet', method: 'GET', status: 200, answer: '' },
  { title: 'output', hook: 'loud', headers: json, body: '{}', status: 200, answer: 'arg: exit=0\n' },
  { title: 'a failure', hook: 'failing', headers: json, body: '{}', status: 500, answer: executing },
  {
    title: 'output of a failure',
    hook: 'failing-loud',
    headers: json,
    body: '{}',
    status: 500,
    answer: 'arg: exit=1\n',
  },
  {
    title: 'a program that is not there',
    hook: 'no-program',
    headers: json,
    body: '{}',
    status: 500,
    answer: executing,
  },
  { title: 'the method', hook: 'request', method: 'PUT', headers: json, body: '{}', status: 200, answer: 'arg: PUT\n' },
  { title: 'a number', hook: 'one-of-two', headers: json, body: '{"exists": 1}', status: 200, answer: 'some' },
  {
    title: 'a number as text',
    hook: 'one-of-two',
    headers: json,
    body: '{"exists": "1"}',
    status: 200,
    answer: 'some',
  },
  {
    title: 'a missing value in an and',
    hook: 'both',
    headers: json,
    body: '{"exists": 1}',
    status: 200,
    answer: unmatched,
  },
  { title: 'not', hook: 'not', headers: json, body: main, status: 200, answer: 'other' },
  { title: 'not, equal', hook: 'not', headers: json, body: draft, status: 200, answer: unmatched },
  { title: 'not, missing', hook: 'not', headers: json, body: '{}', status: 200, answer: 'other' },
  {
    title: 'and not',
    hook: 'and-not',
    headers: json,
    body: push('refs/heads/main', { kind: 'push' }),
    status: 200,
    answer: 'other',
  },
  {
    title: 'and not, missing',
    hook: 'and-not',
    headers: json,
    body: '{"kind":"push"}',
    status: 200,
    answer: unmatched,
  },
  {
    title: 'an empty body, signed',
    hook: 'empty-signed',
    headers: { ...json, 'x-hub-signature': signed('sha1', '') },
    status: 200,
    answer: '',
  },
  {
    title: 'a token in the query',
    hook: 'token',
    method: 'GET',
    query: '?token=42',
    status: 201,
    answer: 'with token',
    answers: { 'access-control-allow-origin': '*' },
  },
  { title: 'no token in the query', hook: 'token', method: 'GET', status: 200, answer: unmatched },
  {
    title: 'a wrong token in the query',
    hook: 'token',
    method: 'GET',
    query: '?token=43',
    status: 200,
    answer: unmatched,
  },
  {
    title: 'a token in a header',
    hook: 'static-token',
    headers: { ...json, 'x-gitlab-token': 'made-up' },
    body: '{}',
    status: 200,
    answer: 'yes',
  },
  {
    title: 'a token in a form',
    hook: 'slash',
    headers: form,
    body: 'token=made-up&text=go',
    status: 200,
    answer: 'yes',
  },
  {
    title: 'a wrong token in a form',
    hook: 'slash',
    headers: form,
    body: 'token=made&text=go',
    status: 200,
    answer: unmatched,
  },
  { title: 'an address in the list', hook: 'addresses', headers: json, body: '{}', status: 200, answer: 'near' },
  { title: 'an address not in the list', hook: 'far', headers: json, body: '{}', status: 200, answer: unmatched },
  {
    title: 'Scalr',
    hook: 'scalr',
    headers: { ...json, date: now, 'x-signature': signed('sha1', `{}${now}`) },
    body: '{}',
    status: 200,
    answer: 'scaled',
  },
  {
    title: 'Scalr, too old',
    hook: 'scalr',
    headers: { ...json, date: old, 'x-signature': signed('sha1', `{}${old}`) },
    body: '{}',
    status: 500,
    answer: evaluating,
  },
  { title: 'Scalr, no signature', hook: 'scalr', headers: json, body: '{}', status: 200, answer: unmatched },
  {
    title: 'everything',
    hook: 'whole',
    query: '?q=a%20b&r=1',
    headers: { 'content-type': 'text/plain', 'x-kind': 'k' },
    body: '{"list":[1,{"b":2,"a":1}],"yes":true,"number":1.50}',
    status: 200,
    answer:
      'arg: -e {"list":[1,{"a":1,"b":2}],"number":1.50,"yes":true} {"q":"a b","r":"1"} [1,{"a":1,"b":2}] a b k 1.50\nenv: HOOK_FIXED=fixed HOOK_YES=true\n',
  },
  {
    title: 'a file',
    hook: 'file',
    headers: json,
    body: `{"binary":"${Buffer.from('tide tables').toString('base64')}"}`,
    status: 200,
    answer: 'arg: cat=HOOK_BINARY\ntide tables',
  },
  {
    title: 'all headers',
    hook: 'headers',
    headers: { ...json, connection: 'close' },
    body: '{}',
    status: 200,
    answer: 'arg: {"Connection":"close","Content-Length":"2","Content-Type":"application/json"}\n',
  },
];
