import type { ReactNode } from 'react';
import type { Owner } from '../../../shared/contract/common.ts';
import { Lamp, type Tone } from '../../ui/feedback/lamp.tsx';
import { type SegmentTab, SegmentTabs, TabPanel } from '../../ui/layout/segment-tabs.tsx';
import { type DefinitionKind, DefinitionPane, kindTitles, OwnedNote, PaneHead, PaneNote } from './definition-pane.tsx';
import { OwnerBadge } from './owner-badge.tsx';

interface DefinitionDetailProps<V extends string> {
  what: DefinitionKind;
  definition: { slug: string; name: string; owner: Owner; problem: string | null };
  lamp: { tone: Tone; lit: boolean; pulse?: boolean; label: string };
  /** Before the badge that says who owns it. */
  stateBadges?: ReactNode;
  /** Behind that badge. */
  facts?: ReactNode;
  actions: ReactNode;
  /** Why it is out of use, instead of who owns it and what is wrong with it. */
  gone?: ReactNode;
  /** What stands in the way of what was tried. */
  notes?: ReactNode;
  tabs: readonly SegmentTab<V>[];
  tab: V;
  onTab: (tab: V) => void;
  onClose: () => void;
  children: ReactNode;
}

/** One source, listener or job: its head, what is to be known about it, and its tabs with the panel of the chosen one. */
export function DefinitionDetail<V extends string>(props: DefinitionDetailProps<V>) {
  const { what, definition, gone, lamp, tab } = props;
  const title = kindTitles[what];
  return (
    <DefinitionPane label={`${title} ${definition.slug}`}>
      <PaneHead
        lamp={<Lamp tone={lamp.tone} lit={lamp.lit} pulse={lamp.pulse === true} label={lamp.label} />}
        title={definition.name}
        slug={definition.slug}
        badges={
          <>
            {props.stateBadges}
            <OwnerBadge owner={definition.owner} />
            {props.facts}
          </>
        }
        actions={props.actions}
        onClose={props.onClose}
      />
      {gone !== undefined ? (
        <PaneNote>{gone}</PaneNote>
      ) : (
        <>
          <OwnedNote owner={definition.owner} what={what} />
          {definition.problem !== null && <PaneNote tone="red">{definition.problem}</PaneNote>}
        </>
      )}
      {props.notes}
      <SegmentTabs id={what} label={title} keys tabs={props.tabs} value={tab} onChange={props.onTab} />
      <TabPanel id={what} tab={tab}>
        {props.children}
      </TabPanel>
    </DefinitionPane>
  );
}
