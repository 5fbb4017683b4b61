import type { Decider, Instant } from '@acogida/core';
import type { MatchReason } from '@acogida/reference';
import { refusal } from './refusals.ts';

/** A link that another agency has said. */
export interface LinkOfAnother {
  /** The agency that said it. */
  readonly by: string;
  readonly linkId: string;
  /** The case that officers came from. */
  readonly caseId: string;
  readonly linkedCaseId: string;
}

/** Commands on the word of another agency that two cases are one person's. */
export type LinkDisregardCommand =
  | {
      readonly type: 'ProposeDisregard';
      readonly link: LinkOfAnother;
      readonly reason: MatchReason;
      /** Token subject. */
      readonly officer: string;
      readonly now: Instant;
    }
  /** Another officer says the same. */
  | { readonly type: 'DisregardLink'; readonly officer: string; readonly now: Instant }
  | { readonly type: 'DeclineDisregard'; readonly officer: string; readonly now: Instant };

/** Events of a stream `link-disregard-<id>`: what officers of this agency decide about such a word. */
export type LinkDisregardEvent =
  | {
      readonly type: 'LinkDisregardProposed';
      readonly data: LinkOfAnother & {
        readonly reason: MatchReason;
        /** Token subject. */
        readonly proposedBy: string;
        readonly proposedAt: Instant;
      };
    }
  | {
      readonly type: 'LinkDisregardDeclined';
      readonly data: { readonly declinedBy: string; readonly declinedAt: Instant };
    }
  /** At this agency the cases are two persons' from now on, as far as that source goes. */
  | {
      readonly type: 'LinkDisregarded';
      readonly data: LinkOfAnother & {
        readonly reason: MatchReason;
        /** Token subjects, two of them. */
        readonly proposedBy: string;
        readonly confirmedBy: string;
        readonly disregardedAt: Instant;
      };
    };

/** How a word of another agency stands with the officers of this one. */
export interface LinkDisregard {
  /** Null before anything was proposed. */
  readonly link: LinkOfAnother | null;
  /** Waits for a second officer. */
  readonly proposal: { readonly reason: MatchReason; readonly proposedBy: string; readonly proposedAt: Instant } | null;
  readonly isDisregarded: boolean;
}

type CommandOf<T extends LinkDisregardCommand['type']> = Extract<LinkDisregardCommand, { readonly type: T }>;

function propose(
  { link, reason, officer, now }: CommandOf<'ProposeDisregard'>,
  { proposal, isDisregarded }: LinkDisregard,
): readonly LinkDisregardEvent[] {
  const isProposed = proposal?.reason === reason && proposal.proposedBy === officer;
  if (isDisregarded || isProposed) return [];
  return [{ type: 'LinkDisregardProposed', data: { ...link, reason, proposedBy: officer, proposedAt: now } }];
}

function disregard(
  { officer, now }: CommandOf<'DisregardLink'>,
  { link, proposal, isDisregarded }: LinkDisregard,
): readonly LinkDisregardEvent[] {
  if (isDisregarded) return [];
  if (link === null || proposal === null) throw refusal('LINK.NOT_PROPOSED', 'no officer has proposed to disregard it');
  const { reason, proposedBy } = proposal;
  if (proposedBy === officer)
    throw refusal('LINK.SAME_OFFICER', 'another officer confirms that a link is disregarded', 'forbidden');
  const data = { ...link, reason, proposedBy, confirmedBy: officer, disregardedAt: now };
  return [{ type: 'LinkDisregarded', data }];
}

function evolve(state: LinkDisregard, event: LinkDisregardEvent): LinkDisregard {
  switch (event.type) {
    case 'LinkDisregardProposed': {
      const { reason, proposedBy, proposedAt, ...link } = event.data;
      return { ...state, link, proposal: { reason, proposedBy, proposedAt } };
    }
    case 'LinkDisregardDeclined':
      return { ...state, proposal: null };
    case 'LinkDisregarded':
      return { ...state, proposal: null, isDisregarded: true };
  }
}

/**
 * Whether this agency goes by another one's word that two cases are one person's. Anybody is believed, and only who said it takes it back;
 * what a member says wrongly, or to keep somebody from leaving, two officers disregard. It makes leaving easier, as lifting a hold that was
 * placed in error does, and at this agency alone.
 *
 * Refuses with LINK.NOT_PROPOSED, LINK.SAME_OFFICER.
 */
export const linkDisregardDecider: Decider<LinkDisregardCommand, LinkDisregard, LinkDisregardEvent> = {
  initialState: { link: null, proposal: null, isDisregarded: false },
  decide: (command, state) => {
    switch (command.type) {
      case 'ProposeDisregard':
        return propose(command, state);
      case 'DisregardLink':
        return disregard(command, state);
      case 'DeclineDisregard': {
        const { officer: declinedBy, now: declinedAt } = command;
        return state.proposal === null ? [] : [{ type: 'LinkDisregardDeclined', data: { declinedBy, declinedAt } }];
      }
    }
  },
  evolve,
};

/** The procedure as the edge runs it, on streams `link-disregard-<id>`; all of it stays at the agency. */
export const linkDisregardProcedure = {
  name: 'link-disregard',
  decider: linkDisregardDecider,
  versions: { LinkDisregardProposed: 1, LinkDisregardDeclined: 1, LinkDisregarded: 1 },
  upcasters: [],
  publish: (): null => null,
  caseOf: ({ link }: LinkDisregard) => link?.caseId ?? null,
} as const;
