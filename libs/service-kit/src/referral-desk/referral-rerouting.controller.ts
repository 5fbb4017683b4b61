import { type Clock, DomainError, type JsonObject } from '@acogida/core';
import {
  AGENCY_ID,
  FAMILY_SEPARATION_REASONS,
  type FamilySeparationReason,
  OVERRIDE_REASONS,
  type OverrideReason,
} from '@acogida/reference';
import {
  type CommandOf,
  isMove,
  PENDING_STATUSES,
  type Referral,
  referralProcedure,
  type ReferralRequest,
  type ReferralState,
  separatesFamily,
  TAKEN_ON,
} from '@acogida/referral';
import { Body, Controller, Inject, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Type } from 'class-transformer';
import {
  IsIn,
  IsInt,
  IsISO8601,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { Repository } from 'typeorm';
import { Roles } from '../auth/roles.ts';
import { Egress } from '../egress/egress.ts';
import { LeadsOut } from '../egress/ways-out.ts';
import { type CommandContext, CurrentCommand } from '../http/command-context.ts';
import { CommandRunner } from '../http/command-runner.ts';
import { JointCommands } from '../http/joint-commands.ts';
import type { NodeContext } from '../node-definition.ts';
import { Answers } from '../openapi/answers.ts';
import type { ExecuteResult } from '../procedure-handler.ts';
import { CLOCK, NODE_CONTEXT } from '../tokens.ts';
import { FactsOnRecord } from './facts-on-record.ts';
import { KnownCases } from './known-cases.ts';
import { askedAnew } from './next-referral.ts';
import { ReferralEntity } from './referral.entity.ts';
import { withStatus } from './referral-queries.ts';
import { ConsentBody } from './referral-requests.ts';
import { ReferralSending } from './referral-sending.ts';
import { acting } from './referral-steps.ts';

/** Body of `POST /v1/referrals/:id/rerouting`. */
export class RerouteReferralBody {
  /** Left out: the agency that the receiver named when it rejected. */
  @IsOptional()
  @Matches(AGENCY_ID)
  @MaxLength(60)
  receiver?: string;

  /** Another recorded consent. Left out, and `consent` as well: the same consent is to allow it. */
  @IsOptional()
  @IsUUID()
  consentId?: string;

  /** What allows it, stated for this receiver. */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => ConsentBody)
  consent?: ConsentBody;

  /** Why it is to be sent although no consent allows it: for the role `consent-override`, and never past a deny rule. */
  @IsOptional()
  @IsIn(OVERRIDE_REASONS)
  overrideReason?: OverrideReason;

  /** Why it separates a family all the same (INV-24); left out: the reason that it was sent with. */
  @IsOptional()
  @IsIn(FAMILY_SEPARATION_REASONS)
  separationReason?: FamilySeparationReason;
}

/** The referral that goes on with it. */
class ReroutedView {
  @IsUUID()
  id!: string;

  @IsInt()
  version!: number;

  @IsString()
  state!: string;

  @IsString()
  receiver!: string;

  @IsISO8601()
  acknowledgeBy!: string;

  /** The referral that it goes on with, now closed. */
  @IsUUID()
  causedBy!: string;
}

/** Statuses in which who was asked for goes there, or went. */
const GOING = [...PENDING_STATUSES, ...TAKEN_ON, 'COMPLETED'] as const;

/** A task that came back goes to another agency in one step (INV-19). */
@Controller('v1/referrals')
export class ReferralReroutingController {
  private readonly sending: ReferralSending;

  constructor(
    private readonly commands: CommandRunner,
    private readonly joint: JointCommands,
    @Inject(NODE_CONTEXT) private readonly node: NodeContext,
    @Inject(CLOCK) private readonly clock: Clock,
    @InjectRepository(ReferralEntity) private readonly referrals: Repository<ReferralEntity>,
    egress: Egress,
    facts: FactsOnRecord,
    known: KnownCases,
  ) {
    this.sending = new ReferralSending({ node, clock, egress, referrals, facts, known });
  }

