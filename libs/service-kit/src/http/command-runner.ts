import { hash } from 'node:crypto';
import type { JsonObject } from '@acogida/core';
import {
  type EventStore,
  IdempotencyConflictError,
  type ProcedureDefinition,
  type StoredReply,
} from '@acogida/event-store';
import { Inject, Injectable } from '@nestjs/common';
import type { ExecuteOptions, ExecuteResult, ProcedureHandler } from '../procedure-handler.ts';
import { EVENT_STORE, PROCEDURE_HANDLER } from '../tokens.ts';
import type { CommandContext } from './command-context.ts';
import { Problem } from './problem.ts';

/** One command of an HTTP request. */
export interface RunOptions<C, S, E extends { readonly type: string; readonly data: object }> {
  readonly procedure: ProcedureDefinition<C, S, E>;
  /** Id of the procedure instance. New ones come from IDS: a retried request gets the kept reply with the first id. */
  readonly id: string;
  /** The id was drawn from IDS for this request, so nothing has to be read before deciding. */
  readonly fresh?: boolean;
  readonly command: C;
  readonly context: CommandContext;
  /** What else it does, in the same transaction: holds that the procedure places (`ProcedureHolds`). */
  readonly beside?: ExecuteOptions<C, S, E>['beside'];
  /** 200 for a command on something that exists, 201 when it creates. */
  readonly status: 200 | 201;
  /** Body of the answer. It is kept for replays: coded facts only. */
  readonly body: (result: ExecuteResult<S>) => JsonObject;
  /** Path for `Location`, with 201: `/v1/cases/${id}`. */
  readonly location?: string;
}

/**
 * Runs the command of an HTTP request and answers it: the kept reply when this Idempotency-Key was answered before, else the
 * procedure is executed and its reply kept in the same transaction. Sets status, `ETag`, `Location` and, on replays,
 * `Idempotency-Replayed: true`; resolves with the body, which the controller returns.
 *
 * ```ts
 * constructor(private readonly commands: CommandRunner, @Inject(CLOCK) private readonly clock: Clock, @Inject(IDS) …) {}
 *
 * @Post() @Roles('border-officer', 'import')
 * open(@Body() body: OpenCaseBody, @CurrentCommand() context: CommandContext): Promise<JsonObject> {
 *   const caseId = this.ids.uuid();
 *   return this.commands.run({
 *     procedure: caseIntake, id: caseId, fresh: true, context, status: 201, location: `/v1/cases/${caseId}`,
 *     command: { type: 'RecordFirstContact', now: this.clock.now(), caseId, ...body },
 *     body: ({ version }) => ({ id: caseId, caseId, version }),
 *   });
 * }
 * ```
 */
@Injectable()
export class CommandRunner {
  constructor(
    @Inject(PROCEDURE_HANDLER) private readonly handler: ProcedureHandler,
    @Inject(EVENT_STORE) private readonly store: Pick<EventStore, 'findReply'>,
  ) {}

  /**
   * Answers with the kept reply when this Idempotency-Key was answered before; null when it was not. For routes that judge or
   * record something before they run their command: what was decided once is not judged again.
   *
   * @throws Problem 422 IDEMPOTENCY_KEY_REUSED
   */
  async answered(context: CommandContext): Promise<StoredReply | null> {
    if (context.idempotencyKey === null) return null;
    const kept = await this.store.findReply(storedKey(context.actor.subject, context.idempotencyKey));
    if (kept === undefined) return null;
    replay(kept, context);
    return kept.reply;
  }

  /**
   * @throws DomainError the rules refuse; Problem 422 IDEMPOTENCY_KEY_REUSED; StreamConflictError (answered 412 with
   * If-Match, else 409)
   */
  async run<C, S, E extends { readonly type: string; readonly data: object }>(
    options: RunOptions<C, S, E>,
  ): Promise<JsonObject | null> {
    const { context } = options;
    const key = context.idempotencyKey === null ? null : storedKey(context.actor.subject, context.idempotencyKey);
    try {
      return await this.execute(options, key);
    } catch (error) {
      if (error instanceof IdempotencyConflictError) return replay(error, context); // answered before
      throw error;
    }
  }

  private async execute<C, S, E extends { readonly type: string; readonly data: object }>(
    options: RunOptions<C, S, E>,
    key: string | null,
  ): Promise<JsonObject | null> {
    const { context } = options;
    const reply = (result: ExecuteResult<S>): StoredReply => ({
      status: options.status,
      headers: {
        etag: `"${result.version}"`,
        ...(options.location === undefined ? {} : { location: options.location }),
      },
      body: options.body(result),
    });
    const result = await this.handler.execute({
      procedure: options.procedure,
      id: options.id,
      command: options.command,
      actor: context.actor.subject,
      correlationId: context.correlationId,
      causation: null,
      fresh: options.fresh === true,
      ...(options.beside === undefined ? {} : { beside: options.beside }),
      ...(context.expectedVersion === undefined ? {} : { expectedVersion: context.expectedVersion }),
      ...(key === null ? {} : { idempotency: { key, fingerprint: context.fingerprint, reply } }),
    });
    const answered = reply(result);
    context.answer(answered);
    return answered.body;
  }
}

/** One key for each pair of person and header, whatever characters they hold; of one length, and without the person. */
export function storedKey(subject: string, idempotencyKey: string): string {
  return hash('sha256', JSON.stringify([subject, idempotencyKey]), 'hex');
}

/** Answers with a reply that was kept. @throws Problem 422 IDEMPOTENCY_KEY_REUSED */
export function replay(
  kept: { readonly fingerprint: string; readonly reply: StoredReply },
  context: CommandContext,
): JsonObject | null {
  if (kept.fingerprint !== context.fingerprint) {
    throw new Problem(422, 'IDEMPOTENCY_KEY_REUSED', 'this Idempotency-Key was used for another request');
  }
  context.answer({ status: kept.reply.status, headers: { ...kept.reply.headers, 'idempotency-replayed': 'true' } });
  return kept.reply.body;
}
