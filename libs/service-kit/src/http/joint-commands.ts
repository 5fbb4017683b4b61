import { DomainError, type JsonObject } from '@acogida/core';
import {
  IdempotencyConflictError,
  inTransaction,
  isTransientDatabaseError,
  type StoredReply,
  type Transaction,
} from '@acogida/event-store';
import { Inject, Injectable } from '@nestjs/common';
import type { NodeRuntime } from '../node/node-runtime.ts';
import type { ExecuteOptions, ExecuteResult } from '../procedure-handler.ts';
import { NODE_RUNTIME } from '../tokens.ts';
import type { CommandContext } from './command-context.ts';
import { CommandRunner, replay, storedKey } from './command-runner.ts';

/** How often the commands are decided when others keep moving their streams. */
const MAX_ATTEMPTS = 5;

/** One of several commands; any procedure. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- deciders are contravariant in their commands
export type JointCommand = Pick<ExecuteOptions<any, any, any>, 'procedure' | 'id' | 'command'>;

/** A command that was refused: its place among them, from 0, and why. */
export interface JointRefusal {
  readonly index: number;
  readonly error: DomainError;
}

/** Several commands of one HTTP request. */
export interface JointOptions {
  /** At least one; in this order, each on what those before it did. */
  readonly commands: readonly JointCommand[];
  readonly context: CommandContext;
  readonly status: 200 | 201;
  /** Body of the answer, kept for replays: coded facts only. One result for each command. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- states of any procedures
  readonly body: (results: readonly ExecuteResult<any>[]) => JsonObject;
  /** Path for `Location`, with 201. */
  readonly location?: string;
  /** What is thrown when some of them were refused; the first refusal when left out. */
  readonly refused?: (refusals: readonly JointRefusal[]) => Error;
}

/**
 * Runs several commands of an HTTP request in one transaction, under one Idempotency-Key: all of them take effect, or none.
 * Every one is decided before any refusal is thrown, so that one answer can name them all.
 */
@Injectable()
export class JointCommands {
  constructor(
    private readonly commands: CommandRunner,
    @Inject(NODE_RUNTIME) private readonly node: Pick<NodeRuntime, 'pool' | 'context' | 'relay'>,
  ) {}

  /**
   * @throws DomainError, or what `refused` makes of the refusals; Problem 422 IDEMPOTENCY_KEY_REUSED; StreamMovedError others
   * kept moving the streams
   */
  async run(options: JointOptions): Promise<JsonObject | null> {
    const before = await this.commands.answered(options.context);
    if (before !== null) return before.body;
    for (let attempt = 1; ; attempt += 1) {
      try {
        const reply = await inTransaction(this.node.pool, (transaction) => this.within(transaction, options));
        this.node.relay.wake();
        options.context.answer(reply);
        return reply.body;
      } catch (error) {
        if (error instanceof IdempotencyConflictError) return replay(error, options.context); // answered meanwhile
        if (attempt === MAX_ATTEMPTS || !isTransientDatabaseError(error)) throw error;
      }
    }
  }

  private async within(transaction: Transaction, options: JointOptions): Promise<StoredReply> {
    const { commands, context, status, location } = options;
    const results: ExecuteResult<unknown>[] = [];
    const refusals: JointRefusal[] = [];
    const reply = (last: ExecuteResult<unknown>): StoredReply => ({
      status,
      headers: location === undefined ? {} : { location },
      body: options.body([...results, last]),
    });
    for (const [index, command] of commands.entries()) {
      const isLast = index === commands.length - 1;
      try {
        const kept = isLast && refusals.length === 0 ? this.kept(context, reply) : {};
        results.push(
          await this.node.context.handler.executeWithin(transaction, { ...command, ...by(context), ...kept }),
        );
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        refusals.push({ index, error });
      }
    }
    const [first] = refusals;
    if (first !== undefined) throw options.refused?.(refusals) ?? first.error;
    const last = results.pop();
    if (last === undefined) throw new RangeError('a request runs one command at least');
    return reply(last);
  }

  private kept(
    { actor, idempotencyKey, fingerprint }: CommandContext,
    reply: (last: ExecuteResult<unknown>) => StoredReply,
  ): Pick<ExecuteOptions<never, unknown, never>, 'idempotency'> {
    if (idempotencyKey === null) return {};
    return { idempotency: { key: storedKey(actor.subject, idempotencyKey), fingerprint, reply } };
  }
}

function by({ actor, correlationId }: CommandContext) {
  return { actor: actor.subject, correlationId, causation: null };
}
