import { type Clock, DomainError, type JsonObject } from '@acogida/core';
import { dayEndIn } from '@acogida/reference';
import {
  custodyProcedure,
  type Referral,
  referralProcedure,
  type TransferAnswer,
  type TransferQuestion,
  transferRequestProcedure,
  type TransferRequestState,
} from '@acogida/referral';
import { Body, Controller, Get, HttpCode, Inject, Param, ParseUUIDPipe, Post, Query, Res } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { FastifyReply } from 'fastify';
import { IsNull, Not, Repository } from 'typeorm';
import { Roles } from '../auth/roles.ts';
import { Egress } from '../egress/egress.ts';
import { LeadsOut, StaysHere } from '../egress/ways-out.ts';
import { type CommandContext, CurrentCommand } from '../http/command-context.ts';
import { CommandRunner } from '../http/command-runner.ts';
import { CurrentPage, type PageOf, type Paging, setVersion } from '../http/paging.ts';
import { notFound } from '../http/problem.ts';
import { nameBasedId } from '../name-based-id.ts';
import type { NodeContext } from '../node-definition.ts';
import type { CommandsBeside } from '../procedure-handler.ts';
import { Answers } from '../openapi/answers.ts';
import { CLOCK, NODE_CONTEXT } from '../tokens.ts';
import { ReferralEntity } from './referral.entity.ts';
import { onList, onSupervisorsList } from './referral-queries.ts';
import { acting } from './referral-steps.ts';
import { TransferRequestEntity } from './transfer-request.entity.ts';
import {
  GrantTransferBody,
  RefuseTransferBody,
  RequestTransferBody,
  TransferRequestListQuery,
  TransferRequestView,
  transferRequestViewOf,
} from './transfer-requests.ts';
import { transferTermsIn } from './transfer-terms.ts';

/** Namespace of the ids of requests for transfer. */
const NAMESPACE = '2c6f0f5e-7f0b-5d35-8a3e-91c7d4e0b6aa';

const UNKNOWN = { code: 'TRANSFER.UNKNOWN', message: 'there is no such request here' };

/**
 * Asking the custodian of a case for it, and answering (architecture.md §6). An answer moves nothing: the case is given by the
 * transfer that it names, under the rules of every transfer.
 */
@Controller('v1/transfer-requests')
export class TransferRequestsController {
  constructor(
    private readonly commands: CommandRunner,
    @Inject(NODE_CONTEXT) private readonly node: NodeContext,
    @Inject(CLOCK) private readonly clock: Clock,
    @InjectRepository(TransferRequestEntity) private readonly requests: Repository<TransferRequestEntity>,
    @InjectRepository(ReferralEntity) private readonly referrals: Repository<ReferralEntity>,
    private readonly egress: Egress,
  ) {}

  /**
   * Asks for a case that this agency knows by a referral. One request of a case and a custodian waits at a time; one that came back
   * unanswered is withdrawn with the next. Whom it asks is told that the person is known here: judged by the deny rules.
   */
  @Post()
  @LeadsOut('TRANSFER_REQUEST')
  @Roles('caseworker', 'screening-officer', 'eligibility-officer')
  async request(
    @Body() body: RequestTransferBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const answered = await this.commands.answered(context);
    if (answered !== null) return answered.body;
    const { custodian, urgency = 'ROUTINE' } = body;
    const caseId = body.caseId.toLowerCase();
    await this.requireNeed(caseId);
    const { actor, correlationId } = context;
    await this.egress.clearAsking({ caseId, custodian, actor, correlationId });
    const before = await this.requests.findBy({ direction: 'sent', caseId, custodian });
    const ordinal = before.filter((one) => !isWaiting(one)).length;
    const acts = acting(this.node, this.clock);
    const { answerWithinMs } = transferTermsIn(this.node, urgency, acts.now);
    const transferRequestId = nameBasedId(NAMESPACE, [acts.by, custodian, caseId, ordinal]);
    return this.commands.run({
      ...{ procedure: transferRequestProcedure, id: transferRequestId, context, status: 201 },
      location: `/v1/transfer-requests/${transferRequestId}`,
      command: { type: 'RequestTransfer', ...acts, transferRequestId, caseId, custodian, urgency, answerWithinMs },
      beside: async () =>
        before.filter(({ nextDueKind }) => nextDueKind === 'ASK_ANEW').map((one) => withdrawing(one, acts)),
      body: ({ version }) => ({ id: transferRequestId, version }),
    });
  }

  /** Grants it: names the transfer of this case that was asked of the agency that wants it. */
  @Post(':id/grant')
  @HttpCode(200)
  @StaysHere()
  @Roles('caseworker', 'supervisor')
  async grant(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: GrantTransferBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const before = await this.commands.answered(context);
    if (before !== null) return before.body;
    const referralId = body.referralId.toLowerCase();
    const { state } = await this.node.handler.load(transferRequestProcedure, id.toLowerCase());
    if (state !== null) {
      const { state: referral } = await this.node.handler.load(referralProcedure, referralId);
      requireTransferFor(state.question, referral);
    }
    return this.answer(id, context, { granted: true, referralId, reason: null, heldBy: null });
  }

  /** Says why the case stays. */
  @Post(':id/refusal')
  @HttpCode(200)
  @StaysHere()
  @Roles('caseworker', 'supervisor')
  refuse(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() { reason }: RefuseTransferBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    return this.answer(id, context, { granted: false, referralId: null, reason, heldBy: null });
  }

