import { type RebuildReport, resumeAgency, type ResumptionResult } from '@acogida/event-log';
import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { type Actor, CurrentActor } from '../auth/actor.ts';
import { Roles } from '../auth/roles.ts';
import { StaysHere } from '../egress/ways-out.ts';
import type { NodeRuntime } from '../node/node-runtime.ts';
import { Answers } from '../openapi/answers.ts';
import { NODE_RUNTIME } from '../tokens.ts';
import { RebuildAnswer, ResumptionAnswer, ResumptionBody } from './agencies-answers.ts';

/** What people decide about the agencies that this node listens to, and about what it made of their events. */
@Roles('operator')
@Controller('v1/operations')
export class AgenciesController {
  constructor(@Inject(NODE_RUNTIME) private readonly node: NodeRuntime) {}

  /**
   * Lets an agency be heard again that was stopped because it contradicted itself; refused when it is not stopped. Who did it
   * and why is kept. A second one is refused, so no Idempotency-Key is needed.
   */
  @Post('agencies/:agencyId/resume')
  @StaysHere()
  @HttpCode(200)
  @Answers(ResumptionAnswer)
  resume(
    @Param('agencyId') agencyId: string,
    @Body() body: ResumptionBody,
    @CurrentActor() actor: Actor,
  ): Promise<ResumptionResult> {
    return resumeAgency(this.node, { source: agencyId, actor: actor.subject, reason: body.reason });
  }

  /**
   * Builds the read models over other agencies' events anew from the log; they are readable meanwhile. Answers when it is done.
   * Twice gives the same, so no Idempotency-Key is needed.
   */
  @Post('projections/rebuild')
  @StaysHere()
  @HttpCode(200)
  @Answers(RebuildAnswer)
  rebuild(): Promise<RebuildReport> {
    return this.node.rebuildProjections();
  }
}
