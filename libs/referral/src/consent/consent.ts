import type { Instant } from '@acogida/core';
import type {
  ConsentAssent,
  ConsentBasis,
  ConsentField,
  ConsentForm,
  ConsentGiver,
  ConsentHistory,
  ConsentPurpose,
  Interpretation,
  ReferralService,
  RetentionBasis,
  RetentionCategory,
  WithdrawalReason,
} from '@acogida/reference';
import type { ConsentEvent, RecordedConsent } from './consent-events.ts';

/** Recipients of a consent that leaves it to the directory who provides the services that it names. */
export const ANY_LISTED_FOR_SERVICE = 'ANY_LISTED_FOR_SERVICE';

/** What a consent covers (domain.md §1.3). Lists hold no code twice. */
export interface ConsentScope {
  readonly purposes: readonly ConsentPurpose[];
  readonly fields: readonly ConsentField[];
  /** Agency ids, or whoever the directory lists for one of the services. */
  readonly recipients: readonly string[] | typeof ANY_LISTED_FOR_SERVICE;
  /** What may be asked for; empty where the purposes hold no `REFERRAL`. */
  readonly services: readonly ReferralService[];
  readonly history: ConsentHistory;
}

/** How a person was spoken with (INV-18). Nulls only where an earlier register did not say. */
export interface Conversation {
  /** ISO 639-3. */
  readonly language: string | null;
  readonly interpretation: Interpretation | null;
}

/** A consent as given: coded facts only. */
export interface ConsentFacts extends Conversation {
  readonly consentId: string;
  readonly caseId: string;
  readonly scope: ConsentScope;
  readonly form: ConsentForm;
  readonly givenBy: ConsentGiver;
  readonly childAssent: ConsentAssent;
  /** What allows the sharing: consent, or a basis that stands in for it where it cannot be asked. */
  readonly basis: ConsentBasis;
  /** From this instant on it allows nothing. */
  readonly expiresAt: Instant;
}

/** A withdrawal, by whichever agency it was lodged at. */
export interface Withdrawal extends Conversation {
  readonly withdrawnAt: Instant;
  readonly lodgedAt: string;
  readonly form: ConsentForm;
  readonly reason: WithdrawalReason;
  /** Whom this agency says it to by itself, in its own name: `passedOnTo`; left out where there is nobody. */
  readonly passedOn?: { readonly by: string; readonly to: readonly string[] };
}

/** Something kept although the consent was withdrawn. */
export interface Retention {
  readonly category: RetentionCategory;
  readonly legalBasis: RetentionBasis;
  /** Calendar date after which it is destroyed; null while the basis lasts. */
  readonly until: string | null;
}

/** What an agency did with what it held: nothing is passed over in silence. */
export interface Holdings {
  readonly destroyed: readonly RetentionCategory[];
  readonly retained: readonly Retention[];
}

/** An agency's answer to a withdrawal. */
export interface Acknowledgement extends Holdings {
  readonly acknowledgedAt: Instant;
  /** Who said the withdrawal to it as well and was answered, beside those who collect the answers. */
  readonly saidTo?: readonly string[];
}

/** A second person's yes to one contact with the country of origin (INV-05). */
export interface ContactConfirmation {
  readonly recipient: string;
  /** Token subject of the agency's own staff. */
  readonly confirmedBy: string;
  readonly confirmedAt: Instant;
}

/** States of a consent (domain.md §1.3). */
export const CONSENT_STATUSES = ['REQUESTED', 'GRANTED', 'REFUSED', 'WITHDRAWN', 'EXPIRED'] as const;
/** One of `CONSENT_STATUSES`. */
export type ConsentStatus = (typeof CONSENT_STATUSES)[number];

/** A consent as far as this node knows it. */
export interface ConsentRecord {
  readonly consentId: string;
  readonly status: ConsentStatus;
  /** Agency that recorded it; null while only its withdrawal was heard of. */
  readonly recordedAt: string | null;
  /** It was recorded by this agency, not heard of from another. */
  readonly isOwn: boolean;
  /** What the person was asked, while the answer is open. */
  readonly asked: ConsentScope | null;
  readonly facts: ConsentFacts | null;
  readonly grantedAt: Instant | null;
  readonly withdrawal: Withdrawal | null;
  /** By agency. */
  readonly acknowledgements: Readonly<Record<string, Acknowledgement>>;
  readonly confirmations: readonly ContactConfirmation[];
  /** Agencies that this one told of it alone; left out where there is none. */
  readonly toldTo?: readonly string[];
}

