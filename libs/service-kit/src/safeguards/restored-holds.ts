import { StreamCorruptedError, StreamErasedError, streamOfChain } from '@acogida/event-store';
import { type Count, holdLedgerProcedure } from '@acogida/safeguards';
import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { NodeRuntime } from '../node/node-runtime.ts';
import { NODE_RUNTIME } from '../tokens.ts';
import { ForgottenLeases } from './forgotten-leases.ts';
import { otherGates } from './gate-agencies.ts';
import { MONOTONIC_CLOCK, type MonotonicClock } from './monotonic-clock.ts';

const LEDGER = `${holdLedgerProcedure.name}-`;
/** Ledgers that are read and written at once. */
const AT_ONCE = 5;

/** Which of their holds are open stands in the ledgers alone: what is encrypted at rest has no type in its row. */
const WITH_HOLDS = 'SELECT DISTINCT case_id::text AS "caseId" FROM own_hold ORDER BY "caseId"';

const LIFTED_SINCE = `
  SELECT DISTINCT lost.stream FROM relay.recovered AS lost
   WHERE lost.type = 'HoldLifted' AND lost.stream LIKE '${LEDGER}%'
     AND NOT EXISTS (SELECT FROM forgotten_lease AS over WHERE over.occasion = 'recovery:' || lost.recovery_id)`;

/**
 * What a restored copy says of its own holds is as old as the copy: one that is open and protected there may have been lifted since,
 * and a gate cleared, whose warrant is valid yet. Before the node takes anything, all open holds wait again until no lease can be out
 * that was forgotten (S1). Where its own topic says that a hold was lifted, all gates are told to halt, and answer whether the
 * person has left (S3), as far as that word opens with the keys of the copy; of other cases they are told nothing: a gate that has heard of a hold gives no warrant before it has heard that
 * it was lifted.
 */
@Injectable()
export class RestoredHolds implements OnApplicationBootstrap {
  private readonly logger = new Logger('RestoredHolds');
  #exposedFrom: Count['from'] | null = null;

  constructor(
    private readonly forgotten: ForgottenLeases,
    @Inject(NODE_RUNTIME)
    private readonly node: Pick<NodeRuntime, 'pool' | 'context' | 'clock' | 'ids' | 'afterComparing'>,
    @Inject(MONOTONIC_CLOCK) private readonly monotonic: MonotonicClock,
  ) {}

  onApplicationBootstrap(): void {
    this.node.afterComparing(() => this.expose());
  }

  /**
   * Once in the life of a process for each restore, until the longest lease is over: another process begins to count anew.
   *
   * @throws what the database throws
   */
  async expose(): Promise<void> {
    const { pool, context } = this.node;
    const count = await this.forgotten.ofRestores(pool);
    if (count === null || isSame(count.from, this.#exposedFrom)) return;
    const { rows } = await pool.query<{ caseId: string }>(WITH_HOLDS);
    const lost = await pool.query<{ stream: string }>(LIFTED_SINCE);
    const lifted = new Set(lost.rows.map(({ stream }) => streamOfChain(stream).stream));
    const gates = otherGates(context).map(({ agencyId }) => agencyId);
    let exposed = 0;
    for (let from = 0; from < rows.length; from += AT_ONCE) {
      const some = rows.slice(from, from + AT_ONCE).map(({ caseId }) => {
        const told = lifted.has(`${LEDGER}${caseId}`) ? gates : [];
        return this.exposeOne(caseId, count, told);
      });
      exposed += (await Promise.all(some)).filter((isExposed) => isExposed).length;
    }
    this.#exposedFrom = count.from;
    if (exposed > 0) this.logger.warn({ msg: 'holds of a restored copy wait for forgotten leases', ledgers: exposed });
  }

  private async exposeOne(id: string, count: Count, gates: readonly string[]): Promise<boolean> {
    const { context, clock, ids } = this.node;
    const { agencyId: by, handler } = context;
    const acting = { by, reading: this.monotonic.read(), now: clock.now() };
    const command = { type: 'ExposeHolds', ...acting, unknownLeases: { count, gates } } as const;
    const from = { actor: `${by}.recovery`, correlationId: ids.uuid(), causation: null };
    try {
      const { events } = await handler.execute({ procedure: holdLedgerProcedure, id, command, ...from });
      return events.length > 0;
    } catch (error) {
      if (error instanceof StreamErasedError) return false;
      if (!(error instanceof StreamCorruptedError)) throw error; // tried again with the next comparison
      this.logger.error({ msg: 'a hold ledger of a restored copy cannot be read', failure: error.name });
      return false; // nobody is cleared on it either, and the others are not to wait for it
    }
  }
}

function isSame(one: Count['from'], other: Count['from'] | null): boolean {
  return one.boot === other?.boot && one.ms === other.ms;
}
