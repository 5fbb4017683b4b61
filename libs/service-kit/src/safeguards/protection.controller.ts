import type { Clock } from '@acogida/core';
import {
  type HoldElsewhere,
  type HoldLedger,
  holdLedgerProcedure,
  holdsOnScreen,
  protectionOf,
} from '@acogida/safeguards';
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
import { ofOnePerson } from './linked-cases.ts';
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

  /**
   * Protected or not, since when, by when at the latest, and who must act, by the holds of the case and of those that are linked to it. Of
   * a case without any hold it says just that.
   */
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
    const person = await ofOnePerson(this.node, holdLedgerProcedure, [caseId, state]);
    const reading = this.monotonic.read();
    const own = person.flatMap(([, ledger]) => holdsOnScreen(ledger, reading));
    const elsewhere = await Promise.all(person.map((one) => this.elsewhere(one)));
    const asOf = this.clock.now();
    const heard = elsewhere.flat().toSorted((one, other) => (one.since < other.since ? -1 : 1));
    const protection = protectionOf(own, agencyId, heard, asOf);
    const ofThisCase = [
      ...state.holds.map(({ holdId }) => `${agencyId} ${holdId}`),
      ...(elsewhere[0] ?? []).map(({ authority, holdId }) => `${authority} ${holdId}`),
    ];
    setVersion(reply, version);
    const shown = { caseId, agencyId, asOf, withKinds: readsKind(actor), ofThisCase: new Set(ofThisCase) };
    return protectionViewOf(protection, shown);
  }

  private async elsewhere([caseId, ledger]: readonly [string, HoldLedger]): Promise<readonly HoldElsewhere[]> {
    return notTakenOver(await openHoldsElsewhere(this.node, this.pool, caseId), ledger);
  }
}
