import type { JsonObject } from '@acogida/core';
import { isTakenBack, isTakenOn, referralProcedure } from '@acogida/referral';
import {
  Answers,
  type CommandContext,
  CommandRunner,
  CurrentCommand,
  CurrentPage,
  type DecidedCommand,
  NODE_CONTEXT,
  type NodeContext,
  notFound,
  type PageOf,
  type Paging,
  PROCEDURE_HANDLER,
  type ProcedureHandler,
  ProcedureHolds,
  Roles,
  setVersion,
  StaysHere,
  stepTaker,
} from '@acogida/service-kit';
import { Body, Controller, Get, HttpCode, Inject, Param, ParseUUIDPipe, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { holdChangesBy } from '../domain/holds-of-screening.ts';
import type { ScreeningEvent, ScreeningState } from '../domain/screening-history.ts';
import type { ScreeningCommand, ScreeningOrigin } from '../domain/trafficking-screening.ts';
import { screeningIdOf } from '../screening-id.ts';
import { ScreeningQueries } from './screening-queries.ts';
import { traffickingScreening } from '../trafficking-screening-procedure.ts';
import {
  ScreeningAnswer,
  screeningAnswer,
  ScreeningListQuery,
  ScreeningRow,
  screeningRow,
  ScreeningView,
  screeningView,
} from './screening-answers.ts';
import {
  ConsentBody,
  InterviewBody,
  OpenScreeningBody,
  OutcomeBody,
  SafetyBody,
  SecondReviewBody,
} from './screening-bodies.ts';

/** The importer plays in records of an earlier register, with what they lack. */
function isTakingOver({ actor }: CommandContext): boolean {
  return actor.roles.includes('import');
}

/** Trafficking screenings of this agency (domain.md §2.4). */
@Controller('v1/screenings')
export class ScreeningsController {
  constructor(
    private readonly commands: CommandRunner,
    private readonly queries: ScreeningQueries,
    private readonly holds: ProcedureHolds,
    @Inject(PROCEDURE_HANDLER) private readonly handler: ProcedureHandler,
    @Inject(NODE_CONTEXT) private readonly node: NodeContext,
  ) {}

  /** Opened again on the same occasion, it answers the screening that is there. */
  @Post()
  @StaysHere()
  @Roles('screening-officer', 'import')
  @Answers(ScreeningAnswer, { status: 201 })
  async open(@Body() body: OpenScreeningBody, @CurrentCommand() context: CommandContext): Promise<JsonObject | null> {
    // UUIDs are the same in either case of letters, the names of streams are not
    const caseId = body.caseId.toLowerCase();
    const referralId = body.referralId?.toLowerCase() ?? null;
    const screeningId = screeningIdOf({ agencyId: this.node.agencyId, caseId, referralId });
    const origin = await this.originOf(referralId);
    return this.commands.run({
      procedure: traffickingScreening,
      id: screeningId,
      beside: this.beside(screeningId, context),
      command: { type: 'OpenScreening', screeningId, caseId, origin },
      context,
      status: 201,
      location: `/v1/screenings/${screeningId}`,
      body: screeningAnswer,
    });
  }

  @Post(':id/safety')
  @StaysHere()
  @HttpCode(200)
  @Roles('screening-officer', 'import')
  @Answers(ScreeningAnswer)
  ensureSafety(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() { setting, urgentNeeds }: SafetyBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    return this.run(id, { type: 'EnsureSafety', takenOver: isTakingOver(context), setting, urgentNeeds }, context);
  }

  @Post(':id/consent')
  @StaysHere()
  @HttpCode(200)
  @Roles('screening-officer', 'import')
  @Answers(ScreeningAnswer)
  obtainConsent(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() { decision, form, givenBy, childAssent, language, interpretation }: ConsentBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const takenOver = isTakingOver(context);
    const consent = { form, givenBy, childAssent, language, interpretation };
    return this.run(id, { type: 'ObtainConsent', decision, takenOver, ...consent }, context);
  }

  @Post(':id/interview')
  @StaysHere()
  @HttpCode(200)
  @Roles('screening-officer', 'import')
  @Answers(ScreeningAnswer)
  conduct(
    @Param('id', ParseUUIDPipe) id: string,
    @Body()
    { ageStatus, acts, means, purposes, indicators, isInternal, sector, language, interpretation }: InterviewBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const answers = indicators.map(({ list, dimension, code, observed }) => ({ list, dimension, code, observed }));
    const evidence = { ageStatus, acts, means, purposes, indicators: answers };
    const circumstances = { isInternal, sector, language, interpretation };
    return this.run(
      id,
      { type: 'ConductScreening', takenOver: isTakingOver(context), ...evidence, ...circumstances },
      context,
    );
  }

  /** A second person agrees beforehand with an outcome that gives less protection than the one that stands (INV-23). */
  @Post(':id/second-review')
  @StaysHere()
  @HttpCode(200)
  @Roles('supervisor')
  @Answers(ScreeningAnswer)
  review(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() { outcome }: SecondReviewBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    return this.run(id, { type: 'ReviewOutcome', outcome, reviewer: context.actor.subject }, context);
  }

  @Post(':id/outcome')
  @StaysHere()
  @HttpCode(200)
  @Roles('screening-officer', 'import')
  @Answers(ScreeningAnswer)
  recordOutcome(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() { outcome, reason }: OutcomeBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    return this.run(id, { type: 'RecordOutcome', outcome, reason, officer: context.actor.subject }, context);
  }

  @Get()
  @StaysHere()
  @Roles('screening-officer', 'supervisor', 'import')
  @Answers(ScreeningRow, { page: true })
  async list(@Query() query: ScreeningListQuery, @CurrentPage() paging: Paging): Promise<PageOf<ScreeningRow>> {
    const { caseId, state: stage, outcome } = query;
    const after = paging.after('instant', 'uuid');
    const rows = await this.queries.list({ caseId, stage, outcome, after, take: paging.limit + 1 });
    return paging.answer(rows.map(screeningRow), (row) => [row.openedAt, row.id]);
  }

  @Get(':id')
  @StaysHere()
  @Roles('screening-officer', 'supervisor', 'import')
  @Answers(ScreeningView)
  async show(
    @Param('id', ParseUUIDPipe) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ScreeningView> {
    const { state, version } = await this.handler.load(traffickingScreening, id);
    if (state === null) throw notFound('SCREENING.UNKNOWN', 'no such screening at this agency');
    setVersion(reply, version);
    return screeningView(state, version);
  }

  private run(id: string, command: ScreeningCommand, context: CommandContext): Promise<JsonObject | null> {
    return this.commands.run({
      procedure: traffickingScreening,
      id,
      beside: this.beside(id, context),
      command,
      context,
      status: 200,
      body: screeningAnswer,
    });
  }

  /** An outcome that was taken over from an earlier register is no officer's decision on a hold: H-07 stays. */
  private beside(id: string, context: CommandContext) {
    const step = { procedure: traffickingScreening, id, by: stepTaker(context.actor) };
    return this.holds.beside(step, ({ events, state }: DecidedCommand<ScreeningState, ScreeningEvent>) => {
      if (state === null || (state.outcome !== null && isTakingOver(context))) return null;
      return { caseId: state.caseId, groundId: id, changes: holdChangesBy(events) };
    });
  }

  /** The referral as this node received it. One that this node sent is none to screen on. */
  private async originOf(referralId: string | null): Promise<ScreeningOrigin> {
    if (referralId === null) return { kind: 'OWN_IDENTIFICATION' };
    const { state } = await this.handler.load(referralProcedure, referralId);
    if (state === null || state.side !== 'RECEIVER') return { kind: 'REFERRAL', referralId, known: null };
    const { caseId, service, facts } = state.request;
    const known = { caseId, service, accepted: isTakenOn(state) && !isTakenBack(state), ageStatus: facts.ageStatus };
    return { kind: 'REFERRAL', referralId, known };
  }
}
