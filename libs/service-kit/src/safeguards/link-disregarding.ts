import type { Clock } from '@acogida/core';
import {
  disregardOf,
  type HeardLink,
  type HoldLedger,
  holdLedgerProcedure,
  type LinkDisregard,
  type LinkDisregardEvent,
  linkDisregardProcedure,
  type LinkOfAnother,
} from '@acogida/safeguards';
import { Inject, Injectable, Optional } from '@nestjs/common';
import { GATE_HEARS_LINKS, unlinkAtGate } from '../gate/linked-gates.ts';
import { notFound } from '../http/problem.ts';
import { nameBasedId } from '../name-based-id.ts';
import type { NodeContext } from '../node-definition.ts';
import type { CommandsBeside, DecidedCommand } from '../procedure-handler.ts';
import { CLOCK, NODE_CONTEXT } from '../tokens.ts';
import { bothWays } from './link-ledgers.ts';
import { unlessErased } from './linked-cases.ts';
import { MONOTONIC_CLOCK, type MonotonicClock } from './monotonic-clock.ts';

/** Namespace of the ids of what officers decide about links of others. */
const NAMESPACE = '6f1f0d52-5d0c-4c53-9a8f-3b1a6f0f7e21';

/** A link as this agency has heard it, and what its officers have decided about it. */
export interface LinkWithDecision {
  readonly link: HeardLink;
  readonly decided: LinkDisregard;
}

/** What two officers of this agency do about another agency's word that two cases are one person's: it counts here no more. */
@Injectable()
export class LinkDisregarding {
  constructor(
    @Inject(NODE_CONTEXT) private readonly node: NodeContext,
    @Inject(MONOTONIC_CLOCK) private readonly monotonic: MonotonicClock,
    @Inject(CLOCK) private readonly clock: Clock,
    @Optional() @Inject(GATE_HEARS_LINKS) private readonly atGate?: unknown,
  ) {}

  /** All that counts, and what of others officers have decided about. @throws DomainError CASE_ERASED */
  async linksOf(caseId: string): Promise<readonly LinkWithDecision[]> {
    const found: LinkWithDecision[] = [];
    for (const link of (await this.ledgerOf(caseId)).links) {
      const { state: decided } = await this.node.handler.load(linkDisregardProcedure, idOf(caseId, link));
      if (link.isLinked || decided.isDisregarded) found.push({ link, decided });
    }
    return found;
  }

  /** @throws DomainError LINK.UNKNOWN no other agency says so of this case; CASE_ERASED */
  async found(caseId: string, named: { readonly by: string; readonly linkId: string }): Promise<LinkOfAnother> {
    const { links } = await this.ledgerOf(caseId);
    const said = links.filter((one) => one.by === named.by && one.linkId === named.linkId.toLowerCase());
    const link = said.find(({ isLinked }) => isLinked) ?? said[0]; // a liar may say several under one id
    if (link === undefined || link.by === this.node.agencyId)
      throw notFound('LINK.UNKNOWN', 'no other agency says that of this case');
    const { by, linkId, linkedCaseId } = link;
    return { by, linkId, caseId, linkedCaseId };
  }

  /** Of the stream in which officers decide about a link, from whichever of its cases they come. */
  idOf({ caseId, ...link }: LinkOfAnother): string {
    return idOf(caseId, link);
  }

  /**
   * What goes with a decision: the ledgers of both cases, and the gate, take the link for taken back. Nothing that waits waits for less, and
   * whatever is under way in either case was asked as of another person.
   */
  beside(link: LinkOfAnother) {
    return async ({
      events,
    }: DecidedCommand<LinkDisregard, LinkDisregardEvent>): Promise<readonly CommandsBeside[]> => {
      if (!events.some(({ type }) => type === 'LinkDisregarded')) return [];
      const acting = { by: this.node.agencyId, reading: this.monotonic.read(), now: this.clock.now() };
      const said = disregardOf(link);
      const commands: CommandsBeside[] = [];
      for (const [id, linkedCaseId] of bothWays(link)) {
        if ((await unlessErased(this.node.handler.load(holdLedgerProcedure, id))) === null) continue;
        const unlink = { type: 'UnlinkLedger', ...acting, linkedCaseId, link: said } as const;
        commands.push({ procedure: holdLedgerProcedure, id, commands: () => [unlink] });
        if (this.atGate !== undefined) commands.push(unlinkAtGate(id, { linkedCaseId, link: said, now: acting.now }));
      }
      return commands;
    };
  }

  private async ledgerOf(caseId: string): Promise<HoldLedger> {
    return (await this.node.handler.load(holdLedgerProcedure, caseId)).state;
  }
}

function idOf(
  caseId: string,
  { by, linkId, linkedCaseId }: Pick<LinkOfAnother, 'by' | 'linkId' | 'linkedCaseId'>,
): string {
  return nameBasedId(NAMESPACE, [by, linkId, ...[caseId, linkedCaseId].sort()]);
}