/** A consent that was given, with what became of it: what a sharing is judged on. */
export type KnownConsent = Pick<
  ConsentRecord,
  'consentId' | 'status' | 'recordedAt' | 'withdrawal' | 'confirmations'
> & {
  readonly facts: ConsentFacts;
  readonly grantedAt: Instant;
};

/** All consents of one case at one node, stream `consent-<caseId>`: a withdrawal of all of them is one event. */
export interface ConsentRegister {
  readonly consents: Readonly<Record<string, ConsentRecord>>;
  /** The latest withdrawal of everything: consents given before it are withdrawn, also those heard of later. */
  readonly withdrawnAll: (Withdrawal & { readonly acknowledgements: Readonly<Record<string, Acknowledgement>> }) | null;
  /** How often something was shared past a missing consent, and how often a contact with the origin was tried. */
  readonly overrides: number;
  readonly attempts: number;
}

/** Before the first event. */
export const NO_CONSENTS: ConsentRegister = { consents: {}, withdrawnAll: null, overrides: 0, attempts: 0 };

/** The record of a consent, undefined where nothing is known of it. */
export function consentOf({ consents }: ConsentRegister, consentId: string): ConsentRecord | undefined {
  return Object.hasOwn(consents, consentId) ? consents[consentId] : undefined;
}

/** Whether a consent names this recipient itself. */
export function namesRecipient({ recipients }: ConsentScope, agencyId: string): boolean {
  return recipients !== ANY_LISTED_FOR_SERVICE && recipients.includes(agencyId);
}

/** The status at an instant: time alone ends a consent, whether or not its end was recorded. */
export function consentStatusAt(
  { status, facts }: Pick<ConsentRecord, 'status' | 'facts'>,
  at: Instant,
): ConsentStatus {
  return status === 'GRANTED' && facts !== null && facts.expiresAt <= at ? 'EXPIRED' : status;
}

/** The consents that were given, for `judgeSharing`. */
export function knownConsents({ consents }: ConsentRegister): readonly KnownConsent[] {
  return Object.values(consents).flatMap((record) => {
    const { facts, grantedAt } = record;
    return facts === null || grantedAt === null ? [] : [{ ...record, facts, grantedAt }];
  });
}

function unknown(consentId: string): ConsentRecord {
  return {
    ...{ consentId, status: 'REQUESTED', recordedAt: null, isOwn: false, asked: null, facts: null, grantedAt: null },
    ...{ withdrawal: null, acknowledgements: {}, confirmations: [] },
  };
}

function withRecord(
  register: ConsentRegister,
  consentId: string,
  change: (record: ConsentRecord) => Partial<ConsentRecord>,
): ConsentRegister {
  const record = consentOf(register, consentId) ?? unknown(consentId);
  return { ...register, consents: { ...register.consents, [consentId]: { ...record, ...change(record) } } };
}

function withdrawalOfAll({ withdrawnAll }: ConsentRegister, grantedAt: Instant): Withdrawal | null {
  if (withdrawnAll === null || grantedAt > withdrawnAll.withdrawnAt) return null;
  const { acknowledgements: _, ...withdrawal } = withdrawnAll;
  return withdrawal;
}

/** A consent heard of after its withdrawal, or given before all were withdrawn, is known as withdrawn. */
function granted(
  register: ConsentRegister,
  { recordedAt, grantedAt, ...facts }: RecordedConsent,
  isOwn: boolean,
): ConsentRegister {
  return withRecord(register, facts.consentId, (record) => {
    const withdrawal = record.withdrawal ?? withdrawalOfAll(register, grantedAt);
    return { status: withdrawal === null ? 'GRANTED' : 'WITHDRAWN', recordedAt, isOwn, facts, grantedAt, withdrawal };
  });
}

