import { type Clock, DomainError, type JsonObject } from '@acogida/core';
import { OVERRIDE_REASONS, type OverrideReason } from '@acogida/reference';
import { type Referral, referralProcedure } from '@acogida/referral';
import { Body, Controller, HttpCode, Inject, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsIn, IsOptional } from 'class-validator';
import { Repository } from 'typeorm';
import { Roles } from '../auth/roles.ts';
import { Egress } from '../egress/egress.ts';
import { LeadsOut, StaysHere } from '../egress/ways-out.ts';
import { type CommandContext, CurrentCommand } from '../http/command-context.ts';
import { CommandRunner } from '../http/command-runner.ts';
import type { NodeContext } from '../node-definition.ts';
import { CLOCK, NODE_CONTEXT } from '../tokens.ts';
import { FactsOnRecord } from './facts-on-record.ts';
import { KnownCases } from './known-cases.ts';
import { askedAnew } from './next-referral.ts';
import { ReferralEntity } from './referral.entity.ts';
import { RequestReferralBody } from './referral-requests.ts';
import { ReferralSending } from './referral-sending.ts';
import { acting } from './referral-steps.ts';

/** Body of `POST /v1/referral-drafts/:id/sending`. */
export class SendDraftBody {
  /** Why it is to be sent although no consent allows it: for the role `consent-override`, and never past a deny rule. */
  @IsOptional()
  @IsIn(OVERRIDE_REASONS)
  overrideReason?: OverrideReason;
}

/**
 * Requests that are kept until they are sent or dropped. A draft is a referral of this agency alone: it is shown, and stands on
 * the task lists, among the referrals, to be sent by the time by which it should have been acknowledged.
 */
@Controller('v1/referral-drafts')
export class ReferralDraftsController {
  private readonly sending: ReferralSending;

  constructor(
    private readonly commands: CommandRunner,
    @Inject(NODE_CONTEXT) private readonly node: NodeContext,
    @Inject(CLOCK) private readonly clock: Clock,
    @InjectRepository(ReferralEntity) referrals: Repository<ReferralEntity>,
    egress: Egress,
    facts: FactsOnRecord,
    known: KnownCases,
  ) {
    this.sending = new ReferralSending({ node, clock, egress, referrals, facts, known });
  }

  /** Keeps a request. Again for the same case, receiver and service: its words hold from then on. */
  @Post()
  @StaysHere()
  @Roles('caseworker', 'border-officer', 'screening-officer', 'eligibility-officer')
  async keep(@Body() body: RequestReferralBody, @CurrentCommand() context: CommandContext): Promise<JsonObject | null> {
    const before = await this.commands.answered(context);
    if (before !== null) return before.body;
    const command = await this.sending.draft(body);
    const { referralId } = command;
    return this.commands.run({
      ...{ procedure: referralProcedure, id: referralId, context, status: 201, command },
      location: `/v1/referrals/${referralId}`,
      body: ({ version, state }) => ({ id: referralId, version, state: state?.status }),
    });
  }

  /** Sends it as it is; deny rules and consent are judged as they are now. */
  @Post(':id/sending')
  @HttpCode(200)
  @LeadsOut('OFFER')
  @Roles('caseworker', 'border-officer', 'screening-officer', 'eligibility-officer')
  async send(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() { overrideReason }: SendDraftBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const before = await this.commands.answered(context);
    if (before !== null) return before.body;
    const { request } = await this.draftOf(id);
    const body = askedAnew(request, { receiver: request.receiver, overrideReason });
    const command = await this.sending.prepare(body, context);
    const answer = await this.commands.run({
      ...{ procedure: referralProcedure, id: command.referralId, context, status: 200, command },
      body: ({ version, state }) => ({
        ...{ id: command.referralId, version, state: state?.status },
        acknowledgeBy: state?.request.acknowledgeBy,
      }),
    });
    await this.sending.takeBackWithoutConsent([command.referralId], context);
    return answer;
  }

  /** Drops it: nobody else ever heard of it. */
  @Post(':id/dropping')
  @HttpCode(200)
  @StaysHere()
  @Roles('caseworker', 'border-officer', 'screening-officer', 'eligibility-officer')
  async drop(
    @Param('id', ParseUUIDPipe) id: string,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const before = await this.commands.answered(context);
    if (before !== null) return before.body;
    const { request } = await this.draftOf(id);
    return this.commands.run({
      ...{ procedure: referralProcedure, id: request.referralId, context, status: 200 },
      command: { type: 'CancelReferral', ...acting(this.node, this.clock), reason: 'NO_LONGER_NEEDED' },
      body: ({ version, state }) => ({ id: request.referralId, version, state: state?.status }),
    });
  }

  private async draftOf(id: string): Promise<Referral> {
    const { state } = await this.node.handler.load(referralProcedure, id.toLowerCase());
    if (state === null) throw new DomainError('REFERRAL.UNKNOWN', 'not-found', 'there is no such referral here');
    if (state.status !== 'DRAFT') throw new DomainError('REFERRAL.NOT_A_DRAFT', 'conflict', 'it was sent or dropped');
    return state;
  }
}
