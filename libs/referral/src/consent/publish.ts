import type { KnownContractEvent } from '@acogida/contracts';
import { collectorsOf, concernedBy } from './acknowledgements.ts';
import {
  ANY_LISTED_FOR_SERVICE,
  type ConsentFacts,
  consentOf,
  type ConsentRegister,
  type ConsentScope,
} from './consent.ts';
import type { ConsentEvent } from './consent-events.ts';
import { isTellingConsent } from './referral-sharing.ts';

type ConsentContract = Extract<KnownContractEvent, { class: 'consent' }>;
/** For the circle of the case at the agency that says it, or for one agency alone, by its offer key. */
export type ConsentWord = ConsentContract & {
  readonly audience: 'coded' | 'care' | { readonly to: string; readonly under: 'offer-key' };
};
type GrantedData = Extract<ConsentContract, { type: 'ConsentGranted' }>['data'];

/** What others learn of a consent; each field is named, so that a new private one cannot slip out. */
function grantedData(facts: ConsentFacts): GrantedData {
  const { consentId, language, interpretation, form, givenBy, childAssent, basis, expiresAt } = facts;
  const { purposes, fields, services, history, recipients } = facts.scope;
  return {
    ...{ consentId, language, interpretation, form, givenBy, childAssent, basis, expiresAt },
    ...{ purposes: [...purposes], fields: [...fields], services: [...services], history },
    recipients: recipients === ANY_LISTED_FOR_SERVICE ? null : [...recipients],
  };
}

/** The consent that another agency published. Inverse of what `publishConsent` makes of `ConsentGranted`. */
export function consentFactsOf(data: GrantedData, caseId: string): ConsentFacts {
  const { purposes, fields, services, history, recipients, ...facts } = data;
  const scope: ConsentScope = {
    ...{ purposes, fields, services, history },
    recipients: recipients ?? ANY_LISTED_FOR_SERVICE,
  };
  return { ...facts, caseId, scope };
}

/**
 * The contract events that a consent event becomes. Requests, refusals, second persons, attempts and overrides stay at the
 * agency, and so does the reason of a withdrawal: it may be a complaint about whoever would read it.
 *
 * The answer to a withdrawal is said once more to each agency that collects it: that may have left the circle with what was
 * withdrawn. Whoever is asked to serve the person under a consent is told of it alone, and each of its withdrawal, with whoever
 * recorded it: of each other's circles they may read nothing, or nothing yet. A withdrawal goes as well to the other agencies that
 * serve the person on a referral (`passedOnTo`).
 */
export function publishConsent(event: ConsentEvent, register: ConsentRegister): readonly ConsentWord[] {
  const word = wordOf(event, register);
  if (word === null) return [];
  const told = toldAlone(event, register);
  const copies = told.map((to): ConsentWord => ({ ...word, audience: { to, under: 'offer-key' } }));
  const alone = [...copies, ...passedOn(event, word, told)];
  const isForCircle = event.type !== 'ConsentTold' && event.type !== 'WithdrawalNoted';
  return isForCircle ? [{ ...word, audience: circleFor(word, register) }, ...alone] : alone;
}

/**
 * INV-17: a consent to a service that tells of asylum or trafficking is not for those who control, return or represent, nor is
 * what becomes of it: they would hear of the end of something that they never heard of. But who plans a return hears of the end
 * of what was for it.
 */
function circleFor({ type, data }: ConsentContract, register: ConsentRegister): 'coded' | 'care' {
  if (type === 'ConsentGranted') return isTellingConsent(data) ? 'care' : 'coded';
  const scope = data.consentId === null ? undefined : consentOf(register, data.consentId)?.facts?.scope;
  return scope !== undefined && isTellingConsent(scope) && !scope.purposes.includes('RETURN') ? 'care' : 'coded';
}

