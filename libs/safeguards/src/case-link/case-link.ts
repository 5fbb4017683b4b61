import { type Decider, type Instant, instantAfter } from '@acogida/core';
import { refusal } from '../refusals.ts';
import { type CaseLink, evolveCaseLink, UNLINKED } from './case-link-state.ts';
import { type CaseLinkEvent, caseLinkVersions, type LinkGround, type LinkReaders } from './case-link-events.ts';
import { publishCaseLink } from './publish.ts';

/** How long an agency that has not heard a link is told no more, in milliseconds. */
const TOLD_AGAIN_AFTER_MS = 3_600_000;

/** Commands on a link. */
export type CaseLinkCommand =
  /** An officer has found that two cases are one person's. */
  | {
      readonly type: 'LinkCases';
      readonly linkId: string;
      readonly caseId: string;
      readonly linkedCaseId: string;
      readonly ground: LinkGround;
      /** Token subject. */
      readonly officer: string;
      readonly readers: LinkReaders;
      readonly now: Instant;
    }
  /** Somebody shows that it has not heard of the link. */
  | {
      readonly type: 'TellOfLink';
      readonly linkId: string;
      readonly agencies: readonly string[];
      readonly now: Instant;
    }
  /** Two officers have found that they are two persons'. */
  | {
      readonly type: 'UnlinkCases';
      readonly linkId: string;
      readonly ground: LinkGround;
      /** Token subjects. */
      readonly proposedBy: string;
      readonly confirmedBy: string;
      readonly readers: LinkReaders;
      readonly now: Instant;
    };

type CommandOf<T extends CaseLinkCommand['type']> = Extract<CaseLinkCommand, { readonly type: T }>;

function linking(command: CommandOf<'LinkCases'>, link: CaseLink): readonly CaseLinkEvent[] {
  const { linkId, caseId, linkedCaseId, ground, officer: linkedBy, readers, now } = command;
  if (caseId === linkedCaseId) throw refusal('LINK.ONE_CASE', 'a case is not linked to itself', 'invalid');
  if (link.linkedAt === null) {
    const revision = link.revision + 1;
    const data = { linkId, caseId, linkedCaseId, revision, ground, linkedBy, readers, linkedAt: now };
    return [{ type: 'CasesLinked', data }];
  }
  const agencies = readers.agencies.filter((agency) => !link.told.includes(agency));
  return agencies.length === 0 ? [] : [{ type: 'LinkTold', data: { linkId, agencies, toldAt: now } }];
}

/** An agency that asks every second without having heard is not told every second: the word is on its way, or cannot be sealed. */
function tellingAgain({ linkId, agencies, now }: CommandOf<'TellOfLink'>, link: CaseLink): readonly CaseLinkEvent[] {
  const due = agencies.filter((agency) => {
    const toldAt = link.toldAgainAt[agency];
    return toldAt === undefined || instantAfter(toldAt, TOLD_AGAIN_AFTER_MS) <= now;
  });
  if (link.linkedAt === null || due.length === 0) return [];
  return [{ type: 'LinkTold', data: { linkId, agencies: due, toldAt: now } }];
}

function unlinking(command: CommandOf<'UnlinkCases'>, link: CaseLink): readonly CaseLinkEvent[] {
  const { linkId, ground, proposedBy, confirmedBy, readers, now } = command;
  if (link.linkedAt === null) return [];
  if (proposedBy === confirmedBy)
    throw refusal('LINK.SAME_OFFICER', 'another officer confirms that cases are unlinked', 'forbidden');
  const agencies = [...new Set([...link.told, ...readers.agencies])].sort();
  const { caseId, linkedCaseId } = link;
  const cases = { linkId, caseId, linkedCaseId, revision: link.revision + 1 };
  const data = { ...cases, ground, proposedBy, confirmedBy, readers: { ...readers, agencies }, unlinkedAt: now };
  return [{ type: 'CasesUnlinked', data }];
}

/**
 * What the officers of one agency decide about two cases. One links, since that makes leaving harder; two unlink. What it does to
 * holds, clearances and departures is decided in their own streams.
 *
 * Refuses with LINK.ONE_CASE, LINK.SAME_OFFICER.
 */
export const caseLinkDecider: Decider<CaseLinkCommand, CaseLink, CaseLinkEvent> = {
  initialState: UNLINKED,
  decide: (command, link) => {
    switch (command.type) {
      case 'LinkCases':
        return linking(command, link);
      case 'TellOfLink':
        return tellingAgain(command, link);
      case 'UnlinkCases':
        return unlinking(command, link);
    }
  },
  evolve: evolveCaseLink,
};

/** The procedure as the edge runs it, on streams `case-link-<linkId>`; what is kept of a link goes with the agency's own case. */
export const caseLinkProcedure = {
  name: 'case-link',
  decider: caseLinkDecider,
  versions: caseLinkVersions,
  upcasters: [],
  publish: publishCaseLink,
  caseOf: ({ caseId }: CaseLink) => caseId,
} as const;
