import type { ReactNode } from 'react';
import { useEffect, useRef } from 'react';
import { create } from 'zustand';
import type { Permission } from '../../../shared/contract/access/roles.ts';

export interface Command {
  id: string;
  label: string;
  /** Heading it stands under in the palette. */
  group: string;
  keywords?: readonly string[];
  icon?: ReactNode;
  keys?: string;
  /** The permission of the call behind it; without it the palette leaves the command out. */
  needs?: Permission;
  run: () => void;
}

interface CommandsState {
  /** `isPage`: offered by what is on show now, not by what is always there. */
  sets: readonly { owner: symbol; isPage: boolean; commands: readonly Command[] }[];
}

const useCommandSets = create<CommandsState>(() => ({ sets: [] }));

/** Puts commands into the palette until the returned function is called. */
export function addCommands(commands: readonly Command[], isPage = false): () => void {
  const owner = Symbol('commands');
  useCommandSets.setState((state) => ({ sets: [...state.sets, { owner, isPage, commands }] }));
  return () => useCommandSets.setState((state) => ({ sets: state.sets.filter((set) => set.owner !== owner) }));
}

/** Puts commands into the palette while the component is mounted; `run` is always the latest one given. */
export function useCommands(commands: readonly Command[]): void {
  const latest = useRef(commands);
  useEffect(() => {
    latest.current = commands;
  });
  const signature = JSON.stringify(
    commands.map(({ id, label, group, keys, needs }) => [id, label, group, keys, needs]),
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: the signature stands for the commands, which are made anew at every render
  useEffect(
    () =>
      addCommands(
        latest.current.map((command) => ({
          ...command,
          run: () => latest.current.find((one) => one.id === command.id)?.run(),
        })),
        true,
      ),
    [signature],
  );
}

export const useAllCommands = (): CommandsState['sets'] => useCommandSets((state) => state.sets);
