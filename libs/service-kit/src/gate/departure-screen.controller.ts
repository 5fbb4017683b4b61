import { type Clock, DomainError, type JsonObject } from '@acogida/core';
import { type GateCommand, type GateFile, gateProcedure } from '@acogida/safeguards';
import { Body, Controller, Get, HttpCode, Inject, Param, ParseUUIDPipe, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Roles } from '../auth/roles.ts';
import { StaysHere } from '../egress/ways-out.ts';
import { type CommandContext, CurrentCommand } from '../http/command-context.ts';
import { CommandRunner } from '../http/command-runner.ts';
import { setVersion } from '../http/paging.ts';
import type { NodeContext } from '../node-definition.ts';
import { Answers } from '../openapi/answers.ts';
import { ofOnePerson, otherCasesOf } from '../safeguards/linked-cases.ts';
import { CLOCK, NODE_CONTEXT } from '../tokens.ts';
import { DepartureGate } from './departure-gate.ts';
import { DepartureAnswer, DeparturesView, UnwarrantedDepartureBody } from './departure-requests.ts';
import { actOf, departureIdOf } from './departures.controller.ts';
import { CALLING_OFF_ROLES, GATE_SCREEN_ROLES, REPORTING_ROLES } from './gate-roles.ts';

/** Injection token of whether a procedure of the service asks and confirms with its own commands. */
export const BY_PROCEDURE = Symbol('acogida.gate-by-procedure');

/** How departures of a person stand, and what is told of them afterwards. */
@Controller('v1/cases/:caseId/departures')
export class DepartureScreenController {
  constructor(
    private readonly commands: CommandRunner,
    private readonly gate: DepartureGate,
    @Inject(NODE_CONTEXT) private readonly node: NodeContext,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(BY_PROCEDURE) private readonly isByProcedure: boolean,
  ) {}

  /** Why somebody may not leave and who has to act, for how long a warrant still holds, and what became of earlier ones. */
  @Get()
  @StaysHere()
  @Roles(...GATE_SCREEN_ROLES)
  @Answers(DeparturesView)
  async show(
    @Param('caseId', ParseUUIDPipe) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DeparturesView> {
    const caseId = id.toLowerCase();
    const { state, version } = await this.node.handler.load(gateProcedure, caseId);
    setVersion(reply, version);
    const linkedCaseIds = [...otherCasesOf(await ofOnePerson(this.node, gateProcedure, [caseId, state]))];
    return { caseId, ...this.viewOf(state), linkedCaseIds, asOf: this.clock.now() };
  }

  /** Somebody was made to leave, and no warrant covered it: it is taken down whatever else there is, and raises the alarm. */
  @Post('unwarranted')
  @StaysHere()
  @Roles(...REPORTING_ROLES)
  @Answers(DepartureAnswer, { status: 201 })
  async report(
    @Param('caseId', ParseUUIDPipe) id: string,
    @Body() { removal, departedAt: said }: UnwarrantedDepartureBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const act = actOf(id, departureIdOf(id, context), context);
    const { departureId, officer } = act;
    const now = this.clock.now();
    const departedAt = said === undefined ? now : new Date(said).toISOString();
    if (departedAt > now) throw new DomainError('GATE.NOT_YET_DEPARTED', 'invalid', 'a departure is told once it was');
    const command = { type: 'ReportUnwarrantedDeparture', departureId, removal, officer, departedAt, now } as const;
    let isNews = false;
    const answered = await this.run(act.caseId, departureId, command, context, (events) => (isNews = events > 0));
    await this.gate.answerOwnHolds(act);
    if (isNews) this.node.raiseAlarm?.({ kind: 'unwarranted-departure', source: this.node.agencyId });
    return answered;
  }

  /**
   * Nobody leaves by this departure. One that was confirmed is taken back by a supervisor alone, who answers for it that the person
   * is still there: the process may have ended before the door was opened.
   */
  @Post(':departureId/end')
  @StaysHere()
  @HttpCode(200)
  @Roles(...CALLING_OFF_ROLES)
  @Answers(DepartureAnswer)
  async end(
    @Param('caseId', ParseUUIDPipe) id: string,
    @Param('departureId', ParseUUIDPipe) departure: string,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const act = actOf(id, departure, context);
    const { caseId, departureId } = act;
    const now = this.clock.now();
    const before = await this.commands.answered(context);
    if (before !== null) {
      await this.gate.answerOwnHolds(act); // that may be what failed the first time
      return before.body;
    }
    const { state } = await this.node.handler.load(gateProcedure, caseId);
    const isOver = this.isByProcedure && state.attempt?.status === 'DEPARTED'; // the procedure takes it back
    if (state.attempt?.departureId !== departureId || isOver)
      throw new DomainError('GATE.ATTEMPT_OVER', 'conflict', 'there is a later attempt, or none');
    if (state.attempt.status !== 'DEPARTED')
      return this.run(caseId, departureId, { type: 'EndAttempt', end: 'CALLED_OFF', now }, context);
    if (!context.actor.roles.includes('supervisor'))
      throw new DomainError('GATE.NOT_YOUR_ROLE', 'forbidden', 'a supervisor takes a departure back');
    const taken = await this.run(caseId, departureId, { type: 'TakeBackDeparture', departureId, now }, context);
    await this.gate.answerOwnHolds(act);
    return taken;
  }

  private run(
    caseId: string,
    departureId: string,
    command: GateCommand,
    context: CommandContext,
    onDecided: (events: number) => void = () => {},
  ): Promise<JsonObject | null> {
    return this.commands.run({
      ...{ procedure: gateProcedure, id: caseId, context, command },
      status: command.type === 'ReportUnwarrantedDeparture' ? 201 : 200,
      body: ({ version, state, events }) => {
        onDecided(events.length);
        const { status, validForMs, obstacles } = this.gate.standingOf(state, departureId);
        return { id: departureId, version, status, validForMs, obstacles: obstacles.map((one) => ({ ...one })) };
      },
    });
  }

  private viewOf({
    attempt,
    departures,
    acknowledged,
  }: GateFile): Pick<DeparturesView, 'attempt' | 'departures' | 'halts'> {
    return {
      attempt: attempt && {
        ...{ departureId: attempt.departureId, removal: attempt.removal, status: attempt.status, end: attempt.end },
        asked: attempt.asked.map(({ authority }) => authority),
        obstacles: attempt.obstacles.map((one) => ({ ...one })),
        validForMs: this.gate.warrantLeftMs(attempt),
      },
      departures: departures.map(({ departureId, departedAt, clearanceIds }) => ({
        ...{ departureId, departedAt, isWarranted: clearanceIds.length > 0 },
      })),
      halts: acknowledged.map(({ authority, holdId, outcome }) => ({ authority, holdId, outcome })),
    };
  }
}