/** Who is told of it by itself. */
function toldAlone(event: ConsentEvent, register: ConsentRegister): readonly string[] {
  if (event.type === 'ConsentTold') return [event.data.to];
  if (event.type === 'WithdrawalAcknowledged') return answeredTo(event.data, register);
  if (event.type !== 'ConsentWithdrawn' && event.type !== 'WithdrawalNoted') return [];
  // Whoever recorded it passes on a withdrawal that was lodged elsewhere: only there is it known whom it was told.
  const isLodgedHere = event.type === 'ConsentWithdrawn';
  const records = concernedBy(register, event.data.consentId).filter(({ isOwn }) => isOwn || isLodgedHere);
  const told = records.flatMap(({ toldTo = [], recordedAt }) => [...toldTo, recordedAt]);
  const known = isLodgedHere
    ? [event.data.lodgedAt]
    : [event.data.lodgedAt, ...records.map(({ recordedAt }) => recordedAt)];
  return [...new Set(told)].filter((one) => one !== null && !known.includes(one)).sort() as string[];
}

function answeredTo(
  data: Extract<ConsentEvent, { readonly type: 'WithdrawalAcknowledged' }>['data'],
  register: ConsentRegister,
): readonly string[] {
  return [...new Set([...collectorsOf(register, data), ...(data.saidTo ?? [])])].sort();
}

/** Said in the name of who passes it on: not everybody who serves the person is to learn who else does. */
function passedOn(event: ConsentEvent, word: ConsentContract, told: readonly string[]): readonly ConsentWord[] {
  if (event.type !== 'ConsentWithdrawn' && event.type !== 'WithdrawalNoted') return [];
  if (word.type !== 'ConsentWithdrawn' || event.data.passedOn === undefined) return [];
  const { by, to: all } = event.data.passedOn;
  const said = { ...word, data: { ...word.data, lodgedAt: by } };
  return all.filter((to) => !told.includes(to)).map((to) => ({ ...said, audience: { to, under: 'offer-key' } }));
}

function wordOf(event: ConsentEvent, register: ConsentRegister): ConsentContract | null {
  const frame = { class: 'consent', schemaVersion: 1 } as const;
  switch (event.type) {
    case 'ConsentTold': {
      const { facts = null, grantedAt = null } = consentOf(register, event.data.consentId) ?? {};
      if (facts === null || grantedAt === null) return null;
      const { caseId } = event.data;
      return { ...frame, type: 'ConsentGranted', caseId, occurredAt: grantedAt, data: grantedData(facts) };
    }
    case 'ConsentGranted': {
      const { caseId, grantedAt } = event.data;
      return { ...frame, type: event.type, caseId, occurredAt: grantedAt, data: grantedData(event.data) };
    }
    case 'WithdrawalNoted':
    case 'ConsentWithdrawn': {
      const { caseId, consentId, withdrawnAt, lodgedAt, form, language, interpretation } = event.data;
      const data = { consentId, withdrawnAt, lodgedAt, form, language, interpretation };
      return { ...frame, type: 'ConsentWithdrawn', caseId, occurredAt: withdrawnAt, data };
    }
    case 'ConsentExpired': {
      const { caseId, consentId, expiredAt } = event.data;
      return { ...frame, type: event.type, caseId, occurredAt: expiredAt, data: { consentId, expiredAt } };
    }
    case 'WithdrawalAcknowledged': {
      const { caseId, consentId, acknowledgedAt, destroyed, retained } = event.data;
      const data = {
        consentId,
        destroyed: [...destroyed],
        retained: retained.map(({ category, legalBasis, until }) => ({ category, legalBasis, until })),
      };
      return { ...frame, type: event.type, caseId, occurredAt: acknowledgedAt, data };
    }
    case 'ConsentRequested':
    case 'ConsentRefused':
    case 'ConsentNoted':
    case 'WithdrawalAcknowledgementNoted':
    case 'ContactConfirmed':
    case 'ContactAttempted':
    case 'SharingOverridden':
      return null;
  }
}
