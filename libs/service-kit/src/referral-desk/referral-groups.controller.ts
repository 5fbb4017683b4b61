import { type Clock, DomainError, type Ids, type JsonObject } from '@acogida/core';
import { FAMILY_SEPARATION_REASONS, type FamilySeparationReason } from '@acogida/reference';
import { type CommandOf, isMove, type ReferralState, referralProcedure, separatesFamily } from '@acogida/referral';
import { Body, Controller, Inject, Post } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  ValidateNested,
} from 'class-validator';
import { Repository } from 'typeorm';
import { Roles } from '../auth/roles.ts';
import { Egress } from '../egress/egress.ts';
import { LeadsOut } from '../egress/ways-out.ts';
import { type CommandContext, CurrentCommand } from '../http/command-context.ts';
import { CommandRunner } from '../http/command-runner.ts';
import { JointCommands, type JointRefusal } from '../http/joint-commands.ts';
import { Problem } from '../http/problem.ts';
import type { NodeContext } from '../node-definition.ts';
import { Answers } from '../openapi/answers.ts';
import type { ExecuteResult } from '../procedure-handler.ts';
import { CLOCK, IDS, NODE_CONTEXT } from '../tokens.ts';
import { FactsOnRecord } from './facts-on-record.ts';
import { KnownCases } from './known-cases.ts';
import { ReferralEntity } from './referral.entity.ts';
import { RequestReferralBody } from './referral-requests.ts';
import { ReferralSending } from './referral-sending.ts';

type Asked = CommandOf<'RequestReferral'>;

/** Body of `POST /v1/referral-groups`. */
export class RequestGroupBody {
  /** What is asked of whom; of a family, each of its members with a case of its own. A `groupId` of their own is not read. */
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => RequestReferralBody)
  requests!: RequestReferralBody[];

  /** Why the family is separated all the same (INV-24). */
  @IsOptional()
  @IsIn(FAMILY_SEPARATION_REASONS)
  separationReason?: FamilySeparationReason;
}

class GroupMemberView {
  @IsUUID()
  id!: string;

  @IsInt()
  version!: number;

  @IsString()
  state!: string;
}

/** What was asked for in one go, in the order of the request. */
class GroupView {
  @IsUUID()
  id!: string;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => GroupMemberView)
  referrals!: readonly GroupMemberView[];
}

/** Several services asked for in one go (architecture.md §6). */
@Controller('v1/referral-groups')
export class ReferralGroupsController {
  private readonly sending: ReferralSending;

  constructor(
    private readonly commands: CommandRunner,
    private readonly joint: JointCommands,
    @Inject(NODE_CONTEXT) node: NodeContext,
    @Inject(CLOCK) clock: Clock,
    @Inject(IDS) private readonly ids: Ids,
    @InjectRepository(ReferralEntity) referrals: Repository<ReferralEntity>,
    egress: Egress,
    facts: FactsOnRecord,
    known: KnownCases,
  ) {
    this.sending = new ReferralSending({ node, clock, egress, referrals, facts, known });
  }

  /** All are sent, or none: then every refusal is told, by its place among the requests. */
  @Post()
  @LeadsOut('OFFER')
  @Roles('caseworker', 'border-officer', 'screening-officer', 'eligibility-officer')
  @Answers(GroupView, { status: 201 })
  async request(
    @Body() { requests, separationReason }: RequestGroupBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const before = await this.commands.answered(context);
    if (before !== null) return before.body;
    const groupId = this.ids.uuid();
    const prepared = await this.prepare(
      requests.map((request) => ({ ...request, groupId })),
      context,
    );
    const asked = withSeparation(prepared, separationReason);
    const answer = await this.joint.run({
      commands: asked.map((command) => ({ procedure: referralProcedure, id: command.referralId, command })),
      ...{ context, status: 201, refused },
      body: (results: readonly ExecuteResult<ReferralState>[]) => ({
        id: groupId,
        referrals: results.map(({ version, state }, index) => ({
          ...{ id: asked[index]?.referralId ?? null, version, state: state?.status ?? null },
        })),
      }),
    });
    const sent = asked.map(({ referralId }) => referralId);
    await this.sending.takeBackWithoutConsent(sent, context);
    return answer;
  }

  /** Judges each before anything is decided. @throws Problem REFERRAL.GROUP_REFUSED */
  private async prepare(requests: readonly RequestReferralBody[], context: CommandContext): Promise<readonly Asked[]> {
    const asked: Asked[] = [];
    const refusals: JointRefusal[] = [];
    for (const [index, request] of requests.entries()) {
      try {
        asked.push(await this.sending.prepare(request, context));
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        refusals.push({ index, error });
      }
    }
    if (refusals.length > 0) throw refused(refusals);
    return asked;
  }
}

/** INV-24: a family is separated for a coded reason only, which then goes with whatever separates it. */
function withSeparation(asked: readonly Asked[], reason: FamilySeparationReason | undefined): readonly Asked[] {
  if (!separatesFamily(asked)) return asked;
  if (reason === undefined) {
    const message = 'the family would be separated: send them together, or say why not';
    throw refused(
      [...asked.entries()]
        .filter(([, command]) => isMove(command))
        .map(([index]) => ({ index, error: new DomainError('REFERRAL.SEPARATES_FAMILY', 'conflict', message) })),
    );
  }
  return asked.map((command) => (isMove(command) ? { ...command, separationReason: reason } : command));
}

function refused(refusals: readonly JointRefusal[]): Problem {
  return new Problem(409, 'REFERRAL.GROUP_REFUSED', 'nothing was sent: some of the requests are refused', {
    errors: refusals.map(({ index, error: { code, message } }) => ({ pointer: `/requests/${index}`, code, message })),
  });
}
