import { type MemoryLogStore, parseEnvelope } from '@acogida/event-log';
import { calendarDateIn, RIGHTS_TOPICS, URGENT_NEEDS } from '@acogida/reference';
import type { Role } from '@acogida/service-kit';
import { eventually } from '@acogida/testing';
import { AgencyNetwork, COMAR, CONATT, INTAKE, OMBUDSMAN, REFUGEE_UNIT } from '../network/agency-network.ts';

export { INTAKE };

const AGENCIES = [OMBUDSMAN, INTAKE, REFUGEE_UNIT, COMAR, CONATT] as const;
const RECEIVERS = [
  { agencyId: REFUGEE_UNIT, service: 'ASYLUM' },
  { agencyId: COMAR, service: 'ASYLUM' },
  { agencyId: CONATT, service: 'TRAFFICKING_SCREENING' },
] as const;
const HEARD_WITHIN_MS = 60_000;
const TODAY = calendarDateIn('CR', new Date().toISOString()); // the same day in Mexico
const CONSENT = {
  ...{ basis: 'CONSENT', form: 'WRITTEN', givenBy: 'GUARDIAN', childAssent: 'YES', language: 'spa', grantedOn: TODAY },
};

/** What an event is about; only who can open it knows. */
export interface Truth {
  readonly type: string;
  /** The type with the version of its schema. */
  readonly schema: string;
  /** Which kind of stream it stands in. */
  readonly procedure: string;
  /** The only agency that can open it, for what goes to one alone. */
  readonly receiver: string | null;
  readonly caseId: string | null;
  /** Agencies that open it under a key of the circle: its own, members and auditors. */
  readonly circle: readonly string[];
  /** Who left the circle, where it says that somebody did. */
  readonly removed: string | null;
}

/** What stands inside a seal, as far as it is looked at here. */
interface Opened {
  readonly type: string;
  readonly schemaVersion: number;
  readonly stream: string;
  readonly caseId: string | null;
  readonly data: { readonly agency?: string };
}

/** Somebody who was accepted, and where. */
interface Person {
  readonly receiver: string;
  readonly caseId: string;
  readonly referralId: string;
}

/** Says no or yes, as often as it is told to, the same in every run. */
export class Lot {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** 0 to before `count`. */
  draw(count: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * count);
  }

  /** True in so many of a hundred. */
  isBelow(percent: number): boolean {
    return this.draw(100) < percent;
  }
}

/** Five agencies under case keys on one log in memory, and people who are passed between them. */
export class BusyNetwork {
  readonly #agencies: AgencyNetwork;

  private constructor(agencies: AgencyNetwork) {
    this.#agencies = agencies;
  }

  static async start(): Promise<BusyNetwork> {
    return new BusyNetwork(await AgencyNetwork.of({ keysMode: 'cases' }, ...AGENCIES));
  }

  stop(): Promise<void> {
    return this.#agencies.stop();
  }

  /** All that was published. */
  get log(): MemoryLogStore {
    return this.#agencies.store;
  }

