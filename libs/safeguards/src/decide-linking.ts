import { isNewsOfLink, requireFewLinks } from './case-links.ts';
import { awaitedOf, forgottenOf, haltsFor, ofUnawareGates, settled } from './decide-placing.ts';
import type { HoldLedgerCommandOf } from './hold-ledger-commands.ts';
import type { HoldLedgerEvent } from './hold-ledger-events.ts';
import { evolveLedger, type HoldLedger, isSettled, openHolds } from './hold-ledger-state.ts';

/**
 * One person has this case and another: leases that are out on the other one count here from now on, and each open hold waits
 * for them, for those that may have been forgotten, and for what gates may have that do not ask here, though it was protected
 * before. Written to both ledgers at once, each with the other's clearances.
 *
 * @throws DomainError LINK.TOO_MANY
 */
export function linkLedger(command: HoldLedgerCommandOf<'LinkLedger'>, ledger: HoldLedger): readonly HoldLedgerEvent[] {
  const { linkedCaseId, link, clearances, unknownLeases, unawareGates = [], isToGateAlone, reading, now } = command;
  const known = new Set(ledger.clearances.map(({ clearanceId }) => clearanceId));
  const news = clearances.filter((one) => !known.has(one.clearanceId) && !isSettled(ledger, one, reading));
  const said = link !== null && isNewsOfLink(ledger.links, link, linkedCaseId) ? link : null;
  if (said !== null) requireFewLinks(ledger.links, { ...said, linkedCaseId, isLinked: true });
  const isKnown = ledger.linkedCaseIds.includes(linkedCaseId);
  const unseen = isKnown ? [] : [...forgottenOf(unknownLeases, true), ...ofUnawareGates(unawareGates, reading)];
  if (said === null && news.length === 0 && (link !== null || unseen.length === 0)) return [];
  const linked: HoldLedgerEvent = {
    type: 'LedgerLinked',
    data: { linkedCaseId, link: said, clearances: news, linkedAt: now },
  };
  const awaits = [...news.map(awaitedOf), ...unseen];
  if (awaits.length === 0) return [linked];
  const alone = isToGateAlone === true ? ({ isToGateAlone } as const) : {};
  let decided: readonly HoldLedgerEvent[] = [linked];
  for (const { holdId } of openHolds(ledger)) {
    const exposed: HoldLedgerEvent = { type: 'HoldExposed', data: { holdId, awaits, exposedAt: now } };
    const soFar = decided.reduce(evolveLedger, ledger);
    decided = [...decided, exposed, ...haltsFor(soFar, holdId, awaits, now, alone)];
  }
  return settled(ledger, decided, reading, now);
}

/**
 * The cases are two persons': the holds of each stand for themselves again, unless somebody else links them still. Nothing that was
 * made to wait waits for less.
 *
 * @throws DomainError LINK.TOO_MANY
 */
export function unlinkLedger(
  { linkedCaseId, link, now }: HoldLedgerCommandOf<'UnlinkLedger'>,
  ledger: HoldLedger,
): readonly HoldLedgerEvent[] {
  if (!isNewsOfLink(ledger.links, link, linkedCaseId)) return [];
  requireFewLinks(ledger.links, { ...link, linkedCaseId, isLinked: false });
  return [{ type: 'LedgerUnlinked', data: { linkedCaseId, link, unlinkedAt: now } }];
}
