import { EventEmitter } from 'node:events';
import type { DefinitionKind } from '../definitions/definition-types.ts';
import type { ChosenAddress } from './servers/receiver-address.ts';

/** What of the app itself changes, for the parts that show it; runs and events have a bus of their own (runs/announcements.ts). */
export interface AppChanges {
  /** Something that the status shows. */
  status: [];
  definitions: [kind: DefinitionKind];
  /** For what they are raised. */
  alarms: [];
  /** The receiver listens here, free ports resolved. */
  receiver: [chosen: ChosenAddress];
}

export type Changes = EventEmitter<AppChanges>;

export const createChanges = (): Changes => new EventEmitter<AppChanges>();
