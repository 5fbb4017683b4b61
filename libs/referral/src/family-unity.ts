import type { ReferralRequest } from './referral.ts';

/** What is asked for one member of a family. */
export type FamilyRequest = Pick<ReferralRequest, 'caseId' | 'receiver' | 'service' | 'transfer'>;

/** Whether the person goes to live at the receiver, or comes under its care. */
export function isMove({ service, transfer }: Pick<FamilyRequest, 'service' | 'transfer'>): boolean {
  return service === 'SHELTER' || transfer;
}

/**
 * Whether requests that are made together for several members of a family would separate them: one of them is to go to an
 * agency to which not all of them go (INV-24). Services that nobody moves for separate nobody.
 *
 * @param requests of one family, at least one for each member that is meant
 */
export function separatesFamily(requests: readonly FamilyRequest[]): boolean {
  const members = new Set(requests.map(({ caseId }) => caseId));
  const moves = requests.filter(isMove);
  return moves.some(({ receiver }) => {
    const together = new Set(moves.filter((one) => one.receiver === receiver).map(({ caseId }) => caseId));
    return together.size < members.size;
  });
}
