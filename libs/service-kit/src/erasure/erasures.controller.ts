import type { Clock, Ids, JsonObject } from '@acogida/core';
import { inTransaction } from '@acogida/event-store';
import { Body, Controller, Get, HttpCode, Inject, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { IsInt, IsISO8601, IsOptional, Max, Min } from 'class-validator';
import { Type } from 'class-transformer';
import { Roles } from '../auth/roles.ts';
import { keyTurn } from '../case-keys/key-turn.ts';
import { StaysHere } from '../egress/ways-out.ts';
import { type CommandContext, CurrentCommand } from '../http/command-context.ts';
import { CommandRunner } from '../http/command-runner.ts';
import { notFound } from '../http/problem.ts';
import type { NodeRuntime } from '../node/node-runtime.ts';
import { Answers } from '../openapi/answers.ts';
import { CLOCK, IDS, NODE_RUNTIME } from '../tokens.ts';
import { answerOf, ErasureAnswer, ErasuresAnswer, LegalHoldBody, OrderErasureBody } from './erasure-answers.ts';
import type { ErasureCommand } from './erasure-commands.ts';
import { orderedCases } from './erasure-orders.ts';
import { erasureProcedure } from './erasure-procedure.ts';
import type { Reach } from './reach.ts';

/** Which erasures are listed. */
export class ErasuresQuery {
  /** `next` of the page before. */
  @IsOptional()
  @IsISO8601({ strict: true })
  before?: string;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100)
  limit?: number;
}

const PAGE_SIZE = 50;

/** Erasing cases at every agency that has something of them (architecture.md §5, INV-22). */
@Controller('v1/erasures')
export class ErasuresController {
  constructor(
    private readonly commands: CommandRunner,
    @Inject(NODE_RUNTIME) private readonly node: NodeRuntime,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  /** Orders it here and at every agency that may have something of the case. Receipts come in by and by. */
  @Post()
  @StaysHere()
  @Roles('data-protection-officer', 'supervisor')
  async order(@Body() body: OrderErasureBody, @CurrentCommand() context: CommandContext): Promise<JsonObject | null> {
    const caseId = body.caseId.toLowerCase();
    const { agencies: owedBy, copies } = await this.reach(caseId, context);
    const [erasureId, by, now] = [this.ids.uuid(), this.node.context.agencyId, this.clock.now()];
    const order = { erasureId, caseId, by, officer: context.actor.subject, basis: body.basis };
    return this.run({ type: 'OrderErasure', ...order, owedBy, copies, now }, context, 201);
  }

  /** Who owes what, the latest order first. */
  @Get()
  @StaysHere()
  @Roles('data-protection-officer', 'supervisor', 'legal-counsel', 'operator')
  @Answers(ErasuresAnswer)
  async list(@Query() { before, limit = PAGE_SIZE }: ErasuresQuery): Promise<ErasuresAnswer> {
    const cases = await orderedCases(this.node.pool, { before: before ?? null, limit });
    const erasures: ErasureAnswer[] = [];
    for (const { caseId } of cases) erasures.push(await this.answer(caseId));
    return { erasures, next: cases.length < limit ? null : (cases.at(-1)?.orderedAt ?? null) };
  }

  /** How far the erasure of a case is here, and who owes a receipt. */
  @Get(':caseId')
  @StaysHere()
  @Roles('data-protection-officer', 'supervisor', 'legal-counsel', 'operator')
  @Answers(ErasureAnswer)
  async show(@Param('caseId', ParseUUIDPipe) caseId: string): Promise<ErasureAnswer> {
    const answer = await this.answer(caseId.toLowerCase());
    if (answer.status === 'NONE')
      throw notFound('ERASURE.UNKNOWN', 'nobody has ordered or held the erasure of this case');
    return answer;
  }

  /** Keeps a case from being erased until a day, whoever orders it, for a reason that is stated. */
  @Post(':caseId/legal-hold')
  @StaysHere()
  @HttpCode(200)
  @Roles('legal-counsel', 'data-protection-officer')
  async hold(
    @Param('caseId', ParseUUIDPipe) id: string,
    @Body() body: LegalHoldBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const { reason, authority = null } = body;
    const hold = { until: new Date(body.until).toISOString(), reason, authority };
    const [caseId, officer, now] = [id.toLowerCase(), context.actor.subject, this.clock.now()];
    return this.run({ type: 'PlaceLegalHold', caseId, ...hold, officer, now }, context, 200);
  }

  /** The case may be erased: what was ordered meanwhile is done at once. Not by whoever ordered it here. */
  @Post(':caseId/legal-hold/end')
  @StaysHere()
  @HttpCode(200)
  @Roles('legal-counsel', 'data-protection-officer')
  async lift(
    @Param('caseId', ParseUUIDPipe) id: string,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const [caseId, officer, now] = [id.toLowerCase(), context.actor.subject, this.clock.now()];
    return this.run({ type: 'LiftLegalHold', caseId, officer, now }, context, 200);
  }

  /** Looks again now, since what it waits for is over. */
  @Post(':caseId/attempt')
  @StaysHere()
  @HttpCode(200)
  @Roles('data-protection-officer', 'supervisor')
  async attempt(
    @Param('caseId', ParseUUIDPipe) id: string,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const command = { type: 'BringReviewForward' as const, caseId: id.toLowerCase(), now: this.clock.now() };
    return this.run(command, context, 200);
  }

  /** @throws Problem 404 ERASURE.CASE_UNKNOWN nothing of the case is or was kept here */
  private async reach(caseId: string, { actor, correlationId }: CommandContext): Promise<Reach> {
    const { pool, context, erasure } = this.node;
    const metadata = { actor: actor.subject, correlationId, causation: null };
    return inTransaction(pool, async (transaction) => {
      const turn = keyTurn(context, transaction, this.clock.now(), metadata);
      const { state } = await context.handler.load(erasureProcedure, caseId, transaction);
      if (state.orders.length === 0 && !(await erasure.isKnown(turn, caseId))) {
        throw notFound('ERASURE.CASE_UNKNOWN', 'nothing of this case is kept here');
      }
      return erasure.reachOfOwnOrder(turn, caseId);
    });
  }

  private async answer(caseId: string): Promise<ErasureAnswer> {
    return answerOf(caseId, (await this.node.context.handler.load(erasureProcedure, caseId)).state);
  }

  private run(
    command: ErasureCommand & { readonly caseId: string },
    context: CommandContext,
    status: 200 | 201,
  ): Promise<JsonObject | null> {
    const { caseId } = command;
    return this.commands.run({
      ...{ procedure: erasureProcedure, id: caseId, context, status, command },
      ...(status === 201 ? { location: `/v1/erasures/${caseId}` } : {}),
      body: ({ version, state }) => ({ id: caseId, version, status: answerOf(caseId, state).status }),
    });
  }
}
