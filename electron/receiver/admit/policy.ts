import type { Settings } from '../../../shared/contract/settings.ts';
import { createTrustedProxies, type TrustedProxies } from './client-address.ts';
import { createHostCheck, type HostCheck } from './host-check.ts';

export type ReceiverSettings = Pick<Settings, 'trustedProxies' | 'publicUrl' | 'acceptedHosts'>;

/** Settings in the form in which each request is held against them. */
export interface Policy {
  settings: ReceiverSettings;
  proxies: TrustedProxies;
  hosts: HostCheck;
}

export const createPolicy = (settings: ReceiverSettings, listenHost: string): Policy => ({
  settings,
  proxies: createTrustedProxies(settings.trustedProxies),
  hosts: createHostCheck(settings, listenHost),
});

const isSameList = (a: readonly string[], b: readonly string[]): boolean => a === b || a.join() === b.join();

export const isSameSettings = (a: ReceiverSettings, b: ReceiverSettings): boolean =>
  a.publicUrl === b.publicUrl &&
  isSameList(a.trustedProxies, b.trustedProxies) &&
  isSameList(a.acceptedHosts, b.acceptedHosts);
