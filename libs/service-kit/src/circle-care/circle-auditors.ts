import type { Admission, CaseCircles } from '../case-keys/case-circles.ts';
import type { CircleMember } from '../case-keys/case-keys.ts';
import type { Auditor } from '../case-keys/case-keys-events.ts';
import type { KeyTurn } from '../case-keys/key-turn.ts';
import type { KnownAuditors } from '../case-keys/known-auditors.ts';

/** As an auditor is let in: it sees all that is on record. */
export function watching(auditor: Auditor): Admission {
  return { ...auditor, role: 'AUDITOR', memberKeyX: null, history: 'FROM_OPENING' };
}

/**
 * Shuts out who audits neither this agency nor a member's jurisdiction any more.
 *
 * @returns who was in the circle before, and who is to audit it
 */
export async function dropAuditors(
  turn: KeyTurn,
  caseId: string,
  {
    circles,
    auditors,
  }: { readonly circles: Pick<CaseCircles, 'members' | 'remove'>; readonly auditors: Pick<KnownAuditors, 'of'> },
): Promise<{ readonly present: readonly CircleMember[]; readonly wanted: readonly Auditor[] }> {
  const present = await circles.members(turn, caseId);
  const agencies = new Set(present.filter(({ role }) => role === 'MEMBER').map(({ agency }) => agency));
  const jurisdictions = turn.node.members().flatMap((one) => (agencies.has(one.agencyId) ? [one.jurisdiction] : []));
  const wanted = auditors.of([turn.node.jurisdiction, ...jurisdictions]);
  const auditing = new Set(wanted.map(({ agency }) => agency));
  for (const { agency, role } of present) {
    if (role === 'AUDITOR' && !auditing.has(agency)) await circles.remove(turn, caseId, agency, 'SERVICE_ENDED');
  }
  return { present, wanted };
}
