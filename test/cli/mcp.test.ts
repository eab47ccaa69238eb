import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { endedRunsOf, makePlace, type Signalbox, startSignalbox } from '../process/signalbox.ts';
import { commandLine, runCommand } from './run-signalbox.ts';

const config = `version: 1
sources:
  - { slug: crm, preset: generic, event: { type: $.event } }
jobs:
  - { slug: work, kind: command, command: [${JSON.stringify(process.execPath)}, -e, "console.log('out'); process.exitCode = 3"] }
listeners:
  - { slug: orders, source: crm, type: "order.*", job: work }
`;

const place = makePlace();
let box: Signalbox;
let event: string;
let run: string;

beforeAll(async () => {
  box = await startSignalbox({ dataDir: place.dataDir, config });
  [event = ''] = await box.accept('crm', { event: 'order.paid', amount: 9007199254740993n.toString() });
  run = (await endedRunsOf(box, event))[0]?.id ?? '';
});

afterAll(async () => {
  await box.end();
  place.remove();
});

const resultSchema = z.object({
  content: z.array(z.object({ type: z.literal('text'), text: z.string() })).length(1),
  isError: z.boolean().optional(),
});

/** A client as assistants have it: the command is its child, and they speak over its standard streams. */
async function connect(...more: string[]) {
  const [command, ...args] = commandLine(['mcp', '--data-dir', place.dataDir, ...more]);
  const transport = new StdioClientTransport({ command, args, env: { PATH: process.env.PATH ?? '' }, stderr: 'pipe' });
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(transport);
  onTestFinished(() => client.close());
  return {
    names: async () => (await client.listTools()).tools.map(({ name }) => name),
    tools: async () => (await client.listTools()).tools,
    async call(name: string, input: Record<string, unknown> = {}) {
      const { content, isError = false } = resultSchema.parse(await client.callTool({ name, arguments: input }));
      return { isError, text: content[0]?.text ?? '' };
    },
  };
}

describe('signalbox mcp', () => {
  it('offers what is stored, and nothing that changes anything', async () => {
    const { call, tools } = await connect();
    expect((await tools()).every(({ annotations }) => annotations?.readOnlyHint === true)).toBe(true);
    expect(JSON.parse((await call('status')).text)).toMatchObject({ mode: 'headless' });
    const { items } = JSON.parse((await call('list_events', { query: 'type:order.*' })).text);
    expect(items).toMatchObject([{ id: event }]);
    expect(JSON.parse((await call('get_event', { id: event })).text)).toMatchObject({
      payload: { event: 'order.paid' },
    });
    expect(JSON.parse((await call('explain_event', { id: event })).text)).toMatchObject({ items: [{ matched: true }] });
    expect(JSON.parse((await call('list_runs', { state: 'failed', inbox: true })).text)).toMatchObject({
      items: [{ id: run }],
    });
    expect(JSON.parse((await call('get_run', { id: run })).text)).toMatchObject({ exitCode: 3 });
    expect(JSON.parse((await call('get_run_output', { id: run })).text)).toMatchObject({ items: [{ text: 'out' }] });
    expect(JSON.parse((await call('list_deliveries', { source: 'crm' })).text)).toMatchObject({
      items: [{ result: 'accepted' }],
    });
    expect(JSON.parse((await call('list_definitions')).text)).toMatchObject({ jobs: [{ slug: 'work' }] });
    expect(await call('get_event', { id: 'evt_none' })).toMatchObject({ isError: true });
    expect(await call('list_events', { query: 'type:' })).toMatchObject({ isError: true });
    const refused = await call('retry_run', { id: run }).catch((error: unknown) => ({
      isError: true,
      text: String(error),
    }));
    expect(refused).toMatchObject({ isError: true });
    expect((await box.call('runs.list', {})).items).toHaveLength(1);
  });

  it('offers actions when they are allowed, approvals not among them', async () => {
    const { call, names } = await connect('--allow-actions');
    const all = await names();
    expect(all).toEqual(expect.arrayContaining(['retry_run', 'cancel_run', 'acknowledge_runs', 'replay_events']));
    expect(all.filter((name) => name.includes('approve'))).toEqual([]);
    expect(JSON.parse((await call('acknowledge_runs', { ids: [run], note: 'seen' })).text)).toMatchObject({
      items: [{ acknowledgedAt: expect.any(String) }],
    });
    expect(JSON.parse((await call('retry_run', { id: run })).text)).toMatchObject({ retryOf: run });
    const sent = await call('send_test_delivery', { source: 'crm', body: '{"event":"order.sent"}' });
    expect(JSON.parse(sent.text)).toMatchObject({ status: 202 });
  });

  it('says in one sentence that no server runs', async () => {
    const { code, stdout, stderr } = await runCommand(['mcp', '--data-dir', `${place.dir}/none`]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(/^signalbox: No Signalbox is running/);
  });
});
