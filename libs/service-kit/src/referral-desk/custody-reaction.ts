import { DomainError } from '@acogida/core';
import type { ReceivedEvent } from '@acogida/event-log';
import type { Transaction } from '@acogida/event-store';
import {
  type Custody,
  type CustodyCommand,
  custodyDecider,
  custodyProcedure,
  type CustodyRelease,
  type CustodyState,
  heardReleaseProcedure,
  referralProcedure,
  type SuccessionOrder,
  successionProcedure,
} from '@acogida/referral';
import type { NodeContext } from '../node-definition.ts';
import { react } from './policies.ts';

/** The latest word of an agency that it has the case. */
const REFERRED_HERE = `
  SELECT referral_id AS "referralId" FROM referral
   WHERE direction = 'received' AND sender = $1 AND case_id = $2 ORDER BY requested_at DESC LIMIT 1`;

/** How an agency that is gone is succeeded, as far as it was heard here; null where it is not. */
export async function orderFor(
  { handler }: NodeContext,
  agency: string,
  transaction: Transaction,
): Promise<SuccessionOrder | null> {
  return (await handler.load(successionProcedure, agency, transaction)).state;
}

/** What a received event does to the custody of one case, as this node knows it: the same in whatever order events are heard. */
export class CustodyReaction {
  readonly #context: NodeContext;
  readonly #policy: string;
  readonly #received: { readonly event: ReceivedEvent; readonly transaction: Transaction };
  readonly #caseId: string;

  constructor(
    context: NodeContext,
    policy: string,
    received: { readonly event: ReceivedEvent; readonly transaction: Transaction },
    caseId: string,
  ) {
    this.#context = context;
    this.#policy = policy;
    this.#received = received;
    this.#caseId = caseId;
  }

  /** Records a release and what follows from it. @throws DomainError CUSTODY.STALE_TERM, CUSTODY.NOT_THE_CUSTODIAN */
  async release(release: CustodyRelease): Promise<void> {
    await this.#settle(await this.#record({ type: 'RecordRelease', caseId: this.#caseId, ...release }));
  }

  /**
   * Takes down a release between others. Where the custody of the case is not known it is kept, for when it is; one that this
   * node knows to be over has no effect.
   *
   * @throws DomainError CUSTODY.NOT_THE_CUSTODIAN
   */
  async overhear(release: CustodyRelease): Promise<void> {
    const custody = await this.#known();
    if (custody !== null) {
      if (release.term > custody.term || this.#counts(custody, release)) await this.release(release);
      return;
    }
    const keep = { type: 'KeepRelease', ...release } as const;
    await react(this.#context, this.#policy, this.#received, heardReleaseProcedure, this.#caseId, keep);
    for (const agency of [release.to, release.from]) {
      const order = await orderFor(this.#context, agency, this.#received.transaction);
      if (order !== null) await this.succeed(order);
    }
  }

  /** Records who succeeds an agency, and begins with what was heard before where that says who had the case. */
  async succeed(order: SuccessionOrder): Promise<void> {
    const custody = (await this.#known()) === null ? await this.#begin(order) : await this.#order(order, null);
    await this.#settle(custody);
  }

  async #known(): Promise<CustodyState> {
    const { handler } = this.#context;
    return (await handler.load(custodyProcedure, this.#caseId, this.#received.transaction)).state;
  }

  /** By the word of the agency that is gone, else by the latest release that names it; releases that were heard then count. */
  async #begin(order: SuccessionOrder): Promise<CustodyState> {
    const { handler } = this.#context;
    const { transaction } = this.#received;
    const { state: heard } = await handler.load(heardReleaseProcedure, this.#caseId, transaction);
    const heldTerm = await this.#heldTermOf(order.from);
    const last = heard.findLast(({ from, to }) => from === order.from || to === order.from);
    let custody: CustodyState = null;
    if (heldTerm !== null) custody = await this.#order(order, heldTerm);
    else if (last !== undefined) custody = await this.#record({ type: 'RecordRelease', caseId: this.#caseId, ...last });
    if (custody === null) return null; // it never said that it has the case, and nobody else did
    for (const release of heard) {
      if (!this.#counts(custody, release)) continue;
      custody = (await this.#record({ type: 'RecordRelease', caseId: this.#caseId, ...release })) ?? custody;
    }
    return heldTerm === null ? this.#order(order, null) : custody;
  }

  /** Under which term an agency said that it had the case when it referred it here. */
  async #heldTermOf(agency: string): Promise<number | null> {
    const { transaction } = this.#received;
    const { rows } = await transaction.query<{ readonly referralId: string }>(REFERRED_HERE, [agency, this.#caseId]);
    const [referral] = rows;
    if (referral === undefined) return null;
    const { state } = await this.#context.handler.load(referralProcedure, referral.referralId, transaction);
    return state?.request.custodyTerm ?? null;
  }

  /** Whether a release changes anything of what is known. */
  #counts(custody: Custody, release: CustodyRelease): boolean {
    try {
      const command = { type: 'RecordRelease', caseId: this.#caseId, ...release } as const;
      return custodyDecider.decide(command, custody).length > 0;
    } catch (error) {
      if (error instanceof DomainError) return false;
      throw error;
    }
  }

  /**
   * Lets the orders that were heard before count in a custody that has just changed: for whoever gave the case, and for whoever
   * has it now, until nobody who is gone has it.
   */
  async #settle(changed: CustodyState): Promise<void> {
    let custody = changed;
    const asked = new Set<string>();
    for (;;) {
      const next = [custody?.from ?? null, custody?.holder ?? null].find(
        (agency) => agency !== null && !asked.has(agency),
      );
      if (custody === null || next === undefined || next === null) return;
      asked.add(next);
      const order = await orderFor(this.#context, next, this.#received.transaction);
      if (order !== null) custody = await this.#order(order, null);
    }
  }

  #order(order: SuccessionOrder, heldTerm: number | null): Promise<CustodyState> {
    return this.#record({ type: 'RecordSuccession', caseId: this.#caseId, heldTerm, ...order });
  }

  #record(command: CustodyCommand): Promise<CustodyState> {
    return react(this.#context, this.#policy, this.#received, custodyProcedure, this.#caseId, command);
  }
}
