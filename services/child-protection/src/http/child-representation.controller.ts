import type { Clock, JsonObject } from '@acogida/core';
import { Answers, CLOCK, type CommandContext, CurrentCommand, Roles, StaysHere } from '@acogida/service-kit';
import { Body, Controller, HttpCode, Inject, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { ChildCaseAnswer } from './child-case-answers.ts';
import { AppointmentBody, RepresentationEndBody } from './child-case-bodies.ts';
import { ChildSteps } from './child-steps.ts';

/** Who speaks for a child: its guardian, with whom H-11 ends, and its legal representative (domain.md §2.5). */
@Roles('caseworker', 'supervisor')
@Controller('v1/child-cases/:id')
export class ChildRepresentationController {
  constructor(
    private readonly steps: ChildSteps,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post('guardian')
  @StaysHere()
  @HttpCode(200)
  @Answers(ChildCaseAnswer)
  appointGuardian(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: AppointmentBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    return this.steps.run(id, { type: 'AppointGuardian', ...this.appointmentOf(body) }, context);
  }

  /** H-11 stands again where the child is alone. */
  @Post('guardian/end')
  @StaysHere()
  @HttpCode(200)
  @Answers(ChildCaseAnswer)
  endGuardianship(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() { reason }: RepresentationEndBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    return this.steps.run(id, { type: 'EndGuardianship', at: this.clock.now(), reason }, context);
  }

  @Post('legal-representative')
  @StaysHere()
  @HttpCode(200)
  @Answers(ChildCaseAnswer)
  appointLegalRepresentative(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: AppointmentBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    return this.steps.run(id, { type: 'AppointLegalRepresentative', ...this.appointmentOf(body) }, context);
  }

  @Post('legal-representative/end')
  @StaysHere()
  @HttpCode(200)
  @Answers(ChildCaseAnswer)
  endLegalRepresentation(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() { reason }: RepresentationEndBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    return this.steps.run(id, { type: 'EndLegalRepresentation', at: this.clock.now(), reason }, context);
  }

  private appointmentOf({ representativeId, post, conflicts, isVerified, views }: AppointmentBody) {
    const appointment = { representativeId: representativeId.toLowerCase(), post, conflicts, isVerified, views };
    return { at: this.clock.now(), ...appointment };
  }
}
