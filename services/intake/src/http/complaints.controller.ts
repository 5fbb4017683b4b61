import type { Clock, Ids, JsonObject } from '@acogida/core';
import {
  Answers,
  CLOCK,
  CommandAnswer,
  type CommandContext,
  CommandRunner,
  CurrentCommand,
  IDS,
  type PageOf,
  PROCEDURE_HANDLER,
  type ProcedureHandler,
  Roles,
  StaysHere,
} from '@acogida/service-kit';
import { Body, Controller, Get, HttpCode, Inject, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { IsIn, IsOptional, IsUUID } from 'class-validator';
import { caseIntake } from '../case-intake.procedure.ts';
import { assertOpen } from '../domain/refusals.ts';
import {
  COMPLAINT_FILED_BY,
  COMPLAINT_OUTCOMES,
  COMPLAINT_SUBJECTS,
  type ComplaintFiledBy,
  type ComplaintOutcome,
  type ComplaintSubject,
} from '../domain/intake-codes.ts';
import { FileComplaintBody, ResolveComplaintBody } from './protection-bodies.ts';

/** Answer of the complaint commands. */
export class ComplaintAnswer extends CommandAnswer {
  @IsUUID()
  complaintId!: string;
}

/** A complaint as the supervisor sees it. */
export class ComplaintView {
  @IsUUID()
  complaintId!: string;

  @IsIn(COMPLAINT_SUBJECTS)
  subject!: ComplaintSubject;

  @IsIn(COMPLAINT_FILED_BY)
  filedBy!: ComplaintFiledBy;

  /** Null while it is open. */
  @IsOptional()
  @IsIn(COMPLAINT_OUTCOMES)
  outcome!: ComplaintOutcome | null;
}

/** Complaints. Anybody who records may take one; only a supervisor reads and ends them, so that nobody need fear reprisal. */
@Controller('v1/cases/:caseId/complaints')
export class ComplaintsController {
  constructor(
    private readonly commands: CommandRunner,
    @Inject(PROCEDURE_HANDLER) private readonly handler: ProcedureHandler,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  @Post()
  @StaysHere()
  @HttpCode(200)
  @Roles('border-officer', 'caseworker', 'supervisor', 'import')
  @Answers(ComplaintAnswer)
  file(
    @Param('caseId', ParseUUIDPipe) caseId: string,
    @Body() { subject, filedBy }: FileComplaintBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const complaintId = this.ids.uuid();
    return this.commands.run({
      procedure: caseIntake,
      id: caseId,
      context,
      status: 200,
      command: { type: 'FileComplaint', at: this.clock.now(), complaintId, subject, filedBy },
      body: ({ version }) => ({ id: caseId, version, complaintId }),
    });
  }

  @Post(':complaintId/resolution')
  @StaysHere()
  @HttpCode(200)
  @Roles('supervisor')
  @Answers(ComplaintAnswer)
  resolve(
    @Param('caseId', ParseUUIDPipe) caseId: string,
    @Param('complaintId', ParseUUIDPipe) complaintId: string,
    @Body() { outcome }: ResolveComplaintBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    return this.commands.run({
      procedure: caseIntake,
      id: caseId,
      context,
      status: 200,
      command: { type: 'ResolveComplaint', at: this.clock.now(), complaintId, outcome },
      body: ({ version }) => ({ id: caseId, version, complaintId }),
    });
  }

  @Get()
  @StaysHere()
  @Roles('supervisor')
  @Answers(ComplaintView, { page: true })
  async list(@Param('caseId', ParseUUIDPipe) caseId: string): Promise<PageOf<ComplaintView>> {
    const { state } = await this.handler.load(caseIntake, caseId);
    assertOpen(state);
    return { items: state.complaints };
  }
}
