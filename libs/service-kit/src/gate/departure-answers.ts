import type { JsonObject } from '@acogida/core';
import type { GateFile } from '@acogida/safeguards';
import type { CommandContext } from '../http/command-context.ts';
import type { DepartureAct, DepartureGate } from './departure-gate.ts';

/** What is kept for a request that asked: a time would be another one when it comes again. */
export function departureAnswerOf(
  gate: DepartureGate,
  { departureId }: DepartureAct,
  version: number,
  file: GateFile,
): JsonObject {
  const { status, obstacles } = gate.standingOf(file, departureId);
  return { id: departureId, version, status, obstacles: obstacles.map((one) => ({ ...one })) };
}

/** What was kept, and how long the warrant holds now. */
export async function withTimeLeft(
  gate: DepartureGate,
  { caseId, departureId }: DepartureAct,
  kept: JsonObject | null,
): Promise<JsonObject> {
  const { validForMs } = await gate.standing(caseId, departureId);
  return { ...kept, validForMs };
}

/** A confirmation that knows whether it wrote the departure itself: only then it may take it back. */
export interface OwnConfirmation {
  /** For `CommandRunner.run`. */
  readonly context: CommandContext;
  /** To be told what the command caused. */
  readonly wrote: (events: readonly unknown[]) => void;
  readonly isOurs: () => boolean;
}

/** Begins a confirmation. */
export function ownConfirmation(context: CommandContext): OwnConfirmation {
  let isOurs = false;
  const answer: CommandContext['answer'] = (reply) => {
    if ('idempotency-replayed' in reply.headers) isOurs = false; // another request was answered, or is being
    context.answer(reply);
  };
  return {
    context: { ...context, answer },
    wrote: (events) => {
      isOurs = events.length > 0;
    },
    isOurs: () => isOurs,
  };
}
