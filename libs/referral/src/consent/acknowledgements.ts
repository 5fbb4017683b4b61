import {
  type Acknowledgement,
  type ConsentRecord,
  consentOf,
  type ConsentRegister,
  isAmongAll,
  namesRecipient,
} from './consent.ts';

/** Agencies' answers to the withdrawal of a consent: to its own, and to that of everything that it was among. */
export function acknowledgementsOf(
  { withdrawnAll }: ConsentRegister,
  record: ConsentRecord,
): Readonly<Record<string, Acknowledgement>> {
  const { withdrawal, acknowledgements } = record;
  if (withdrawal === null) return {};
  return isAmongAll(record, withdrawnAll)
    ? { ...withdrawnAll.acknowledgements, ...acknowledgements }
    : acknowledgements;
}

/** The consent that is meant, or with null every one of the case. */
export function concernedBy(register: ConsentRegister, consentId: string | null): readonly ConsentRecord[] {
  const record = consentId === null ? undefined : consentOf(register, consentId);
  return consentId === null ? Object.values(register.consents) : record === undefined ? [] : [record];
}

/** Where the consent was recorded and where its withdrawal was lodged (`isCollectedAt`), but for the agency that answers. */
export function collectorsOf(
  register: ConsentRegister,
  { consentId, agency }: { readonly consentId: string | null; readonly agency: string },
): readonly string[] {
  const records = concernedBy(register, consentId);
  const collecting = [
    ...records.flatMap(({ recordedAt, withdrawal }) => [recordedAt, withdrawal?.lodgedAt]),
    ...(consentId === null ? [register.withdrawnAll?.lodgedAt] : []),
  ];
  return [...new Set(collecting)].filter((one) => one != null && one !== agency).sort() as string[];
}

/** Whether the answers to its withdrawal are collected at an agency: where it was recorded, and where that was lodged. */
export function isCollectedAt({ isOwn, withdrawal }: ConsentRecord, agencyId: string): boolean {
  return isOwn || withdrawal?.lodgedAt === agencyId;
}

/** Agencies that are known to have had to do with a consent: who recorded it, and whom it names. */
function partiesOf({ recordedAt, facts }: ConsentRecord): readonly string[] {
  const recipients = facts?.scope.recipients ?? [];
  const named = typeof recipients === 'string' ? [] : recipients;
  return [...new Set([...(recordedAt === null ? [] : [recordedAt]), ...named])].sort();
}

/**
 * The parties of a withdrawn consent that have not said what they hold; empty while it is not withdrawn, and at an agency that
 * does not collect the answers: it cannot know.
 */
export function awaitedOf(register: ConsentRegister, record: ConsentRecord, agencyId: string): readonly string[] {
  if (record.withdrawal === null || !isCollectedAt(record, agencyId)) return [];
  const answered = acknowledgementsOf(register, record);
  return partiesOf(record).filter((agency) => !Object.hasOwn(answered, agency));
}

/** Whether an agency recorded a consent or is named in it. */
export function isParty({ recordedAt, facts }: ConsentRecord, agencyId: string): boolean {
  return recordedAt === agencyId || (facts !== null && namesRecipient(facts.scope, agencyId));
}