/** Whether a withdrawal of everything is about this withdrawn consent too: then its answers are. */
export function isAmongAll(
  { grantedAt, withdrawal }: ConsentRecord,
  withdrawnAll: ConsentRegister['withdrawnAll'],
): withdrawnAll is NonNullable<ConsentRegister['withdrawnAll']> {
  return withdrawnAll !== null && withdrawal !== null && grantedAt !== null && grantedAt <= withdrawnAll.withdrawnAt;
}

/** What was answered to a withdrawal of everything stays with the consents it was about, when a later one takes its place. */
function withAnswersKept({ withdrawnAll, ...register }: ConsentRegister): ConsentRegister {
  const consents = Object.entries(register.consents).map(([id, record]): [string, ConsentRecord] => {
    if (!isAmongAll(record, withdrawnAll)) return [id, record];
    return [id, { ...record, acknowledgements: { ...withdrawnAll.acknowledgements, ...record.acknowledgements } }];
  });
  return { ...register, withdrawnAll, consents: Object.fromEntries(consents) };
}

function withdrawn(register: ConsentRegister, consentId: string | null, withdrawal: Withdrawal): ConsentRegister {
  if (consentId !== null) return withRecord(register, consentId, () => ({ status: 'WITHDRAWN', withdrawal }));
  const ended = Object.values(register.consents).filter(
    ({ grantedAt, withdrawal: earlier }) =>
      grantedAt !== null && grantedAt <= withdrawal.withdrawnAt && earlier === null,
  );
  const latest = register.withdrawnAll;
  const isLatest = latest === null || latest.withdrawnAt < withdrawal.withdrawnAt;
  const withdrawnAll = isLatest ? { ...withdrawal, acknowledgements: {} } : latest;
  return ended.reduce<ConsentRegister>((changed, { consentId: id }) => withdrawn(changed, id, withdrawal), {
    ...withAnswersKept(register),
    withdrawnAll,
  });
}

function acknowledged(
  register: ConsentRegister,
  consentId: string | null,
  agency: string,
  answer: Acknowledgement,
): ConsentRegister {
  const added = (before: Readonly<Record<string, Acknowledgement>>) => ({ ...before, [agency]: answer });
  if (consentId !== null)
    return withRecord(register, consentId, ({ acknowledgements }) => ({ acknowledgements: added(acknowledgements) }));
  const { withdrawnAll } = register;
  if (withdrawnAll === null) return register;
  return { ...register, withdrawnAll: { ...withdrawnAll, acknowledgements: added(withdrawnAll.acknowledgements) } };
}

/** Folds an event into the register. */
export function evolveConsents(register: ConsentRegister, event: ConsentEvent): ConsentRegister {
  switch (event.type) {
    case 'ConsentRequested':
      return withRecord(register, event.data.consentId, () => ({
        recordedAt: event.data.recordedAt,
        isOwn: true,
        asked: event.data.scope,
      }));
    case 'ConsentGranted':
    case 'ConsentNoted':
      return granted(register, event.data, event.type === 'ConsentGranted');
    case 'ConsentRefused':
      return withRecord(register, event.data.consentId, () => ({
        status: 'REFUSED',
        recordedAt: event.data.recordedAt,
        isOwn: true,
      }));
    case 'ConsentWithdrawn':
    case 'WithdrawalNoted': {
      const { consentId, caseId: _, ...withdrawal } = event.data;
      return withdrawn(register, consentId, withdrawal);
    }
    case 'ConsentTold': {
      const { consentId, to } = event.data;
      return withRecord(register, consentId, ({ toldTo = [] }) => ({ toldTo: [...toldTo, to] }));
    }
    case 'ConsentExpired':
      return withRecord(register, event.data.consentId, () => ({ status: 'EXPIRED' }));
    case 'WithdrawalAcknowledged':
    case 'WithdrawalAcknowledgementNoted': {
      const { consentId, caseId: _, agency, ...answer } = event.data;
      return acknowledged(register, consentId, agency, answer);
    }
    case 'ContactConfirmed': {
      const { consentId, ...confirmation } = event.data;
      return withRecord(register, consentId, ({ confirmations }) => ({
        confirmations: [...confirmations, confirmation],
      }));
    }
    case 'ContactAttempted':
      return { ...register, attempts: register.attempts + 1 };
    case 'SharingOverridden':
      return { ...register, overrides: register.overrides + 1 };
  }
}
