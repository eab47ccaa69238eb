import { z } from 'zod';
import { accessSettingsSchema } from './access/access-settings.ts';
import { call } from './call.ts';
import { okSchema, secretRefSchema, timeSchema } from './common.ts';
import { inheritEnvSchema } from './jobs.ts';

/** Everything an operator may change while the app runs. */
export const settingsSchema = z.strictObject({
  /** Name written beside acknowledgements; the system user when empty. */
  operatorName: z.string().trim().max(80),
  /** Address that senders reach through a proxy, e.g. `https://hooks.example.com`; empty when there is none. */
  publicUrl: z.union([z.literal(''), z.url({ protocol: /^https?$/ })]),
  /** Address that operators reach the console at through a proxy or a tunnel; empty when there is none. */
  consoleUrl: z.union([z.literal(''), z.url({ protocol: /^https?$/ })]),
  /** Host names the receiver takes deliveries for, besides `publicUrl`, `localhost`, its addresses and this machine's name. */
  acceptedHosts: z
    .array(
      z
        .string()
        .trim()
        .toLowerCase()
        .regex(
          /^[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_])?$/,
          'must be a host name such as hooks.example.com, without a port',
        ),
    )
    .max(50),
  /** Addresses (CIDR) whose `X-Forwarded-For` is believed. */
  trustedProxies: z.array(z.union([z.cidrv4(), z.cidrv6()])).max(50),
  /** Runs at the same time, over all jobs. */
  concurrency: z.number().int().min(1).max(256),
  /** Variables of the app's own environment that every job gets besides the usual ones. */
  inheritEnv: inheritEnvSchema,
  /** Per source, whichever comes first; nothing pending or unacknowledged is removed. */
  retention: z.strictObject({
    days: z.number().int().min(1).max(3650),
    events: z.number().int().min(100).max(100_000_000),
    bytes: z
      .number()
      .int()
      .min(1024 * 1024),
    outputDays: z.number().int().min(1).max(3650),
  }),
  notifyOnFailure: z.boolean(),
  /** Closing the window leaves the app running in the tray. */
  keepInTray: z.boolean(),
  /** A copy of the store a day, in the data directory. */
  backupDaily: z.boolean(),
  /** Of the copies made here, the newest so many stay. */
  backupsKept: z.number().int().min(1).max(365),
  access: accessSettingsSchema,
  /** The server that sends the e-mails of alarms; no e-mail is sent while `host` is empty. */
  smtp: z.strictObject({
    host: z
      .string()
      .trim()
      .max(253)
      .regex(/^[A-Za-z0-9._:-]*$/, 'must be a host name or an IP address, without a port'),
    port: z.number().int().min(1).max(65_535),
    /** `tls` from the first byte (port 465), `starttls` required (587), or none, for servers inside the network. */
    security: z.enum(['tls', 'starttls', 'none']),
    /** Empty: no sign-in. */
    user: z.string().trim().max(254),
    password: secretRefSchema.nullable(),
    /** Sender, such as `Signalbox <signalbox@example.com>`; empty: the user's address. */
    from: z
      .string()
      .trim()
      .max(300)
      .regex(/^[^\r\n]*$/, 'must be one line'),
  }),
});
export type Settings = z.infer<typeof settingsSchema>;

export const settingsPatchSchema = settingsSchema
  .extend({
    retention: settingsSchema.shape.retention.partial(),
    access: settingsSchema.shape.access.partial(),
    smtp: settingsSchema.shape.smtp.partial(),
  })
  .partial();
export type SettingsPatch = z.infer<typeof settingsPatchSchema>;

const secretName = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{1,80}$/, 'must be 1 to 80 letters, digits, dots, hyphens or underscores');

export const settingsCalls = {
  'settings.get': call(z.strictObject({}), settingsSchema),
  'settings.update': call(settingsPatchSchema, settingsSchema),
  /** Names only: a stored value never leaves the store again. */
  'secrets.list': call(
    z.strictObject({}),
    z.object({ items: z.array(z.object({ name: z.string(), updatedAt: timeSchema, usedBy: z.array(z.string()) })) }),
  ),
  'secrets.set': call(
    z.strictObject({
      name: secretName,
      value: z
        .string()
        .min(1)
        .max(64 * 1024),
    }),
    okSchema,
  ),
  'secrets.remove': call(z.strictObject({ name: secretName }), okSchema),
  /** What a config file would say to have today's sources, jobs, listeners and alarms: YAML, secrets by reference. */
  'settings.exportConfig': call(z.strictObject({}), z.object({ yaml: z.string() })),
};
