import { z } from 'zod';
import { call } from './call.ts';

/** How far the line to the app or server stands that the window shows. */
export const linePhaseSchema = z.enum(['connected', 'connecting', 'reconnecting', 'signed-out']);
export type LinePhase = z.infer<typeof linePhaseSchema>;

/** Colors that tell connections apart; this computer has none. */
export const connectionColors = ['blue', 'amber', 'green', 'red', 'grey'] as const;

const nameSchema = z.string().trim().min(1).max(60);

const connectionSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** Origin and path of the server's console, such as `https://ops.example.com`. */
  address: z.string(),
  color: z.enum(connectionColors),
  /** SHA-256 of the one certificate that is accepted, as `AB:CD:…`; null: any that the system trusts. */
  fingerprint: z.string().nullable(),
  /** Shows notifications of its runs, also while another connection is on show. */
  notify: z.boolean(),
  /** Whether a token or session is at hand; without one, it has to be signed in to. */
  signedIn: z.boolean(),
});
export type Connection = z.infer<typeof connectionSchema>;

const updateSchema = z.object({
  version: z.string(),
  /** Where to get it; opened in the browser. */
  url: z.string(),
});

export const desktopStateSchema = z.object({
  connections: z.array(connectionSchema),
  /** Id of the connection on show; null: this computer. */
  current: z.string().nullable(),
  phase: linePhaseSchema,
  /** Whether sign-ins outlive the app: the system has a keychain. */
  keepsTokens: z.boolean(),
  startAtLogin: z.object({ enabled: z.boolean(), supported: z.boolean() }),
  updates: z.object({
    /** Address of the feed; empty: no update checks. */
    feed: z.string(),
    available: updateSchema.nullable(),
    checkedAt: z.string().nullable(),
    problem: z.string().nullable(),
  }),
});
export type DesktopState = z.infer<typeof desktopStateSchema>;

const probeSchema = z.object({
  address: z.string(),
  encryption: z.enum([
    /** The system trusts the certificate. */
    'trusted',
    /** Encrypted, by a certificate that the system does not trust. */
    'untrusted',
    /** Plain HTTP that stays on this computer, such as the end of an SSH tunnel. */
    'loopback',
    /** Plain HTTP over a network. */
    'none',
  ]),
  certificate: z
    .object({
      /** SHA-256 as `AB:CD:…`. */
      fingerprint: z.string(),
      subject: z.string(),
      issuer: z.string(),
      validFrom: z.string(),
      validTo: z.string(),
      /** Why it is not trusted. */
      problem: z.string().nullable(),
    })
    .nullable(),
});
export type Probe = z.infer<typeof probeSchema>;

const none = z.strictObject({});
const id = z.string().min(1).max(40);
const signInSchema = z.union([
  /** The console token, or an API token of an account. */
  z.strictObject({ token: z.string().trim().min(1).max(512) }),
  z.strictObject({ name: z.string().trim().min(1).max(512), password: z.string().min(1).max(512) }),
]);
export type SignIn = z.infer<typeof signInSchema>;
const address = z.string().trim().min(1).max(2048);

/** Calls that the desktop app itself answers, whichever connection its window shows. A server has none of them. */
export const desktopCalls = {
  'desktop.state': call(none, desktopStateSchema),
  /** Asks the server for its certificate, and sends nothing else. */
  'desktop.probe': call(z.strictObject({ address }), probeSchema),
  /** Signs in, saves the connection, and shows it. `fingerprint`: of the certificate to accept beside those that the system trusts. */
  'desktop.connect': call(
    z.strictObject({
      address,
      name: nameSchema,
      color: z.enum(connectionColors),
      fingerprint: z.string().nullable(),
      /** Plain HTTP over a network was agreed to. */
      allowPlain: z.boolean(),
      signIn: signInSchema,
    }),
    desktopStateSchema,
  ),
  /** Signs in to a saved connection again. */
  'desktop.signIn': call(z.strictObject({ id, signIn: signInSchema }), desktopStateSchema),
  /** Shows another connection in the window, which loads again; null: this computer. */
  'desktop.show': call(z.strictObject({ id: id.nullable() }), desktopStateSchema),
  'desktop.change': call(
    z.strictObject({
      id,
      name: nameSchema.optional(),
      color: z.enum(connectionColors).optional(),
      notify: z.boolean().optional(),
    }),
    desktopStateSchema,
  ),
  'desktop.remove': call(z.strictObject({ id }), desktopStateSchema),
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
