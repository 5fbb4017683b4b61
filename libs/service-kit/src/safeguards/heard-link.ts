import type { CasesLinkedV1Data, CasesUnlinkedV1Data } from '@acogida/contracts';
import { DomainError } from '@acogida/core';
import type { ReceivedEvent } from '@acogida/event-log';
import { dataOf } from '../received-data.ts';
import type { LinkWordHeard } from './link-ledgers.ts';

/**
 * What `CasesLinked` or `CasesUnlinked` says. Any agency of the network is believed that it links: it makes leaving harder, and what it
 * says it alone takes back.
 *
 * @throws DomainError (the event is quarantined) LINK.CASE_MISSING, LINK.ONE_CASE
 */
export function heardLinkOf(event: ReceivedEvent, isLinked: boolean): LinkWordHeard {
  const { source, payload } = event;
  if (payload.caseId === null) throw new DomainError('LINK.CASE_MISSING', 'invalid', 'a link is of two cases');
  const { linkId, linkedCaseId: other, revision } = dataOf<CasesLinkedV1Data | CasesUnlinkedV1Data>(event);
  const [caseId, linkedCaseId] = [payload.caseId.toLowerCase(), other.toLowerCase()];
  if (caseId === linkedCaseId) throw new DomainError('LINK.ONE_CASE', 'invalid', 'a case is not linked to itself');
  return { link: { by: source, linkId: linkId.toLowerCase(), revision }, caseId, linkedCaseId, isLinked };
}