  /** Plays so many people, some at the same time, each their own way. */
  async receive(count: number, atOnce: number): Promise<void> {
    const people = Array.from({ length: count }, (_, index) => index).values();
    const worker = async (): Promise<void> => {
      for (const person of people) await this.#play(new Lot(person));
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
  }

  /** What every event is, opened by whichever agency can; those that are published and nobody opens are left out. */
  async truth(): Promise<ReadonlyMap<string, Truth>> {
    const found = new Map<string, Truth>();
    const events = [...this.log.topics.values()].flat().flatMap(({ value, headers }) => {
      if (headers['head'] !== undefined) return [];
      const { id, source, class: clearClass, subject, keyId, data } = parseEnvelope(value);
      return keyId === null ? [] : [{ header: { id, source, class: clearClass, subject, keyId }, data }];
    });
    for (const agencyId of AGENCIES) {
      const { sealing } = this.#agencies.at(agencyId).node.runtime;
      await sealing.prepare(events.map(({ header }) => header));
      for (const { header, data } of events) {
        const reading = sealing.read(header, data);
        if (reading.kind !== 'opened') continue;
        const { type, schemaVersion, stream, caseId, data: told } = JSON.parse(reading.text) as Opened;
        const isForCircle = reading.via.under === 'group';
        found.set(header.id, {
          ...{ type, caseId, schema: `${type} ${schemaVersion}`, procedure: stream.replace(/-[0-9a-f]{8}-.*$/, '') },
          receiver: isForCircle ? null : agencyId,
          circle: isForCircle ? [...(found.get(header.id)?.circle ?? []), agencyId] : [],
          removed: type === 'MemberRemoved' ? (told.agency ?? null) : null,
        });
      }
    }
    return found;
  }

  async #play(lot: Lot): Promise<void> {
    const contact = { place: 'PASO-CANOAS', channel: 'BORDER', contactedOn: TODAY, entryMode: 'IRREGULAR' };
    const { id: caseId } = await this.#post(INTAKE, 'border-officer', '/v1/cases', contact);
    await this.#register(lot, caseId);
    const { agencyId: receiver, service } = RECEIVERS[lot.draw(RECEIVERS.length)] ?? RECEIVERS[0];
    const allowing = lot.isBelow(50) ? { consent: CONSENT } : await this.#consent(caseId, receiver, service);
    const referral = { caseId, receiver, service, urgency: 'ROUTINE', reason: 'SPECIFIC_NEED', ...allowing };
    const { id } = await this.#post(INTAKE, 'caseworker', '/v1/referrals', referral);
    const path = `/v1/referrals/${id}`;
    if (lot.isBelow(15)) {
      await this.#post(INTAKE, 'caseworker', `${path}/cancellation`, { reason: 'NO_LONGER_NEEDED' });
      return;
    }
    await this.#shown(receiver, 'referral-officer', path, 'REQUESTED');
    await this.#post(receiver, 'referral-officer', `${path}/acknowledgement`);
    if (lot.isBelow(30)) {
      await this.#post(receiver, 'referral-officer', `${path}/rejection`, { reason: 'NO_CAPACITY' });
      return;
    }
    await this.#post(receiver, 'referral-officer', `${path}/acceptance`);
    const person = { receiver, caseId, referralId: id };
    if ('consentId' in allowing && lot.isBelow(30)) await this.#withdraw(allowing.consentId, person);
    else await this.#serve(lot, person);
  }

