import { DomainError, type JsonObject } from '@acogida/core';
import type { Removal } from '@acogida/reference';
import { gateProcedure } from '@acogida/safeguards';
import { Body, Controller, HttpCode, Inject, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { Roles } from '../auth/roles.ts';
import { StaysHere } from '../egress/ways-out.ts';
import { type CommandContext, CurrentCommand } from '../http/command-context.ts';
import { CommandRunner } from '../http/command-runner.ts';
import { nameBasedId } from '../name-based-id.ts';
import { Answers } from '../openapi/answers.ts';
import { departureAnswerOf, ownConfirmation, withTimeLeft } from './departure-answers.ts';
import { type DepartureAct, DepartureGate } from './departure-gate.ts';
import { AskForDepartureBody, DepartureAnswer } from './departure-requests.ts';
import { REMOVING_ROLES } from './gate-roles.ts';

/** Injection token of the removals that a service may ask for. */
export const OWN_REMOVALS = Symbol('acogida.own-removals');

/** Namespace of the ids of departures that are asked for here. */
const NAMESPACE = '6b1c0d52-3a0e-5f0b-9d47-2f8f5c7e1a93';

/** What a request says of the departure; the same request is about the same one. */
export function actOf(caseId: string, departureId: string, { actor, correlationId }: CommandContext): DepartureAct {
  return {
    ...{ caseId: caseId.toLowerCase(), departureId: departureId.toLowerCase() },
    ...{ officer: actor.subject, correlationId },
  };
}

/** Id of what is reported or asked for under an Idempotency-Key: a request that comes again goes on with the same. */
export function departureIdOf(caseId: string, { actor, idempotencyKey }: CommandContext): string {
  return nameBasedId(NAMESPACE, [caseId.toLowerCase(), actor.subject, idempotencyKey ?? '']);
}

/**
 * Asking whether somebody may leave, and the door (INV-01, INV-02). Authorities are asked over the agency channel, which needs no
 * consent: it says nothing to anybody but those who clear (architecture.md §7).
 */
@Controller('v1/cases/:caseId/departures')
export class DeparturesController {
  constructor(
    private readonly commands: CommandRunner,
    private readonly gate: DepartureGate,
    @Inject(OWN_REMOVALS) private readonly removals: readonly Removal[],
  ) {}

  /** Asks every authority at once; answers the warrant, or all that stands against it. Asked once, however often the request comes. */
  @Post()
  @StaysHere()
  @Roles(...REMOVING_ROLES)
  @Answers(DepartureAnswer, { status: 201 })
  async ask(
    @Param('caseId', ParseUUIDPipe) id: string,
    @Body() { removal }: AskForDepartureBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const act = actOf(id, departureIdOf(id, context), context);
    if (!this.removals.includes(removal))
      throw new DomainError('GATE.REMOVAL_NOT_HERE', 'forbidden', 'another agency decides on such a removal');
    const { expectedVersion, ...unversioned } = context;
    const before = await this.commands.answered(context);
    if (before !== null) return withTimeLeft(this.gate, act, before.body);
    const command = await this.gate.judgementOn({ ...act, removal, expectedVersion });
    const kept = await this.commands.run({
      ...{ procedure: gateProcedure, id: act.caseId, context: unversioned, status: 201, command },
      location: `/v1/cases/${act.caseId}/departures`,
      body: ({ version, state }) => departureAnswerOf(this.gate, act, version, state),
    });
    return withTimeLeft(this.gate, act, kept);
  }

  /** The person leaves, if this is answered with 200: the warrant is looked at again once the departure is written. */
  @Post(':departureId/confirmation')
  @StaysHere()
  @HttpCode(200)
  @Roles(...REMOVING_ROLES)
  @Answers(DepartureAnswer)
  async confirm(
    @Param('caseId', ParseUUIDPipe) caseId: string,
    @Param('departureId', ParseUUIDPipe) departureId: string,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const act = actOf(caseId, departureId, context);
    const own = ownConfirmation(context);
    const kept = await this.commands.run({
      ...{ procedure: gateProcedure, id: act.caseId, context: own.context, status: 200 },
      command: await this.gate.confirmation(act),
      body: ({ version, state, events }) => {
        own.wrote(events);
        return departureAnswerOf(this.gate, act, version, state);
      },
    });
    await this.gate.openDoor(act, own.isOurs());
    return withTimeLeft(this.gate, act, kept);
  }
}
