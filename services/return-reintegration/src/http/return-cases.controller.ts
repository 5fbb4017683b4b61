import type { Clock, Ids, JsonObject } from '@acogida/core';
import type { AgeStatus } from '@acogida/reference';
import { referralProcedure, referralThatLeadsHere } from '@acogida/referral';
import {
  Answers,
  CASE_STAFF,
  CLOCK,
  type CommandContext,
  CommandRunner,
  CurrentCommand,
  DATABASE_POOL,
  type ExecuteResult,
  IDS,
  NODE_CONTEXT,
  type NodeContext,
  ProcedureHolds,
  Roles,
  StaysHere,
  stepTaker,
} from '@acogida/service-kit';
import { Body, Controller, HttpCode, Inject, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import type pg from 'pg';
import { careStatusOf, gravestOf } from '../domain/children.ts';
import type { ReturnCaseCommand } from '../domain/return-case-commands.ts';
import type { ReturnCase } from '../domain/return-case-state.ts';
import { besideReturnCase } from '../integration/beside-return-case.ts';
import { identifiedChild } from '../projections/identified-child.projection.ts';
import { returnCaseProcedure } from '../return-case.procedure.ts';
import { ReturnCaseAnswer } from './return-case-answers.ts';
import {
  ReturnConsentBody,
  ReturnCounsellingBody,
  ReturnRefusalBody,
  ReturnApplicationBody,
  ReturnWithdrawalBody,
} from './return-case-bodies.ts';

/** What every command on a return case answers; kept for replays. */
export function answerOf({ version, state }: ExecuteResult<ReturnCase>): JsonObject {
  const { stage, application, consent } = state;
  const { returnCaseId: id = '', caseId = '' } = application ?? {};
  return { id, version, stage, caseId, coolingUntil: consent?.coolingUntil ?? null };
}

/** Voluntary returns of this agency, from the application to the approval (domain.md §2.6); H-17 follows each step. */
@Roles('caseworker')
@Controller('v1/return-cases')
export class ReturnCasesController {
  constructor(
    private readonly commands: CommandRunner,
    private readonly holds: ProcedureHolds,
    @Inject(NODE_CONTEXT) private readonly node: NodeContext,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: Ids,
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
  ) {}

  /** Of somebody who has an open return case: 409 `RETURN.ANOTHER_OPEN`, with its id. */
  @Post()
  @StaysHere()
  @Answers(ReturnCaseAnswer, { status: 201 })
  async submit(
    @Body() body: ReturnApplicationBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    // UUIDs are the same in either case of letters, the names of streams are not
    const caseId = body.caseId.toLowerCase();
    const referralId = body.referralId?.toLowerCase() ?? null;
    const said = referralId === null ? [] : [await this.ageSaidBy(referralId, caseId)];
    const stated = careStatusOf([body.ageStatus, ...said], body.careStatus ?? null);
    const careStatus = gravestOf([stated, await identifiedChild(this.pool, caseId)]);
    const returnCaseId = this.ids.uuid();
    return this.commands.run({
      procedure: returnCaseProcedure,
      id: returnCaseId,
      fresh: true,
      context,
      status: 201,
      location: `/v1/return-cases/${returnCaseId}`,
      command: {
        ...{ type: 'SubmitApplication', at: this.clock.now(), country: this.node.jurisdiction },
        ...{ returnCaseId, caseId, referralId, destination: body.destination, careStatus },
      },
      beside: besideReturnCase(this.holds, this.clock, returnCaseId, stepTaker(context.actor), this.pool),
      body: answerOf,
    });
  }

  @Post(':id/counselling')
  @StaysHere()
  @HttpCode(200)
  @Answers(ReturnCaseAnswer)
  counsel(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() { heldAt, language, interpretation, options, isDetained }: ReturnCounsellingBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const session = { heldAt, language, interpretation, options, isDetained };
    return this.run(id, { type: 'ProvideCounselling', at: this.clock.now(), ...session }, context);
  }

  @Post(':id/consent')
  @StaysHere()
  @HttpCode(200)
  @Answers(ReturnCaseAnswer)
  sign(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: ReturnConsentBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const { signedAt, language, interpretation, form, givenBy, assent, isDetained, hasIndependentWitness, ties } = body;
    const consent = { signedAt, language, interpretation, form, givenBy, assent, isDetained, hasIndependentWitness };
    return this.run(id, { type: 'SignConsent', at: this.clock.now(), ties, ...consent }, context);
  }

  /** After the cooling-off an officer establishes that the person still wants it: H-17 is lifted. */
  @Post(':id/voluntariness')
  @StaysHere()
  @HttpCode(200)
  @Roles('caseworker', 'supervisor')
  @Answers(ReturnCaseAnswer)
  confirm(
    @Param('id', ParseUUIDPipe) id: string,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    return this.run(id, { type: 'ConfirmVoluntariness', at: this.clock.now() }, context);
  }

  /** INV-14: taken by whoever is told, at any time before boarding. */
  @Post(':id/withdrawal')
  @StaysHere()
  @HttpCode(200)
  @Roles(...CASE_STAFF, 'legal-counsel', 'coordinator')
  @Answers(ReturnCaseAnswer)
  withdraw(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() { toldTo, reason = 'NOT_STATED' }: ReturnWithdrawalBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    return this.run(id, { type: 'WithdrawConsent', at: this.clock.now(), toldTo, reason }, context);
  }

  @Post(':id/approval')
  @StaysHere()
  @HttpCode(200)
  @Roles('supervisor')
  @Answers(ReturnCaseAnswer)
  approve(
    @Param('id', ParseUUIDPipe) id: string,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    return this.run(id, { type: 'ApproveReturn', at: this.clock.now() }, context);
  }

  /** There will be no return by this case; H-17 stands again where it was lifted. */
  @Post(':id/refusal')
  @StaysHere()
  @HttpCode(200)
  @Roles('supervisor')
  @Answers(ReturnCaseAnswer)
  decline(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() { reason }: ReturnRefusalBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    return this.run(id, { type: 'DeclineReturn', at: this.clock.now(), reason }, context);
  }

  private run(named: string, command: ReturnCaseCommand, context: CommandContext): Promise<JsonObject | null> {
    const id = named.toLowerCase();
    const beside = besideReturnCase(this.holds, this.clock, id, stepTaker(context.actor), this.pool);
    return this.commands.run({
      ...{ procedure: returnCaseProcedure, id, context, status: 200, command, beside },
      body: answerOf,
    });
  }

  private async ageSaidBy(referralId: string, caseId: string): Promise<AgeStatus> {
    const { state } = await this.node.handler.load(referralProcedure, referralId);
    const expected = { caseId, service: null, codePrefix: 'RETURN' } as const;
    return referralThatLeadsHere(state, expected).request.facts.ageStatus;
  }
}
