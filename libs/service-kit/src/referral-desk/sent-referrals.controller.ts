import type { Clock, JsonObject } from '@acogida/core';
import { Body, Controller, HttpCode, Inject, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { Roles } from '../auth/roles.ts';
import { Egress } from '../egress/egress.ts';
import { LeadsOut, StaysHere } from '../egress/ways-out.ts';
import { type CommandContext, CurrentCommand } from '../http/command-context.ts';
import { CommandRunner } from '../http/command-runner.ts';
import type { NodeContext } from '../node-definition.ts';
import { CLOCK, NODE_CONTEXT } from '../tokens.ts';
import { acting, runStep } from './referral-steps.ts';
import {
  CancelReferralBody,
  CloseLoopBody,
  MarkInErrorBody,
  ProvideInformationBody,
} from './referral-step-requests.ts';

/** What this agency does to referrals that it sent (architecture.md §6). */
@Controller('v1/referrals')
export class SentReferralsController {
  constructor(
    private readonly commands: CommandRunner,
    @Inject(NODE_CONTEXT) private readonly node: NodeContext,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly egress: Egress,
  ) {}

  /** Takes the request back; refused once it was answered, or custody released. */
  @Post(':id/cancellation')
  @StaysHere()
  @HttpCode(200)
  @Roles('caseworker', 'border-officer', 'screening-officer', 'eligibility-officer', 'supervisor')
  cancel(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: CancelReferralBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const command = { type: 'CancelReferral', ...acting(this.node, this.clock), reason: body.reason } as const;
    return runStep(this.commands, id, context, command);
  }

  @Post(':id/entered-in-error')
  @StaysHere()
  @HttpCode(200)
  @Roles('caseworker', 'border-officer', 'screening-officer', 'eligibility-officer', 'supervisor')
  markInError(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: MarkInErrorBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const command = { type: 'MarkReferralInError', ...acting(this.node, this.clock), reason: body.reason } as const;
    return runStep(this.commands, id, context, command);
  }

  /** Answers what the receiver asked when it put the referral on hold. Judged anew: the consent may have ended since. */
  @Post(':id/information')
  @LeadsOut('CHANNEL_WORD')
  @HttpCode(200)
  @Roles('caseworker', 'border-officer', 'screening-officer', 'eligibility-officer', 'supervisor')
  async inform(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: ProvideInformationBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const attachments = (body.attachments ?? []).map((attachment) => ({ ...attachment }));
    const told = { information: body.information, attachments };
    const before = await this.commands.answered(context);
    if (before !== null) return before.body;
    await this.egress.clearKnown('CHANNEL_WORD', id, context, attachments);
    return runStep(this.commands, id, context, {
      type: 'ProvideInformation',
      ...acting(this.node, this.clock),
      ...told,
    });
  }

  /** INV-19: says what comes after the end of a referral. */
  @Post(':id/loop-closure')
  @StaysHere()
  @HttpCode(200)
  @Roles('caseworker', 'border-officer', 'screening-officer', 'eligibility-officer', 'supervisor')
  closeLoop(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: CloseLoopBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const closure = { outcome: body.outcome, nextReferralId: body.nextReferralId?.toLowerCase() ?? null };
    return runStep(this.commands, id, context, { type: 'CloseLoop', ...acting(this.node, this.clock), ...closure });
  }
}
