import { type Clock, DomainError, type JsonObject } from '@acogida/core';
import { isTreatedAsChild } from '@acogida/reference';
import { PENDING_STATUSES, type ReferralCommand, type ReferralFacts, referralProcedure } from '@acogida/referral';
import {
  Body,
  Controller,
  Get,
  HttpCode,
  Inject,
  Optional,
  Param,
  ParseUUIDPipe,
  Post,
  Query,
  Res,
} from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { FastifyReply } from 'fastify';
import { In, Not, Repository } from 'typeorm';
import { Roles } from '../auth/roles.ts';
import { type CommandContext, CurrentCommand } from '../http/command-context.ts';
import { CommandRunner } from '../http/command-runner.ts';
import { CurrentPage, type PageOf, type Paging, setVersion } from '../http/paging.ts';
import { notFound } from '../http/problem.ts';
import type { NodeContext } from '../node-definition.ts';
import { Answers } from '../openapi/answers.ts';
import { CLOCK, NODE_CONTEXT } from '../tokens.ts';
import { CASE_FACTS, type CaseFacts, NOTHING_KNOWN } from './case-facts.ts';
import { ReferralEntity } from './referral.entity.ts';
import { referralIdOf } from './referral-id.ts';
import {
  CompleteReferralBody,
  ReferralListQuery,
  RejectReferralBody,
  RequestReferralBody,
} from './referral-requests.ts';
import { ReferralView, referralViewOf } from './referral-view.ts';

/** Referrals that this agency sent and received (architecture.md §6). */
@Controller('v1/referrals')
export class ReferralsController {
  constructor(
    private readonly commands: CommandRunner,
    @Inject(NODE_CONTEXT) private readonly node: NodeContext,
    @Inject(CLOCK) private readonly clock: Clock,
    @InjectRepository(ReferralEntity) private readonly referrals: Repository<ReferralEntity>,
    @Optional() @Inject(CASE_FACTS) private readonly caseFacts?: CaseFacts,
  ) {}

  @Post()
  @Roles('caseworker', 'border-officer', 'screening-officer', 'eligibility-officer', 'import')
  async request(
    @Body() body: RequestReferralBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const { caseId, receiver, service, urgency, reason, consent } = body;
    const sender = this.node.agencyId;
    const facts = await this.factsFor(body);
    const answered = await this.referrals.countBy({
      direction: 'sent',
      caseId,
      receiver,
      service,
      state: Not(In([...PENDING_STATUSES])),
    });
    const referralId = referralIdOf({ sender, receiver, service, caseId }, answered);
    return this.commands.run({
      procedure: referralProcedure,
      id: referralId,
      context,
      status: 201,
      location: `/v1/referrals/${referralId}`,
      command: {
        type: 'RequestReferral',
        by: sender,
        now: this.clock.now(),
        ...{ referralId, caseId, receiver, service, urgency, reason },
        consent: { ...consent },
        facts,
        takenOver: context.actor.roles.includes('import'),
      },
      body: ({ version, state }) => ({
        id: referralId,
        version,
        state: state?.status,
        acknowledgeBy: state?.request.acknowledgeBy,
      }),
    });
  }

  @Post(':id/acknowledgement')
  @HttpCode(200)
  @Roles('referral-officer', 'import')
  acknowledge(
    @Param('id', ParseUUIDPipe) id: string,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    return this.answer(id, context, { type: 'AcknowledgeReferral', ...this.acting() });
  }

  @Post(':id/acceptance')
  @HttpCode(200)
  @Roles('referral-officer', 'import')
  accept(
    @Param('id', ParseUUIDPipe) id: string,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    return this.answer(id, context, { type: 'AcceptReferral', ...this.acting() });
  }

  @Post(':id/rejection')
  @HttpCode(200)
  @Roles('referral-officer')
  reject(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: RejectReferralBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const { reason, alternativeAgency = null } = body;
    return this.answer(id, context, { type: 'RejectReferral', ...this.acting(), reason, alternativeAgency });
  }

  @Post(':id/completion')
  @HttpCode(200)
  @Roles('referral-officer', 'import')
  complete(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: CompleteReferralBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    return this.answer(id, context, { type: 'CompleteReferral', ...this.acting(), result: body.result });
  }

  @Get()
  @Roles(
    'caseworker',
    'border-officer',
    'referral-officer',
    'screening-officer',
    'eligibility-officer',
    'supervisor',
    'import',
  )
  @Answers(ReferralView, { page: true })
  async list(@Query() query: ReferralListQuery, @CurrentPage() paging: Paging): Promise<PageOf<ReferralView>> {
    const { direction, state, caseId } = query;
    const wanted = { ...(direction && { direction }), ...(state && { state }), ...(caseId && { caseId }) };
    const select = this.referrals.createQueryBuilder('referral').where(wanted);
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
    const now = this.clock.now();
    return paging.answer(
      rows.map((row) => referralViewOf(row, now)),
      (view) => [view.requestedAt, view.id],
    );
  }

  @Get(':id')
  @Roles(
    'caseworker',
    'border-officer',
    'referral-officer',
    'screening-officer',
    'eligibility-officer',
    'supervisor',
    'import',
  )
  @Answers(ReferralView)
  async show(
    @Param('id', ParseUUIDPipe) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ReferralView> {
    const row = await this.referrals.findOneBy({ referralId: id });
    if (row === null) throw notFound('REFERRAL.UNKNOWN', 'there is no such referral here');
    setVersion(reply, row.version);
    return referralViewOf(row, this.clock.now());
  }

  private acting(): { readonly by: string; readonly now: string } {
    return { by: this.node.agencyId, now: this.clock.now() };
  }

  private answer(id: string, context: CommandContext, command: ReferralCommand): Promise<JsonObject | null> {
    return this.commands.run({
      procedure: referralProcedure,
      id,
      context,
      status: 200,
      command,
      body: ({ version, state }) => ({ id, version, state: state?.status }),
    });
  }

  /** What the receiver is told: what the request names, else what this agency has on record. */
  private async factsFor({ caseId, facts }: RequestReferralBody): Promise<ReferralFacts> {
    const known = this.caseFacts === undefined ? NOTHING_KNOWN : await this.caseFacts.factsOf(caseId);
    if (known === null) throw new DomainError('REFERRAL.CASE_UNKNOWN', 'not-found', 'there is no such case here');
    if (facts === undefined) return known;
    // INV-08: naming facts does not talk a doubt away that is on record
    const inDoubt = this.caseFacts !== undefined && isTreatedAsChild(known.ageStatus) && facts.ageStatus === 'ADULT';
    const ageStatus = inDoubt ? 'DISPUTED' : facts.ageStatus;
    return { ...facts, ageStatus, ageBand: facts.ageBand && { ...facts.ageBand } };
  }
}
