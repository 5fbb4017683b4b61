import type { Clock, JsonObject } from '@acogida/core';
import { DomainError } from '@acogida/core';
import { gateProcedure } from '@acogida/safeguards';
import {
  actOf,
  Answers,
  CLOCK,
  type CommandContext,
  CommandRunner,
  CurrentCommand,
  DATABASE_POOL,
  DepartureAnswer,
  departureAnswerOf,
  type DepartureAct,
  DepartureGate,
  nameBasedId,
  NODE_CONTEXT,
  type NodeContext,
  ownConfirmation,
  ProcedureHolds,
  Roles,
  StaysHere,
  stepTaker,
  withTimeLeft,
} from '@acogida/service-kit';
import { Controller, HttpCode, Inject, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import type pg from 'pg';
import { isUnaccompanied } from '../domain/children.ts';
import { childNotCleared } from '../domain/consent-rules.ts';
import { assertMayDepart } from '../domain/return-case.ts';
import type { ReturnCase } from '../domain/return-case-state.ts';
import { atTheGate, besideReturnCase, type BesideReturnCase } from '../integration/beside-return-case.ts';
import { identifiedChild } from '../projections/identified-child.projection.ts';
import { returnCaseProcedure } from '../return-case.procedure.ts';
import { ReturnCaseAnswer } from './return-case-answers.ts';
import { answerOf } from './return-cases.controller.ts';

/** Namespace of the ids of departures by return. */
const NAMESPACE = '3c9e6b1f-7a52-4d08-8e15-90f4b1c2d3a7';

/** The departure by return: approved by the case, cleared by every authority at the gate (INV-02, INV-14). */
@Roles('caseworker', 'supervisor')
@Controller('v1/return-cases/:id/departures')
export class ReturnDeparturesController {
  constructor(
    private readonly commands: CommandRunner,
    private readonly gate: DepartureGate,
    private readonly holds: ProcedureHolds,
    @Inject(NODE_CONTEXT) private readonly node: NodeContext,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
  ) {}

  /** Asks every authority at once; answers the warrant, or all that stands against it with whose it is and who has to act. */
  @Post()
  @StaysHere()
  @Answers(DepartureAnswer, { status: 201 })
  async ask(
    @Param('id', ParseUUIDPipe) named: string,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const id = named.toLowerCase();
    const departureId = nameBasedId(NAMESPACE, [id, context.actor.subject, context.idempotencyKey ?? '']);
    const before = await this.commands.answered(context);
    const { caseId, state } = await this.caseOf(id);
    const act = actOf(caseId, departureId, context);
    if (before !== null) return withTimeLeft(this.gate, act, before.body);
    assertMayDepart(state, this.clock.now());
    // what was heard in the moment of the application came too early for the policy
    if (isUnaccompanied(await identifiedChild(this.pool, caseId))) throw childNotCleared();
    const { expectedVersion, ...unversioned } = context;
    const command = await this.gate.judgementOn({ ...act, removal: 'RETURN_DEPARTURE', expectedVersion });
    const kept = await this.commands.run({
      ...{ procedure: gateProcedure, id: caseId, context: unversioned, status: 201, command },
      location: `/v1/cases/${caseId}/departures`,
      body: ({ version, state: file }) => departureAnswerOf(this.gate, act, version, file),
    });
    return withTimeLeft(this.gate, act, kept);
  }

  /**
   * The person boards, if this is answered with 200. Case and gate write the departure together; then the warrant is looked at once
   * more, and where it has ended both take it back together.
   */
  @Post(':departureId/confirmation')
  @StaysHere()
  @HttpCode(200)
  @Answers(ReturnCaseAnswer)
  async confirm(
    @Param('id', ParseUUIDPipe) named: string,
    @Param('departureId', ParseUUIDPipe) departure: string,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const id = named.toLowerCase();
    const { caseId } = await this.caseOf(id);
    const act = actOf(caseId, departure, context);
    const { departureId } = act;
    const confirmation = await this.gate.confirmation(act);
    const own = ownConfirmation(context);
    const kept = await this.commands.run({
      ...{ procedure: returnCaseProcedure, id, context: own.context, status: 200 },
      command: { type: 'ConfirmDeparture', at: this.clock.now(), departureId },
      beside: () => Promise.resolve([atTheGate(caseId, confirmation)]),
      body: (result) => {
        own.wrote(result.events);
        return answerOf(result);
      },
    });
    await this.gate.openDoor(act, false).catch(async (error: unknown) => {
      if (own.isOurs() && !this.gate.hasLetOut(departureId)) await this.takeBackTogether(id, act, context);
      throw error;
    });
    return kept;
  }

  /** A supervisor answers for it that the person is still there: the process may have ended before the door was opened. */
  @Post(':departureId/taking-back')
  @StaysHere()
  @HttpCode(200)
  @Roles('supervisor')
  @Answers(ReturnCaseAnswer)
  async takeBack(
    @Param('id', ParseUUIDPipe) named: string,
    @Param('departureId', ParseUUIDPipe) departure: string,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const id = named.toLowerCase();
    const { caseId } = await this.caseOf(id);
    const act = actOf(caseId, departure, context);
    const taken = await this.commands.run({
      ...{ procedure: returnCaseProcedure, id, context, status: 200, body: answerOf },
      ...this.takingBack(id, act, context),
    });
    await this.gate.answerOwnHolds(act);
    return taken;
  }

  /** H-17 stands again, and an officer asks the person once more: whoever withdrew while the departure was written was too late (INV-14). */
  private takingBack(id: string, { caseId, departureId }: DepartureAct, { actor }: CommandContext) {
    const now = this.clock.now();
    const holding = besideReturnCase(this.holds, this.clock, id, stepTaker(actor));
    const beside: BesideReturnCase = async (decided, transaction) => [
      ...(await holding(decided, transaction)),
      atTheGate(caseId, { type: 'TakeBackDeparture', departureId, now }),
    ];
    return { command: { type: 'TakeBackDeparture', at: now, departureId } as const, beside };
  }

  private async takeBackTogether(id: string, act: DepartureAct, context: CommandContext): Promise<void> {
    const { officer: actor, correlationId } = act;
    await this.node.handler.execute({
      ...{ procedure: returnCaseProcedure, id, actor, correlationId, causation: null },
      ...this.takingBack(id, act, context),
    });
    await this.gate.answerOwnHolds(act);
  }

  /** @throws DomainError RETURN.UNKNOWN */
  private async caseOf(id: string): Promise<{ readonly caseId: string; readonly state: ReturnCase }> {
    const { state } = await this.node.handler.load(returnCaseProcedure, id);
    if (state.application !== null) return { caseId: state.application.caseId, state };
    throw new DomainError('RETURN.UNKNOWN', 'not-found', 'no such return case at this agency');
  }
}
