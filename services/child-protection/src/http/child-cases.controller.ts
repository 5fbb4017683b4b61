import { type Clock, DomainError, type JsonObject } from '@acogida/core';
import { isTakenBack, isTakenOn, referralProcedure, referralThatLeadsHere } from '@acogida/referral';
import {
  Answers,
  CLOCK,
  type CommandContext,
  CurrentCommand,
  NODE_CONTEXT,
  type NodeContext,
  Roles,
  StaysHere,
} from '@acogida/service-kit';
import { Body, Controller, HttpCode, Inject, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { childCaseIdOf, childCaseProcedure } from '../child-case.procedure.ts';
import type { RegistryEntry } from '../domain/child-case-events.ts';
import { ChildCaseAnswer } from './child-case-answers.ts';
import {
  ChildInterviewBody,
  CloseChildCaseBody,
  IdentifyChildBody,
  RegisterChildBody,
  RegistryEntryBody,
  ReviseSituationBody,
  TransitionPlanBody,
  UrgentCareBody,
} from './child-case-bodies.ts';
import { ChildSteps } from './child-steps.ts';

/** @throws DomainError CHILD.REGISTRY_UNCLEAR */
function entryOf({ reference = null, missing = null }: RegistryEntryBody): RegistryEntry {
  if (reference !== null && missing === null) return { reference, missing };
  if (reference === null && missing !== null) return { reference, missing };
  throw new DomainError('CHILD.REGISTRY_UNCLEAR', 'invalid', 'each registry has a reference, or a reason for none');
}

/** Cases of children at this agency (domain.md §2.5); H-10 and H-11 follow each step. */
@Roles('caseworker', 'supervisor')
@Controller('v1/child-cases')
export class ChildCasesController {
  constructor(
    private readonly steps: ChildSteps,
    @Inject(NODE_CONTEXT) private readonly node: NodeContext,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** An officer meets a child. There is one case of a child here: one who was reported, or comes again, is in the same. */
  @Post()
  @StaysHere()
  @Answers(ChildCaseAnswer, { status: 201 })
  async identify(
    @Body() body: IdentifyChildBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const { basis, situation, urgency, place = null } = body;
    const caseId = body.caseId.toLowerCase();
    const referralId = body.referralId?.toLowerCase() ?? null;
    if (referralId !== null) {
      const { state } = await this.node.handler.load(referralProcedure, referralId);
      referralThatLeadsHere(state, { caseId, service: 'CHILD_PROTECTION', codePrefix: 'CHILD' });
    }
    const childCaseId = childCaseIdOf(this.node.agencyId, caseId);
    const subject = { childCaseId, caseId, country: this.node.jurisdiction };
    const found = { referralId, basis, situation, urgency, place };
    const command = { type: 'IdentifyChild', at: this.clock.now(), ...subject, ...found } as const;
    return this.steps.run(childCaseId, command, context, 201);
  }

  /** Toward protection by any officer, away from it by a supervisor. */
  @Post(':id/situation')
  @StaysHere()
  @HttpCode(200)
  @Answers(ChildCaseAnswer)
  revise(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() { situation, basis }: ReviseSituationBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const bySupervisor = context.actor.roles.includes('supervisor');
    const command = { type: 'ReviseSituation', at: this.clock.now(), situation, basis, bySupervisor } as const;
    return this.steps.run(id, command, context);
  }

  @Post(':id/registration')
  @StaysHere()
  @HttpCode(200)
  @Answers(ChildCaseAnswer)
  register(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() { migratory, civil }: RegisterChildBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const registries = { migratory: entryOf(migratory), civil: entryOf(civil) };
    return this.steps.run(id, { type: 'RegisterChild', at: this.clock.now(), ...registries }, context);
  }

  @Post(':id/urgent-care')
  @StaysHere()
  @HttpCode(200)
  @Answers(ChildCaseAnswer)
  arrangeCare(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() { care, isDetention, isCarerVerified, views }: UrgentCareBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const arranged = { care, isDetention, isCarerVerified, views };
    return this.steps.run(id, { type: 'ArrangeUrgentCare', at: this.clock.now(), ...arranged }, context);
  }

  /** INV-12: of a child alone, once somebody speaks for it. */
  @Post(':id/interviews')
  @StaysHere()
  @HttpCode(200)
  @Answers(ChildCaseAnswer)
  recordInterview(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() { heldAt, language, interpretation, isSubstantive, views }: ChildInterviewBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const held = { heldAt, language, interpretation, isSubstantive, views };
    return this.steps.run(id, { type: 'RecordInterview', at: this.clock.now(), ...held }, context);
  }

  @Post(':id/transition-plan')
  @StaysHere()
  @HttpCode(200)
  @Answers(ChildCaseAnswer)
  planTransition(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() { reviewOn, views }: TransitionPlanBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    return this.steps.run(id, { type: 'PlanTransition', at: this.clock.now(), reviewOn, views }, context);
  }

  /** Not while its holds are open, unless another authority has taken over. */
  @Post(':id/closing')
  @StaysHere()
  @HttpCode(200)
  @Answers(ChildCaseAnswer)
  async close(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() { reason, nextStep, views, referralId = null }: CloseChildCaseBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const isTakenOver = await this.isTakenOver(id, referralId);
    const command = { type: 'CloseCase', at: this.clock.now(), reason, nextStep, views, isTakenOver } as const;
    const answer = await this.steps.run(id, command, context);
    if (reason === 'TRANSFERRED') await this.steps.lookAgain(id, context);
    return answer;
  }

  /** Whether another agency has accepted this agency's referral of the child for child protection. */
  private async isTakenOver(id: string, referralId: string | null): Promise<boolean> {
    if (referralId === null) return false;
    const { state: referral } = await this.node.handler.load(referralProcedure, referralId.toLowerCase());
    if (referral === null || referral.side !== 'SENDER' || referral.request.service !== 'CHILD_PROTECTION')
      return false;
    const { state: child } = await this.node.handler.load(childCaseProcedure, id.toLowerCase());
    return referral.request.caseId === child.subject?.caseId && isTakenOn(referral) && !isTakenBack(referral);
  }
}
