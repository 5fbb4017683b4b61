import { type Clock, DomainError, type JsonObject } from '@acogida/core';
import { countryParameters, dayEndIn, isTreatedAsChild } from '@acogida/reference';
import { PENDING_STATUSES, type ReferralFacts, referralProcedure } from '@acogida/referral';
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
import { Repository } from 'typeorm';
import { Roles } from '../auth/roles.ts';
import { type CommandContext, CurrentCommand } from '../http/command-context.ts';
import { CommandRunner } from '../http/command-runner.ts';
import { CurrentPage, type PageOf, type Paging, setVersion } from '../http/paging.ts';
import { notFound } from '../http/problem.ts';
import type { NodeContext } from '../node-definition.ts';
import { Answers } from '../openapi/answers.ts';
import { CLOCK, NODE_CONTEXT } from '../tokens.ts';
import { CASE_FACTS, type CaseFacts, NOTHING_KNOWN } from './case-facts.ts';
import { requireCustody } from './custody-opening.ts';
import { ReferralEntity } from './referral.entity.ts';
import { referralIdOf } from './referral-id.ts';
import {
  CompleteReferralBody,
  ReferralListQuery,
  RejectReferralBody,
  RequestReferralBody,
} from './referral-requests.ts';
import { onList, withStatus } from './referral-queries.ts';
import { acting, runStep } from './referral-steps.ts';
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
    const { receiver, service, urgency, reason, consent, transfer = false } = body;
    const caseId = body.caseId.toLowerCase(); // custody is one stream per case, however its id is written
    const groupId = body.groupId?.toLowerCase() ?? null;
    const { by, now } = acting(this.node, this.clock);
    const facts = await this.factsFor(body);
    if (transfer) {
      const wasReferredHere = await this.wasReferredHere(caseId);
      await requireCustody(this.node, context, { caseId, now, wasReferredHere });
    }
    const referralId = referralIdOf({ sender: by, receiver, service, caseId }, await this.countAnswered(body));
    return this.commands.run({
      procedure: referralProcedure,
      id: referralId,
      context,
      status: 201,
      location: `/v1/referrals/${referralId}`,
      command: {
        type: 'RequestReferral',
        ...{ by, now, referralId, caseId, receiver, service, urgency, reason, transfer, groupId },
        consent: { ...consent },
        facts,
        attachments: (body.attachments ?? []).map((attachment) => ({ ...attachment })),
        deadlines: countryParameters(this.node.jurisdiction ?? '', now.slice(0, 10)).referralDeadlines[urgency],
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
    return runStep(this.commands, id, context, { type: 'AcknowledgeReferral', ...acting(this.node, this.clock) });
  }

  @Post(':id/acceptance')
  @HttpCode(200)
  @Roles('referral-officer', 'import')
  accept(
    @Param('id', ParseUUIDPipe) id: string,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    return runStep(this.commands, id, context, { type: 'AcceptReferral', ...acting(this.node, this.clock) });
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
    return runStep(this.commands, id, context, {
      type: 'RejectReferral',
      ...acting(this.node, this.clock),
      reason,
      alternativeAgency,
    });
  }

  @Post(':id/completion')
  @HttpCode(200)
  @Roles('referral-officer', 'import')
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
    const { direction, state, caseId, list } = query;
    const now = this.clock.now();
    const dayEndsAt = this.dayEndsAt(now);
    const wanted = { ...(direction && { direction }), ...(caseId && { caseId }) };
    const select = this.referrals.createQueryBuilder('referral').where(wanted);
    if (state !== undefined) withStatus(select, [state], 'IN');
    if (list !== undefined) onList(select, list, { now, dayEndsAt });
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
    return paging.answer(
      rows.map((row) => referralViewOf(row, now, dayEndsAt)),
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
    const now = this.clock.now();
    return referralViewOf(row, now, this.dayEndsAt(now));
  }

  private dayEndsAt(now: string): string {
    return dayEndIn(this.node.jurisdiction ?? '', now);
  }

  /** Whether the first that this agency knows of the case came from another: later ones may come back to who opened it. */
  private async wasReferredHere(caseId: string): Promise<boolean> {
    const first = await this.referrals.findOne({ where: { caseId }, order: { requestedAt: 'ASC' } });
    return first?.direction === 'received';
  }

  /** How many referrals of the same question this agency sent that do not wait for an answer any more. */
  private countAnswered({ caseId, receiver, service }: RequestReferralBody): Promise<number> {
    const select = this.referrals
      .createQueryBuilder('referral')
      .where({ direction: 'sent', caseId, receiver, service });
    withStatus(select, PENDING_STATUSES, 'NOT IN');
    return select.getCount();
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
