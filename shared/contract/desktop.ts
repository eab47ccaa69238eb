import { z } from 'zod';
import { call } from './call.ts';

const updateSchema = z.object({
  version: z.string(),
  /** Where to get it; opened in the browser. */
  url: z.string(),
});

export const desktopStateSchema = z.object({
  startAtLogin: z.object({ enabled: z.boolean(), supported: z.boolean() }),
  updates: z.object({
    /** Address of the feed; empty: no updates are looked for. */
    feed: z.string(),
    available: updateSchema.nullable(),
    checkedAt: z.string().nullable(),
    problem: z.string().nullable(),
  }),
});
export type DesktopState = z.infer<typeof desktopStateSchema>;

const none = z.strictObject({});

/** Calls that the desktop app itself answers, whichever connection its window shows. A server has none of them. */
export const desktopCalls = {
  'desktop.state': call(none, desktopStateSchema),
  'desktop.setStartAtLogin': call(z.strictObject({ enabled: z.boolean() }), desktopStateSchema),
  'desktop.setUpdateFeed': call(
    z.strictObject({ feed: z.union([z.literal(''), z.url({ protocol: /^https?$/ }).max(2048)]) }),
    desktopStateSchema,
  ),
  'desktop.checkForUpdate': call(none, desktopStateSchema),
};

type DesktopCalls = typeof desktopCalls;
export type DesktopCallName = keyof DesktopCalls;
export type DesktopInput<N extends DesktopCallName> = z.infer<DesktopCalls[N]['input']>;
export type DesktopOutput<N extends DesktopCallName> = z.infer<DesktopCalls[N]['output']>;

export const isDesktopCall = (name: string): name is DesktopCallName => Object.hasOwn(desktopCalls, name);

/** What the app tells its window's page, beside pushes. */
export const desktopMessageSchema = z.discriminatedUnion('type', [
  /** A menu's entry that the page carries out. */
  z.object({ type: z.literal('command'), command: z.enum(['find', 'keyboard-shortcuts', 'command-palette']) }),
  z.object({ type: z.literal('state'), state: desktopStateSchema }),
]);
export type DesktopMessage = z.infer<typeof desktopMessageSchema>;
