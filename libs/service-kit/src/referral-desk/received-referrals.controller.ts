import type { Clock, JsonObject } from '@acogida/core';
import { Body, Controller, HttpCode, Inject, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { Roles } from '../auth/roles.ts';
import { StaysHere } from '../egress/ways-out.ts';
import { type CommandContext, CurrentCommand } from '../http/command-context.ts';
import { CommandRunner } from '../http/command-runner.ts';
import type { NodeContext } from '../node-definition.ts';
import { CLOCK, NODE_CONTEXT } from '../tokens.ts';
import { acting, runStep } from './referral-steps.ts';
import { FailReferralBody, PutOnHoldBody } from './referral-step-requests.ts';

/** What this agency does with referrals that it received, besides answering them (architecture.md §6). */
@Controller('v1/referrals')
export class ReceivedReferralsController {
  constructor(
    private readonly commands: CommandRunner,
    @Inject(NODE_CONTEXT) private readonly node: NodeContext,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Waiting list, or information that is needed to decide. Again with other words: they hold from then on. */
  @Post(':id/hold')
  @StaysHere()
  @HttpCode(200)
  @Roles('referral-officer', 'supervisor')
  hold(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: PutOnHoldBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const { reason, information = [], expectedBy = null } = body;
    const terms = { reason, information, expectedBy: expectedBy && new Date(expectedBy).toISOString() };
    return runStep(this.commands, id, context, {
      type: 'PutReferralOnHold',
      ...acting(this.node, this.clock),
      ...terms,
    });
  }

  @Post(':id/resumption')
  @StaysHere()
  @HttpCode(200)
  @Roles('referral-officer', 'supervisor')
  resume(
    @Param('id', ParseUUIDPipe) id: string,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    return runStep(this.commands, id, context, { type: 'ResumeReferral', ...acting(this.node, this.clock) });
  }

  @Post(':id/start')
  @StaysHere()
  @HttpCode(200)
  @Roles('referral-officer', 'supervisor')
  start(@Param('id', ParseUUIDPipe) id: string, @CurrentCommand() context: CommandContext): Promise<JsonObject | null> {
    return runStep(this.commands, id, context, { type: 'StartService', ...acting(this.node, this.clock) });
  }

  /** The service did not come about, or what was begun is ended because the sender took it back. */
  @Post(':id/failure')
  @StaysHere()
  @HttpCode(200)
  @Roles('referral-officer', 'supervisor')
  fail(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: FailReferralBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const { reason } = body;
    return runStep(this.commands, id, context, { type: 'FailReferral', ...acting(this.node, this.clock), reason });
  }
}
