import type { Clock } from '@acogida/core';
import { holdLedgerProcedure, holdsOnScreen, protectionOf } from '@acogida/safeguards';
import { Controller, Get, Inject, Param, ParseUUIDPipe, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type pg from 'pg';
import { type Actor, CurrentActor } from '../auth/actor.ts';
import { Roles } from '../auth/roles.ts';
import { StaysHere } from '../egress/ways-out.ts';
import { setVersion } from '../http/paging.ts';
import type { NodeContext } from '../node-definition.ts';
import { Answers } from '../openapi/answers.ts';
import { CLOCK, DATABASE_POOL, NODE_CONTEXT } from '../tokens.ts';
import { readsKind, SCREEN_ROLES } from './hold-roles.ts';
import { notTakenOver, openHoldsElsewhere } from './known-holds.ts';
import { MONOTONIC_CLOCK, type MonotonicClock } from './monotonic-clock.ts';
import { ProtectionView, protectionViewOf } from './protection-view.ts';

/** Screen of state of a person (architecture.md §7). */
@Controller('v1/cases/:caseId/protection')
export class ProtectionController {
  constructor(
    @Inject(NODE_CONTEXT) private readonly node: NodeContext,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(MONOTONIC_CLOCK) private readonly monotonic: MonotonicClock,
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
  ) {}

  /** Protected or not, since when, by when at the latest, and who must act. Of a case without any hold it says just that. */
  @Get()
  @StaysHere()
  @Roles(...SCREEN_ROLES)
  @Answers(ProtectionView)
  async show(
    @Param('caseId', ParseUUIDPipe) id: string,
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ProtectionView> {
    const [caseId, { agencyId }] = [id.toLowerCase(), this.node];
    const { state, version } = await this.node.handler.load(holdLedgerProcedure, caseId);
    const elsewhere = notTakenOver(await openHoldsElsewhere(this.node, this.pool, caseId), state);
    const asOf = this.clock.now();
    const protection = protectionOf(holdsOnScreen(state, this.monotonic.read()), agencyId, elsewhere, asOf);
    setVersion(reply, version);
    return protectionViewOf(protection, { caseId, agencyId, asOf, withKinds: readsKind(actor) });
  }
}
