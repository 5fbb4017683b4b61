import type { ContractDataByType } from '@acogida/contracts';
import type { PublishedContract } from '@acogida/event-store';
import type { ChildBasis, ChildSituation } from '@acogida/reference';
import type { ChildCaseEvent, ChildCaseSubject } from '../domain/child-case-events.ts';
import type { ChildCase } from '../domain/child-case-state.ts';
import { careStatusOf } from '../domain/situations.ts';

/** Types that this procedure publishes of itself. */
type Published = 'GuardianAppointed' | 'GuardianEnded' | 'GuardianOverdue' | 'ChildCaseClosed';

function said<T extends Published>(
  { caseId }: ChildCaseSubject,
  type: T,
  data: ContractDataByType[T],
): PublishedContract {
  return { class: 'procedure', type, schemaVersion: 1, caseId, data, audience: 'restricted' };
}

/** A fact of the case, as intake says it: for the circle. */
function identified(
  { caseId }: ChildCaseSubject,
  basis: ChildBasis | null,
  situation: ChildSituation,
): PublishedContract | null {
  const careStatus = careStatusOf(situation);
  if (careStatus === null) return null;
  const data: ContractDataByType['ChildIdentified'] = { basis: basis ?? 'DOUBT', careStatus };
  return { class: 'case', type: 'ChildIdentified', schemaVersion: 1, caseId, data, audience: 'coded' };
}

/**
 * What others learn of a child's case: with whom the child is goes to the circle; that it has a guardian, or has none in time, and that
 * the case is closed to the agencies that are named for it (INV-17). Who the guardian is, registries, care, interviews and views stay here.
 */
export function publishChildCase(event: ChildCaseEvent, { subject, basis }: ChildCase): PublishedContract | null {
  if (subject === null) return null;
  const { childCaseId } = subject;
  switch (event.type) {
    case 'ChildIdentified':
      return identified(subject, event.data.basis, event.data.situation);
    case 'SituationChanged':
      return event.data.basis === 'REPORTED_ELSEWHERE' ? null : identified(subject, basis, event.data.situation);
    case 'GuardianAppointed':
      return said(subject, event.type, { childCaseId, appointedAt: event.data.appointedAt });
    case 'GuardianEnded':
      return said(subject, event.type, { childCaseId, endedAt: event.data.endedAt });
    case 'GuardianOverdue':
      return said(subject, event.type, { childCaseId, dueAt: event.data.dueAt });
    case 'ChildCaseClosed': {
      const { reason, nextStep, closedAt } = event.data;
      return said(subject, event.type, { childCaseId, reason, nextStep, closedAt });
    }
    default:
      return null;
  }
}
