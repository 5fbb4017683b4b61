import type { Clock, JsonObject } from '@acogida/core';
import { holdLedgerProcedure } from '@acogida/safeguards';
import { Controller, Inject, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import type pg from 'pg';
import { Roles } from '../auth/roles.ts';
import { StaysHere } from '../egress/ways-out.ts';
import { type CommandContext, CurrentCommand } from '../http/command-context.ts';
import { CommandRunner } from '../http/command-runner.ts';
import { notFound } from '../http/problem.ts';
import type { NodeContext } from '../node-definition.ts';
import { Answers } from '../openapi/answers.ts';
import { CLOCK, DATABASE_POOL, NODE_CONTEXT } from '../tokens.ts';
import { holdAnswerOf } from './hold-answer.ts';
import { HoldAnswer } from './hold-requests.ts';
import { LIFTING_ROLES, requireRole } from './hold-roles.ts';
import { HoldSurroundings } from './hold-surroundings.ts';
import { openHoldsElsewhere, successorOf } from './known-holds.ts';
import { MONOTONIC_CLOCK, type MonotonicClock } from './monotonic-clock.ts';

/** Taking over the holds of an agency that is gone (domain.md §1.5, architecture.md §7). */
@Controller('v1/cases/:caseId/holds/:holdId/takeover')
export class HoldTakeoverController {
  constructor(
    private readonly commands: CommandRunner,
    private readonly surroundings: HoldSurroundings,
    @Inject(NODE_CONTEXT) private readonly node: NodeContext,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(MONOTONIC_CLOCK) private readonly monotonic: MonotonicClock,
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
  ) {}

  /** The hold is this agency's from then on, under the same id. Refused to whoever is not the successor. */
  @Post()
  @StaysHere()
  @Roles(...LIFTING_ROLES)
  @Answers(HoldAnswer, { status: 201 })
  async takeOver(
    @Param('caseId', ParseUUIDPipe) id: string,
    @Param('holdId', ParseUUIDPipe) named: string,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const [caseId, holdId, { agencyId: by }] = [id.toLowerCase(), named.toLowerCase(), this.node];
    const heard = (await openHoldsElsewhere(this.node, this.pool, caseId)).find((one) => one.holdId === holdId);
    if (heard === undefined) throw notFound('HOLD.UNKNOWN', 'no such open hold of another agency was heard of');
    requireRole(heard.kind, context.actor, LIFTING_ROLES);
    const members = this.node.members();
    const gone = members.filter(({ agencyId }) => successorOf(agencyId, members) === by);
    return this.commands.run({
      ...{ procedure: holdLedgerProcedure, id: caseId, context, status: 201 },
      location: `/v1/cases/${caseId}/protection`,
      command: {
        ...{ type: 'TakeOverHold', by, reading: this.monotonic.read(), now: this.clock.now(), caseId, holdId },
        ...{ from: heard.authority, kind: heard.kind, groundId: null, placedBy: context.actor.subject },
        ...{ successorOf: gone.map(({ agencyId }) => agencyId) },
        ...(await this.surroundings.of(this.node, this.pool)),
      },
      body: ({ version, state }) => holdAnswerOf(state, holdId, version),
    });
  }
}