  /** The case is not needed any more, or not from there: whoever was asked is told that nobody waits for its answer. */
  @Post(':id/withdrawal')
  @HttpCode(200)
  @StaysHere()
  @Roles('caseworker', 'screening-officer', 'eligibility-officer', 'supervisor')
  withdraw(
    @Param('id', ParseUUIDPipe) id: string,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    return this.commands.run({
      ...{ procedure: transferRequestProcedure, id: id.toLowerCase(), context, status: 200 },
      command: { type: 'WithdrawTransferRequest', ...acting(this.node, this.clock) },
      body: ({ version }) => ({ id, version }),
    });
  }

  /** Newest first; `answered=false` for those that wait, `list` for what is to be done. */
  @Get()
  @StaysHere()
  @Roles('caseworker', 'screening-officer', 'eligibility-officer', 'supervisor')
  @Answers(TransferRequestView, { page: true })
  async list(
    @Query() { direction, caseId, answered, list, escalated }: TransferRequestListQuery,
    @CurrentPage() paging: Paging,
  ): Promise<PageOf<TransferRequestView>> {
    const wanted = {
      ...(direction && { direction }),
      ...(caseId && { caseId }),
      ...(answered === true && { granted: Not(IsNull()) }),
      ...(answered === false && { granted: IsNull(), withdrawnAt: IsNull() }),
    };
    const now = this.clock.now();
    const dayEndsAt = this.dayEndsAt(now);
    const select = this.requests.createQueryBuilder('asked').where(wanted);
    if (list !== undefined) onList(select, list, { now, dayEndsAt });
    if (escalated !== undefined) onSupervisorsList(select);
    const after = paging.after('instant', 'uuid');
    if (after !== null) {
      const [askedAt, id] = after;
      select.andWhere('(asked.asked_at, asked.transfer_request_id) < (:askedAt, :id)', { askedAt, id });
    }
    const rows = await select
      .orderBy('asked.askedAt', 'DESC')
      .addOrderBy('asked.transferRequestId', 'DESC')
      .limit(paging.limit + 1)
      .getMany();
    return paging.answer(
      rows.map((row) => transferRequestViewOf(row, now, dayEndsAt)),
      (view) => [view.askedAt, view.id],
    );
  }

  @Get(':id')
  @StaysHere()
  @Roles('caseworker', 'screening-officer', 'eligibility-officer', 'supervisor')
  @Answers(TransferRequestView)
  async show(
    @Param('id', ParseUUIDPipe) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TransferRequestView> {
    const row = await this.requests.findOneBy({ transferRequestId: id });
    if (row === null) throw notFound(UNKNOWN.code, UNKNOWN.message);
    setVersion(reply, row.version);
    const now = this.clock.now();
    return transferRequestViewOf(row, now, this.dayEndsAt(now));
  }

  private dayEndsAt(now: string): string {
    return dayEndIn(this.node.jurisdiction ?? '', now);
  }

  private answer(id: string, context: CommandContext, answer: TransferAnswer): Promise<JsonObject | null> {
    return this.commands.run({
      ...{ procedure: transferRequestProcedure, id: id.toLowerCase(), context, status: 200 },
      command: { type: 'AnswerTransferRequest', ...acting(this.node, this.clock), ...answer },
      body: ({ version, state }) => ({ id, version, granted: state?.answer?.granted ?? null }),
    });
  }

  /** An agency asks for a case that it has to do with, and that it does not have. */
  private async requireNeed(caseId: string): Promise<void> {
    const { state } = await this.node.handler.load(custodyProcedure, caseId);
    if (state?.holder === this.node.agencyId) {
      throw new DomainError('TRANSFER.ALREADY_CUSTODIAN', 'conflict', 'this agency has custody of the case');
    }
    if (state === null && !(await this.referrals.existsBy({ caseId }))) {
      throw new DomainError('TRANSFER.CASE_UNKNOWN', 'not-found', 'there is no such case here');
    }
  }
}

/** Whether the same question waits for an answer still: asked again, it is the same request. */
function isWaiting({ granted, lapsedAt, withdrawnAt }: TransferRequestEntity): boolean {
  return granted === null && lapsedAt === null && withdrawnAt === null;
}

/** Takes back what came back unanswered, as it is asked anew; an answer that came meanwhile stands. */
function withdrawing(
  { transferRequestId }: TransferRequestEntity,
  acts: { readonly by: string; readonly now: string },
): CommandsBeside {
  return {
    ...{ procedure: transferRequestProcedure, id: transferRequestId },
    commands: (state: TransferRequestState) =>
      state === null || state.answer !== null ? [] : [{ type: 'WithdrawTransferRequest', ...acts }],
  };
}

/** The transfer of the same case to the agency that asked for it, which that agency can still accept, or has accepted. */
function requireTransferFor({ caseId, asker }: TransferQuestion, referral: Referral | null): void {
  const isFit =
    referral?.side === 'SENDER' &&
    referral.request.transfer &&
    referral.request.caseId === caseId &&
    referral.request.receiver === asker &&
    referral.requestStatus === 'REQUESTED' &&
    referral.senderTask === 'WAITING';
  if (isFit) return;
  throw new DomainError('TRANSFER.REFERRAL_UNFIT', 'conflict', 'name a transfer of this case to the agency that asked');
}
