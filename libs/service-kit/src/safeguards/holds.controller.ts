import type { Clock, Ids, JsonObject } from '@acogida/core';
import { type Hold, type HoldLedgerCommand, holdLedgerProcedure } from '@acogida/safeguards';
import { Body, Controller, HttpCode, Inject, Optional, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import type pg from 'pg';
import { Roles } from '../auth/roles.ts';
import { StaysHere } from '../egress/ways-out.ts';
import { type CommandContext, CurrentCommand } from '../http/command-context.ts';
import { CommandRunner } from '../http/command-runner.ts';
import type { NodeContext } from '../node-definition.ts';
import { Answers } from '../openapi/answers.ts';
import { CLOCK, DATABASE_POOL, IDS, NODE_CONTEXT } from '../tokens.ts';
import { holdAnswerOf } from './hold-answer.ts';
import { HoldMandate } from './hold-mandate.ts';
import { HoldAnswer, LiftHoldBody, PlaceHoldBody } from './hold-requests.ts';
import { LIFTING_ROLES, PLACING_ROLES, requireRole } from './hold-roles.ts';
import { HoldSurroundings } from './hold-surroundings.ts';
import { LIFTING_CONDITION, type LiftingCondition } from './lifting-condition.ts';
import { MONOTONIC_CLOCK, type MonotonicClock } from './monotonic-clock.ts';

/** One hold of a case, by what the route names. */
interface Named {
  readonly caseId: string;
  readonly holdId: string;
}

/** Placing and lifting this agency's holds on a case (domain.md §1.5). `ETag` and `If-Match` are of the case's ledger. */
@Controller('v1/cases/:caseId/holds')
export class HoldsController {
  constructor(
    private readonly commands: CommandRunner,
    private readonly mandate: HoldMandate,
    private readonly surroundings: HoldSurroundings,
    @Inject(NODE_CONTEXT) private readonly node: NodeContext,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(MONOTONIC_CLOCK) private readonly monotonic: MonotonicClock,
    @Inject(IDS) private readonly ids: Ids,
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    @Optional() @Inject(LIFTING_CONDITION) private readonly condition?: LiftingCondition,
  ) {}

  /** Refused to no authority (S4). */
  @Post()
  @StaysHere()
  @Roles(...PLACING_ROLES)
  @Answers(HoldAnswer, { status: 201 })
  async place(
    @Param('caseId', ParseUUIDPipe) caseId: string,
    @Body() body: PlaceHoldBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    requireRole(body.kind, context.actor, PLACING_ROLES);
    const hold = { caseId: caseId.toLowerCase(), holdId: this.ids.uuid() };
    return this.run(hold, { type: 'PlaceHold', ...(await this.newHold(hold, body, context)) }, context, 201);
  }

  /** The hold becomes another one, so that no moment is without: an intent to ask for asylum becomes an application. */
  @Post(':holdId/replacement')
  @StaysHere()
  @Roles(...LIFTING_ROLES)
  @Answers(HoldAnswer, { status: 201 })
  async replace(
    @Param('caseId', ParseUUIDPipe) caseId: string,
    @Param('holdId', ParseUUIDPipe) replacesHoldId: string,
    @Body() body: PlaceHoldBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    requireRole(body.kind, context.actor, LIFTING_ROLES);
    const before = { caseId: caseId.toLowerCase(), holdId: replacesHoldId.toLowerCase() };
    await this.requireLifting(before, context);
    const hold = { caseId: before.caseId, holdId: this.ids.uuid() };
    const placing = await this.newHold(hold, body, context);
    const command = { type: 'ReplaceHold' as const, replacesHoldId: before.holdId, ...placing };
    return this.run(hold, command, context, 201);
  }

  /** One officer is enough where domain.md §1.5 says so. */
  @Post(':holdId/lifting')
  @StaysHere()
  @HttpCode(200)
  @Roles(...LIFTING_ROLES)
  @Answers(HoldAnswer)
  lift(
    @Param('caseId', ParseUUIDPipe) caseId: string,
    @Param('holdId', ParseUUIDPipe) holdId: string,
    @Body() body: LiftHoldBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    return this.lifting('LiftHold', { caseId, holdId }, body, context);
  }

  /** The first officer of two: the hold stands until another one confirms. */
  @Post(':holdId/lifting/proposal')
  @StaysHere()
  @HttpCode(200)
  @Roles(...LIFTING_ROLES)
  @Answers(HoldAnswer)
  propose(
    @Param('caseId', ParseUUIDPipe) caseId: string,
    @Param('holdId', ParseUUIDPipe) holdId: string,
    @Body() body: LiftHoldBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    return this.lifting('ProposeLift', { caseId, holdId }, body, context);
  }

  /** The second officer, for the reason that was proposed. */
  @Post(':holdId/lifting/confirmation')
  @StaysHere()
  @HttpCode(200)
  @Roles(...LIFTING_ROLES)
  @Answers(HoldAnswer)
  confirm(
    @Param('caseId', ParseUUIDPipe) caseId: string,
    @Param('holdId', ParseUUIDPipe) holdId: string,
    @Body() body: LiftHoldBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    return this.lifting('ConfirmLift', { caseId, holdId }, body, context);
  }

  /** The hold stays; whoever proposed may take that back as well. */
  @Post(':holdId/lifting/refusal')
  @StaysHere()
  @HttpCode(200)
  @Roles(...LIFTING_ROLES)
  @Answers(HoldAnswer)
  async decline(
    @Param('caseId', ParseUUIDPipe) caseId: string,
    @Param('holdId', ParseUUIDPipe) holdId: string,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const hold = { caseId: caseId.toLowerCase(), holdId: holdId.toLowerCase() };
    await this.requireLifting(hold, context);
    return this.run(hold, { type: 'DeclineLift', ...this.lifter(hold, context) }, context, 200);
  }

  private async lifting(
    type: 'LiftHold' | 'ProposeLift' | 'ConfirmLift',
    named: Named,
    { reason }: LiftHoldBody,
    context: CommandContext,
  ): Promise<JsonObject | null> {
    const hold = { caseId: named.caseId.toLowerCase(), holdId: named.holdId.toLowerCase() };
    const known = await this.requireLifting(hold, context);
    if (known?.isOpen === true) {
      const { kind, groundId } = known;
      const placedAt = known.takenOverFrom === null ? known.placedAt : null;
      const { roles } = context.actor;
      await this.condition?.assertMayLift({ caseId: hold.caseId, kind, groundId, placedAt, reason, step: type, roles });
    }
    return this.run(hold, { type, reason, ...this.lifter(hold, context) }, context, 200);
  }

  /** Kind and ground are never changed, so that what was read before the command is what it decides on. Who does not know the hold is told later. */
  private async requireLifting({ caseId, holdId }: Named, { actor }: CommandContext): Promise<Hold | undefined> {
    const { state } = await this.node.handler.load(holdLedgerProcedure, caseId);
    const hold = state.holds.find((one) => one.holdId === holdId);
    if (hold !== undefined) requireRole(hold.kind, actor, LIFTING_ROLES);
    return hold;
  }

  private lifter({ holdId }: Named, { actor }: CommandContext) {
    return { holdId, officer: actor.subject, ...this.acting() };
  }

  private async newHold({ caseId, holdId }: Named, { kind, groundId }: PlaceHoldBody, { actor }: CommandContext) {
    const mandate = await this.mandate.kindsFor(kind);
    const hold = { caseId, holdId, kind, groundId: groundId?.toLowerCase() ?? null, placedBy: actor.subject, mandate };
    return { ...hold, ...(await this.surroundings.of(this.node, this.pool)), ...this.acting() };
  }

  private acting() {
    return { by: this.node.agencyId, reading: this.monotonic.read(), now: this.clock.now() };
  }

  private run(
    { caseId, holdId }: Named,
    command: HoldLedgerCommand,
    context: CommandContext,
    status: 200 | 201,
  ): Promise<JsonObject | null> {
    return this.commands.run({
      ...{ procedure: holdLedgerProcedure, id: caseId, context, status, command },
      ...(status === 201 ? { location: `/v1/cases/${caseId}/protection` } : {}),
      body: ({ version, state }) => holdAnswerOf(state, holdId, version),
    });
  }
}
