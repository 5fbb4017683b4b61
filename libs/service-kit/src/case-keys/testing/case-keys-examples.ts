import type { GroupAudience, KeyAudience } from '@acogida/sealing';
import type { CaseKeysCommandOf } from '../case-keys-commands.ts';
import type { CaseKeysEvent, EpochNames } from '../case-keys-events.ts';

/** What the specs of this folder have in common. */

export const OWN = 'cr-border-intake';
export const CONATT = 'cr-conatt';
export const COMAR = 'mx-comar';
export const OMBUDSMAN = 'cr-ombudsman';
export const CASE = '9b2f4f0e-5a3c-4f0e-8c51-6a4d1f0c2b11';
export const GRANT = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
export const AT = '2026-11-22T09:00:00.000Z';
export const LATER = '2026-12-01T15:00:00.000Z';
/** Public halves of X25519 pairs (RFC 7748 §6.1). */
export const X = 'hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo';
export const OTHER_X = '3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08';

/** Names of keys as epoch n of a spec has them. */
export function namesOf(n: number): EpochNames {
  const keyId = (audience: KeyAudience): string => `${audience}-${n}-`.padEnd(43, 'k');
  return {
    subject: String(n).padStart(32, '0'),
    keyIds: { coded: keyId('coded'), care: keyId('care'), restricted: keyId('restricted'), own: keyId('own') },
  };
}

export const OPENED: Extract<CaseKeysEvent, { readonly type: 'CaseOpenedForKeys' }> = {
  type: 'CaseOpenedForKeys',
  data: { caseId: CASE, ...namesOf(1), incarnation: 1, auditors: [], openedAt: AT },
};

/** The next epoch. */
export function begun(
  epoch: number,
  rest: Partial<Extract<CaseKeysEvent, { readonly type: 'EpochBegun' }>['data']> = {},
): CaseKeysEvent {
  return {
    type: 'EpochBegun',
    data: {
      ...{ caseId: CASE, epoch, ...namesOf(epoch), reason: 'MEMBER_ADMITTED', incarnation: 1, auditors: [] },
      begunAt: LATER,
      ...rest,
    },
  };
}

/** An agency of the circle. */
export function admitted(
  agency: string,
  fromEpoch: number,
  rest: Partial<Extract<CaseKeysEvent, { readonly type: 'MemberAdmitted' }>['data']> = {},
): CaseKeysEvent {
  const audiences = (['coded', 'care'] as const).map((audience) => ({ audience, fromEpoch }));
  const history = fromEpoch === 1 ? 'FROM_OPENING' : 'CURRENT';
  return {
    type: 'MemberAdmitted',
    data: { caseId: CASE, agency, role: 'MEMBER', memberKeyX: X, audiences, history, admittedAt: LATER, ...rest },
  };
}

/** An agency that leaves the circle. */
export function left(agency: string): CaseKeysEvent {
  return {
    type: 'MemberLeft',
    data: { caseId: CASE, agency, role: 'MEMBER', reason: 'CONSENT_WITHDRAWN', leftAt: LATER },
  };
}

/** Key names of an epoch for some audiences. */
export function keysOf(epoch: number, audiences: readonly GroupAudience[] = ['coded', 'care']) {
  const { subject, keyIds } = namesOf(epoch);
  return audiences.map((audience) => ({ subject, audience, epoch, keyId: keyIds[audience] }));
}

/** A grant of own keys. */
export function granted(
  to: string,
  keys: ReturnType<typeof keysOf>,
  rest: Partial<Extract<CaseKeysEvent, { readonly type: 'KeysGranted' }>['data']> = {},
): CaseKeysEvent {
  return {
    type: 'KeysGranted',
    data: {
      ...{ grantId: GRANT, to, under: 'member-key', grantedAt: LATER },
      cases: [{ caseId: CASE, holder: OWN, keys, roster: [], chains: [] }],
      ...rest,
    },
  };
}

/** Admits an agency with the past. */
export function admit(
  agency: string,
  rest: Partial<CaseKeysCommandOf<'AdmitMember'>> = {},
): CaseKeysCommandOf<'AdmitMember'> {
  return {
    ...{ type: 'AdmitMember', caseId: CASE, by: OWN, agency, role: 'MEMBER', memberKeyX: X },
    ...{ audiences: ['coded', 'care'], history: 'FROM_OPENING', now: LATER },
    ...rest,
  };
}

/** Grants what is owed. */
export function grant(to: string, rest: Partial<CaseKeysCommandOf<'GrantKeys'>> = {}): CaseKeysCommandOf<'GrantKeys'> {
  return {
    ...{ type: 'GrantKeys', caseId: CASE, by: OWN, grantId: GRANT, to, handedOn: [], chains: [], now: LATER },
    ...rest,
  };
}

/** Begins an epoch if one is due. */
export function begin(
  epoch: number,
  rest: Partial<CaseKeysCommandOf<'BeginEpoch'>> = {},
): CaseKeysCommandOf<'BeginEpoch'> {
  return {
    ...{ type: 'BeginEpoch', caseId: CASE, names: namesOf(epoch), incarnation: 1, because: 'DUE', unready: [] },
    now: LATER,
    ...rest,
  };
}