  /** What intake writes down of the person, more or less of it. */
  async #register(lot: Lot, caseId: string): Promise<void> {
    const path = `/v1/cases/${caseId}`;
    if (lot.isBelow(80)) {
      await this.#post(INTAKE, 'border-officer', `${path}/rights-information`, {
        ...{ language: 'spa', understood: true, interpretation: 'NONE_NEEDED', topics: RIGHTS_TOPICS },
        packageVersion: 'cr-spa-2026.1',
      });
      await this.#post(INTAKE, 'border-officer', `${path}/registration`, {
        ...{
          sex: lot.isBelow(50) ? 'FEMALE' : 'MALE',
          ageBand: null,
          dobPrecision: 'UNKNOWN',
          careStatus: 'ACCOMPANIED',
        },
        ...{ nationalities: ['NI'], nationalityStatus: 'DECLARED', languages: ['spa'] },
      });
    }
    if (lot.isBelow(60)) {
      const needs = URGENT_NEEDS.map((need) => ({ need, answer: lot.isBelow(20) ? 'YES' : 'NO' }));
      await this.#post(INTAKE, 'caseworker', `${path}/urgent-needs`, { needs });
    }
  }

  /** A recorded consent, which the referral then names. */
  async #consent(caseId: string, receiver: string, service: string): Promise<{ readonly consentId: string }> {
    const { id: consentId } = await this.#post(INTAKE, 'caseworker', '/v1/consents', {
      ...{ caseId, purposes: ['REFERRAL'], fields: ['SEX', 'FACTS'], recipients: [receiver], services: [service] },
      ...{ history: 'CURRENT', basis: 'CONSENT', form: 'WRITTEN', givenBy: 'GUARDIAN', childAssent: 'YES' },
      ...{ language: 'spa', interpretation: 'NONE_NEEDED' },
      ...{ explained: true, understandingChecked: true, withoutPenalty: true },
    });
    return { consentId };
  }

  /** The consent is withdrawn once both agencies know of the acceptance; the sender goes on alone. */
  async #withdraw(consentId: string, { receiver, caseId, referralId }: Person): Promise<void> {
    await this.#shown(INTAKE, 'caseworker', `/v1/referrals/${referralId}`, 'ACCEPTED');
    await this.#post(INTAKE, 'caseworker', `/v1/consents/${consentId}/withdrawal`, { reason: 'SAFETY_CONCERN' });
    await this.#consent(caseId, receiver, 'SHELTER');
  }

  async #screen(agencyId: string, opened: { readonly caseId: string; readonly referralId: string }): Promise<void> {
    const { id } = await this.#post(agencyId, 'screening-officer', '/v1/screenings', opened);
    const step = (name: string, body: object): Promise<unknown> =>
      this.#post(agencyId, 'screening-officer', `/v1/screenings/${id}/${name}`, body);
    await step('safety', { setting: 'PRIVATE', urgentNeeds: 'MET' });
    const said = { language: 'spa', interpretation: 'NONE_NEEDED' };
    await step('consent', { decision: 'GIVEN', form: 'WRITTEN', givenBy: 'GUARDIAN', childAssent: 'YES', ...said });
    const indicator = { list: 'ILO_EC_ADULT_LABOUR', dimension: 'CD', observed: 'YES' };
    await step('interview', {
      ...{
        ageStatus: 'ADULT',
        acts: ['RECRUITMENT'],
        means: ['THREAT'],
        purposes: ['FORCED_LABOUR'],
        isInternal: false,
      },
      indicators: ['DOCUMENTS_TAKEN', 'CONFINEMENT_OR_SURVEILLANCE'].map((code) => ({ ...indicator, code })),
      ...{ sector: 'A', ...said },
    });
  }

  /** Service, and in half of all cases its end: then both agencies go on alone. */
  async #serve(lot: Lot, person: Person): Promise<void> {
    const { receiver, caseId, referralId } = person;
    let applicationId: string | undefined;
    if (receiver === CONATT) {
      await this.#screen(receiver, { caseId, referralId });
    } else {
      const lodged = { caseId, referralId, form: 'ORAL', lodgedBy: 'SELF', lodgedOn: TODAY, enteredOn: TODAY };
      applicationId = (await this.#post(receiver, 'eligibility-officer', '/v1/applications', lodged)).id;
    }
    if (lot.isBelow(50)) return;
    const path = `/v1/referrals/${referralId}`;
    await this.#post(receiver, 'referral-officer', `${path}/completion`, { result: 'SERVICE_PROVIDED' });
    await this.#shown(INTAKE, 'caseworker', path, 'COMPLETED');
    await this.#post(INTAKE, 'caseworker', `${path}/loop-closure`, { outcome: 'NEED_MET' });
    await this.#consent(caseId, receiver, 'SHELTER');
    if (applicationId === undefined) return;
    const registered = { registeredOn: TODAY, fileNumber: `F-${referralId.slice(0, 8)}` };
    await this.#post(receiver, 'eligibility-officer', `/v1/applications/${applicationId}/registration`, registered);
  }

  async #post(agencyId: string, role: Role, path: string, body: object = {}): Promise<{ readonly id: string }> {
    const reply = await this.#agencies.at(agencyId).post(path, body, { roles: [role] });
    if (reply.status >= 400) throw new Error(`${path}: ${reply.status} ${reply.text}`);
    return reply.body as { id: string };
  }

  async #shown(agencyId: string, role: Role, path: string, state: string): Promise<void> {
    await eventually(async () => {
      const reply = await this.#agencies.at(agencyId).get(path, { roles: [role] });
      if ((reply.body as { state?: string } | undefined)?.state !== state) throw new Error(`${path} is not ${state}`);
    }, HEARD_WITHIN_MS);
  }
}
