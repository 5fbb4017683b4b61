import { Body, Controller, Get, Inject, Param, ParseUUIDPipe, Put, type Type } from '@nestjs/common';
import { type Actor, CurrentActor } from '../auth/actor.ts';
import { type Role, Roles } from '../auth/roles.ts';
import { StaysHere } from '../egress/ways-out.ts';
import { Answers } from '../openapi/answers.ts';
import { MatchDecisionBody, PossibleMatchesView, PossibleMatchView } from './possible-match-views.ts';
import { type KeptMatch, PossibleMatches } from './possible-matches.ts';

/** Roles of officers who decide whether two identities are one person's. */
export type MatchOfficers = readonly [Role, ...Role[]];

/** Those of most services. Enforcement staff is never shown whom it asked about is like (INV-17). */
export const MATCH_OFFICERS: MatchOfficers = ['eligibility-officer', 'screening-officer', 'supervisor'];

function viewOf({ sought, grounds, ...match }: KeptMatch): PossibleMatchView {
  return {
    ...{ ...match, grounds: [...grounds] },
    sought: sought === null ? null : (structuredClone(sought) as NonNullable<PossibleMatchView['sought']>),
  };
}

/** What searches for other agencies found, and what a person decides about it (architecture.md §7, Clearance). */
class MatchRoutes {
  constructor(@Inject(PossibleMatches) private readonly matches: PossibleMatches) {}

  /** What waits for a decision at this agency. */
  @Get('possible-matches')
  @StaysHere()
  @Answers(PossibleMatchesView)
  async all(@CurrentActor() actor: Actor): Promise<PossibleMatchesView> {
    return { matches: (await this.matches.open(null, actor.subject)).map(viewOf) };
  }

  /** What waits for a decision on one case, and what was decided as the same person and asked again since. */
  @Get('cases/:caseId/possible-matches')
  @StaysHere()
  @Answers(PossibleMatchesView)
  async ofCase(
    @Param('caseId', ParseUUIDPipe) caseId: string,
    @CurrentActor() actor: Actor,
  ): Promise<PossibleMatchesView> {
    return { matches: (await this.matches.open(caseId.toLowerCase(), actor.subject)).map(viewOf) };
  }

  /**
   * `OTHER_PERSON` lets the next search pass for these two identities; `SAME_PERSON` goes on refusing. To change `SAME_PERSON` takes two
   * officers who were shown whom it is about; after the first one `changeProposedAt` stands in the answer.
   */
  @Put('cases/:caseId/possible-matches/:matchId/decision')
  @StaysHere()
  @Answers(PossibleMatchView)
  async decide(
    @Param('caseId', ParseUUIDPipe) caseId: string,
    @Param('matchId', ParseUUIDPipe) matchId: string,
    @Body() { decision, reason }: MatchDecisionBody,
    @CurrentActor() { subject: officer }: Actor,
  ): Promise<PossibleMatchView> {
    const match = { caseId: caseId.toLowerCase(), matchId: matchId.toLowerCase() };
    return viewOf(await this.matches.decide(match, { decision, reason, officer }));
  }
}

/** The routes on possible matches, for those officers. */
export function possibleMatchesFor(officers: MatchOfficers): Type<unknown> {
  @Controller('v1')
  @Roles(...officers)
  class PossibleMatchesController extends MatchRoutes {}
  return PossibleMatchesController;
}
