import type { Clock, JsonObject } from '@acogida/core';
import { dayEndIn } from '@acogida/reference';
import { referralProcedure } from '@acogida/referral';
import { Body, Controller, Get, HttpCode, Inject, Param, ParseUUIDPipe, Post, Query, Res } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { FastifyReply } from 'fastify';
import { Repository } from 'typeorm';
import { CASE_STAFF, Roles } from '../auth/roles.ts';
import { LeadsOut, StaysHere } from '../egress/ways-out.ts';
import { Egress } from '../egress/egress.ts';
import { type CommandContext, CurrentCommand } from '../http/command-context.ts';
import { CommandRunner } from '../http/command-runner.ts';
import { CurrentPage, type PageOf, type Paging, setVersion } from '../http/paging.ts';
import { notFound } from '../http/problem.ts';
import type { NodeContext } from '../node-definition.ts';
import { Answers } from '../openapi/answers.ts';
import { CLOCK, NODE_CONTEXT } from '../tokens.ts';
import { FactsOnRecord } from './facts-on-record.ts';
import { KnownCases } from './known-cases.ts';
import { ReferralEntity } from './referral.entity.ts';
import {
  CompleteReferralBody,
  ReferralListQuery,
  RejectReferralBody,
  RequestReferralBody,
} from './referral-requests.ts';
import { onList, onSupervisorsList, successorsFor, withStatus } from './referral-queries.ts';
import { ReferralSending } from './referral-sending.ts';
import { acting, runStep } from './referral-steps.ts';
import { requireStandingConsent } from './standing-consent.ts';
import { ReferralView } from './referral-view.ts';
import { referralViewOf } from './view-of-referral.ts';

/** Referrals that this agency sent and received (architecture.md §6). */
@Controller('v1/referrals')
export class ReferralsController {
  private readonly sending: ReferralSending;

  constructor(
    private readonly commands: CommandRunner,
    @Inject(NODE_CONTEXT) private readonly node: NodeContext,
    @Inject(CLOCK) private readonly clock: Clock,
    @InjectRepository(ReferralEntity) private readonly referrals: Repository<ReferralEntity>,
    egress: Egress,
    facts: FactsOnRecord,
    known: KnownCases,
  ) {
    this.sending = new ReferralSending({ node, clock, egress, referrals, facts, known });
  }

  /** Deny rules and consent are judged first: what they refuse changes nothing. */
  @Post()
  @LeadsOut('OFFER')
  @Roles('caseworker', 'border-officer', 'screening-officer', 'eligibility-officer', 'import')
  async request(
    @Body() body: RequestReferralBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const before = await this.commands.answered(context); // what was sent once is not judged again
    if (before !== null) return before.body;
    const command = await this.sending.prepare(body, context);
    const { referralId } = command;
    const answer = await this.commands.run({
      ...{ procedure: referralProcedure, id: referralId, context, status: 201, command },
      location: `/v1/referrals/${referralId}`,
      body: ({ version, state }) => ({
        id: referralId,
        version,
        state: state?.status,
        acknowledgeBy: state?.request.acknowledgeBy,
      }),
    });
    await this.sending.takeBackWithoutConsent([referralId], context);
    return answer;
  }

  @Post(':id/acknowledgement')
  @StaysHere()
  @HttpCode(200)
  @Roles('referral-officer', 'supervisor', 'import')
  acknowledge(
    @Param('id', ParseUUIDPipe) id: string,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    return runStep(this.commands, id, context, { type: 'AcknowledgeReferral', ...acting(this.node, this.clock) });
  }

  /** Where the consent was withdrawn or came to its end since it was sent, the referral is returned instead. */
  @Post(':id/acceptance')
  @StaysHere()
  @HttpCode(200)
  @Roles('referral-officer', 'supervisor', 'import')
  async accept(
    @Param('id', ParseUUIDPipe) id: string,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const before = await this.commands.answered(context);
    if (before !== null) return before.body;
    await requireStandingConsent(this.node, id, context);
    return runStep(this.commands, id, context, { type: 'AcceptReferral', ...acting(this.node, this.clock) });
  }

  @Post(':id/rejection')
  @StaysHere()
  @HttpCode(200)
  @Roles('referral-officer', 'supervisor')
  reject(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: RejectReferralBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const { reason, alternativeAgency = null } = body;
    return runStep(this.commands, id, context, {
      type: 'RejectReferral',
      ...acting(this.node, this.clock),
      reason,
      alternativeAgency,
    });
  }

  @Post(':id/completion')
  @StaysHere()
  @HttpCode(200)
  @Roles('referral-officer', 'supervisor', 'import')
  complete(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: CompleteReferralBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    return runStep(this.commands, id, context, {
      type: 'CompleteReferral',
      ...acting(this.node, this.clock),
      result: body.result,
    });
  }

  @Get()
  @StaysHere()
  @Roles(...CASE_STAFF, 'import')
  @Answers(ReferralView, { page: true })
  async list(@Query() query: ReferralListQuery, @CurrentPage() paging: Paging): Promise<PageOf<ReferralView>> {
    const { direction, state, caseId, list, escalated } = query;
    const now = this.clock.now();
    const dayEndsAt = this.dayEndsAt(now);
    const wanted = { ...(direction && { direction }), ...(caseId && { caseId }) };
    const select = this.referrals.createQueryBuilder('referral').where(wanted);
    if (state !== undefined) withStatus(select, [state], 'IN');
    if (list !== undefined) onList(select, list, { now, dayEndsAt });
    if (escalated !== undefined) onSupervisorsList(select);
    const after = paging.after('instant', 'uuid');
    if (after !== null) {
      const [requestedAt, referralId] = after;
      select.andWhere('(referral.requested_at, referral.referral_id) < (:requestedAt, :referralId)', {
        requestedAt,
        referralId,
      });
    }
    const rows = await select
      .orderBy('referral.requestedAt', 'DESC')
      .addOrderBy('referral.referralId', 'DESC')
      .limit(paging.limit + 1)
      .getMany();
    const successors = await successorsFor(this.referrals, rows);
    return paging.answer(
      rows.map((row) => referralViewOf(row, now, dayEndsAt, successors)),
      (view) => [view.requestedAt, view.id],
    );
  }

  @Get(':id')
  @StaysHere()
  @Roles(...CASE_STAFF, 'import')
  @Answers(ReferralView)
  async show(
    @Param('id', ParseUUIDPipe) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ReferralView> {
    const row = await this.referrals.findOneBy({ referralId: id });
    if (row === null) throw notFound('REFERRAL.UNKNOWN', 'there is no such referral here');
    setVersion(reply, row.version);
    const now = this.clock.now();
    return referralViewOf(row, now, this.dayEndsAt(now), await successorsFor(this.referrals, [row]));
  }

  private dayEndsAt(now: string): string {
    return dayEndIn(this.node.jurisdiction ?? '', now);
  }
}