  /** Asks another agency for what was rejected, failed or not answered, and closes the loop of the first with it. */
  @Post(':id/rerouting')
  @LeadsOut('REROUTE')
  @Roles('caseworker', 'border-officer', 'screening-officer', 'eligibility-officer', 'supervisor')
  @Answers(ReroutedView, { status: 201 })
  async reroute(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: RerouteReferralBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const before = await this.commands.answered(context);
    if (before !== null) return before.body;
    const returned = await this.returnedOf(id);
    const { receiver: named, consentId, consent, overrideReason } = body;
    const receiver = named ?? returned.rejection?.alternativeAgency ?? null;
    if (receiver === null)
      throw new DomainError('REFERRAL.RECEIVER_MISSING', 'invalid', 'say which agency is to be asked');
    const separationReason = await this.separationFor(returned.request, receiver, body.separationReason);
    const anew = askedAnew(returned.request, { receiver, consentId, consent, overrideReason });
    const command = await this.sending.prepare(anew, context, 'REROUTE');
    return this.goOn(returned, { ...command, ...(separationReason && { separationReason }) }, context);
  }

  /**
   * Why a member of a family is sent elsewhere than those who were asked for together with them and are still to go, or went;
   * null where nobody is separated (INV-24).
   *
   * @throws DomainError REFERRAL.SEPARATES_FAMILY
   */
  private async separationFor(
    request: ReferralRequest,
    receiver: string,
    stated: FamilySeparationReason | undefined,
  ): Promise<FamilySeparationReason | null> {
    const { groupId, referralId } = request;
    if (groupId === null || !isMove(request)) return null;
    const select = this.referrals.createQueryBuilder('referral').where({ direction: 'sent', groupId });
    withStatus(select, GOING, 'IN');
    const others = (await select.getMany()).filter((one) => one.referralId !== referralId && isMove(one));
    if (!separatesFamily([{ ...request, receiver }, ...others])) return null;
    const reason = stated ?? request.separationReason;
    if (reason !== undefined) return reason;
    const message = 'the family would be separated: send them together, or say why not';
    throw new DomainError('REFERRAL.SEPARATES_FAMILY', 'conflict', message);
  }

  private async goOn(
    { request: { referralId: causedBy } }: Referral,
    command: CommandOf<'RequestReferral'>,
    context: CommandContext,
  ): Promise<JsonObject | null> {
    const { referralId, receiver } = command;
    const closure = { outcome: 'REFERRED_ELSEWHERE', nextReferralId: referralId } as const;
    const close = { type: 'CloseLoop', ...acting(this.node, this.clock), ...closure } as const;
    const answer = await this.joint.run({
      commands: [
        { procedure: referralProcedure, id: referralId, command: { ...command, causedBy } },
        { procedure: referralProcedure, id: causedBy, command: close },
      ],
      ...{ context, status: 201, location: `/v1/referrals/${referralId}` },
      body: ([asked]: readonly ExecuteResult<ReferralState>[]) => ({
        ...{ id: referralId, version: asked?.version ?? null, state: asked?.state?.status ?? null },
        ...{ receiver, causedBy, acknowledgeBy: asked?.state?.request.acknowledgeBy ?? null },
      }),
    });
    await this.sending.takeBackWithoutConsent([referralId], context);
    return answer;
  }

  /** @throws DomainError REFERRAL.UNKNOWN, REFERRAL.NOT_THE_SENDER, REFERRAL.NOT_RETURNED */
  private async returnedOf(id: string): Promise<Referral> {
    const { state } = await this.node.handler.load(referralProcedure, id.toLowerCase());
    if (state === null) throw new DomainError('REFERRAL.UNKNOWN', 'not-found', 'there is no such referral here');
    if (state.side !== 'SENDER') {
      throw new DomainError('REFERRAL.NOT_THE_SENDER', 'forbidden', 'only the sender itself asks');
    }
    if (state.senderTask !== 'REOPENED') {
      throw new DomainError('REFERRAL.NOT_RETURNED', 'conflict', 'it has not come back to its sender');
    }
    return state;
  }
}
