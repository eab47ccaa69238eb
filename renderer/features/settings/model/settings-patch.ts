import type { Settings, SettingsPatch } from '../../../../shared/contract/settings.ts';

/** The patch that would bring back what `patch` changes. */
export function inverseOf(settings: Settings, patch: SettingsPatch): SettingsPatch {
  const { retention, ...plain } = patch;
  const before: SettingsPatch = {};
  if (plain.operatorName !== undefined) before.operatorName = settings.operatorName;
  if (plain.publicUrl !== undefined) before.publicUrl = settings.publicUrl;
  if (plain.consoleUrl !== undefined) before.consoleUrl = settings.consoleUrl;
  if (plain.acceptedHosts !== undefined) before.acceptedHosts = settings.acceptedHosts;
  if (plain.trustedProxies !== undefined) before.trustedProxies = settings.trustedProxies;
  if (plain.concurrency !== undefined) before.concurrency = settings.concurrency;
  if (plain.notifyOnFailure !== undefined) before.notifyOnFailure = settings.notifyOnFailure;
  if (plain.keepInTray !== undefined) before.keepInTray = settings.keepInTray;
  if (plain.backupDaily !== undefined) before.backupDaily = settings.backupDaily;
  if (plain.backupsKept !== undefined) before.backupsKept = settings.backupsKept;
  if (plain.access !== undefined) {
    const { consoleToken, auditDays, groupRoles, openId, proxyHeaders } = plain.access;
    const access: NonNullable<SettingsPatch['access']> = {};
    if (consoleToken !== undefined) access.consoleToken = settings.access.consoleToken;
    if (auditDays !== undefined) access.auditDays = settings.access.auditDays;
    if (groupRoles !== undefined) access.groupRoles = settings.access.groupRoles;
    if (openId !== undefined) access.openId = settings.access.openId;
    if (proxyHeaders !== undefined) access.proxyHeaders = settings.access.proxyHeaders;
    before.access = access;
  }
  if (plain.smtp !== undefined) {
    const smtp: NonNullable<SettingsPatch['smtp']> = {};
    const { host, port, security, user, password, from } = plain.smtp;
    if (host !== undefined) smtp.host = settings.smtp.host;
    if (port !== undefined) smtp.port = settings.smtp.port;
    if (security !== undefined) smtp.security = settings.smtp.security;
    if (user !== undefined) smtp.user = settings.smtp.user;
    if (password !== undefined) smtp.password = settings.smtp.password;
    if (from !== undefined) smtp.from = settings.smtp.from;
    before.smtp = smtp;
  }
  if (retention !== undefined) {
    const kept: NonNullable<SettingsPatch['retention']> = {};
    if (retention.days !== undefined) kept.days = settings.retention.days;
    if (retention.events !== undefined) kept.events = settings.retention.events;
    if (retention.bytes !== undefined) kept.bytes = settings.retention.bytes;
    if (retention.outputDays !== undefined) kept.outputDays = settings.retention.outputDays;
    before.retention = kept;
  }
  return before;
}

/** `1 000 000`, `1,000,000` and `1000000` are one number; null for what is none. */
export function parseWhole(text: string): number | null {
  const digits = text.replace(/[\s,_’']/g, '');
  return /^\d{1,12}$/.test(digits) ? Number(digits) : null;
}
