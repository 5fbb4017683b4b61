import { expect } from '@jest/globals';
import { eventually } from '@acogida/testing';
import { type Aviary, CANARY_BIRTHDAY } from './identity-canaries.ts';

/** The public APIs of the agencies, whichever way they are reached. */
export interface Desks {
  post<T = { readonly id: string }>(agency: string, role: string, path: string, body?: object): Promise<T>;
  put<T>(agency: string, role: string, path: string, body: object): Promise<T>;
  get<T>(agency: string, role: string, path: string): Promise<T>;
}

/** What becomes of the referral of a made-up person. */
const FATES = ['OFFERED', 'REJECTED', 'WITHDRAWN'] as const;
/** One of `FATES`. */
export type Fate = (typeof FATES)[number];

interface Planted {
  readonly fate: Fate;
  readonly caseId: string;
  readonly consentId: string;
  readonly referralId: string;
  readonly names: string;
}

/** Between whom people are referred, and on which day. */
export interface Planting {
  readonly desks: Desks;
  readonly sender: string;
  readonly receiver: string;
  /** ISO date. */
  readonly today: string;
}

const FIELDS = ['NAME', 'DATE_OF_BIRTH', 'DOCUMENTS', 'CONTACT', 'FAMILY', 'NOTES', 'SEX', 'FACTS'];
const TASKS_AT_ONCE = 6;
const HEARD_WITHIN_MS = 60_000;
/** Between two looks, in milliseconds: hundreds of people wait at the same time. */
const LOOK_INTERVAL_MS = 150;

/**
 * Made-up people with an identity in every field of the vault, each referred to another agency under a consent that names all of
 * it: a third stays offered, a third is rejected, and for a third the consent is withdrawn in mid-service.
 */
export class PlantedPeople {
  readonly #at: Planting;
  readonly #people: readonly Planted[];

  private constructor(at: Planting, people: readonly Planted[]) {
    this.#at = at;
    this.#people = people;
  }

  /** Records them and sends their referrals; resolves once the receiver has all. */
  static async plant(at: Planting, aviary: Aviary, count: number): Promise<PlantedPeople> {
    const people: Planted[] = [];
    const numbers = Array.from({ length: count }, (_, index) => index);
    await eachOf(numbers, async (index) => {
      people.push(await plantOne(at, aviary, FATES[index % FATES.length] ?? 'OFFERED'));
    });
    const planted = new PlantedPeople(at, people);
    await planted.#heard('receiver', people, { state: 'REQUESTED' });
    return planted;
  }

  get count(): number {
    return this.#people.length;
  }

  /** The case of one of them. */
  caseIdOf(fate: Fate): string {
    return this.#of(fate)[0]?.caseId ?? '';
  }

  /** The receiver rejects those that are to be rejected, once it acknowledged them. */
  async reject(): Promise<void> {
    const rejected = this.#of('REJECTED');
    await eachOf(rejected, async ({ referralId }) => {
      await this.#step(referralId, 'acknowledgement');
      await this.#step(referralId, 'rejection', { reason: 'OUT_OF_MANDATE' });
    });
    await this.#heard('sender', rejected, { state: 'REJECTED' });
  }

  /** Service begins, then the consent is withdrawn: at the one agency or at the other. Resolves once both have let go. */
  async withdraw(): Promise<void> {
    const { desks, sender, receiver } = this.#at;
    const withdrawn = this.#of('WITHDRAWN');
    await eachOf(withdrawn, async ({ referralId }) => {
      for (const step of ['acknowledgement', 'acceptance', 'start']) await this.#step(referralId, step);
    });
    await this.#heard('sender', withdrawn, { state: 'IN_PROGRESS' });
    const lodged = withdrawn.map((person, index) => ({ ...person, at: index % 2 === 0 ? sender : receiver }));
    await eachOf(lodged, async ({ at, consentId }) => {
      await desks.post(at, 'caseworker', `/v1/consents/${consentId}/withdrawal`, { reason: 'SAFETY_CONCERN' });
    });
    const ended = { requestStatus: 'CANCELLED', fulfilmentStatus: 'FAILED' };
    for (const end of ['sender', 'receiver'] as const) await this.#heard(end, withdrawn, ended);
  }

  /** Expects that each identity was kept at the sender, and is gone where its consent was withdrawn. */
  async expectKept(): Promise<void> {
    const { desks, sender } = this.#at;
    await eachOf(this.#people, async ({ caseId, fate, names }) => {
      const path = `/v1/cases/${caseId}/identity?purpose=ASSISTANCE`;
      const { identity } = await desks.get<{ identity: object }>(sender, 'caseworker', path);
      expect([fate, identity]).toEqual([fate, fate === 'WITHDRAWN' ? {} : expect.objectContaining({ names })]);
    });
  }

  /** What the receiver is shown of those whose referrals came this far, in its own words and, while it may be, as FHIR. */
  async shownToReceiver(fate: Fate): Promise<string> {
    const { desks, receiver } = this.#at;
    const shown: unknown[] = [];
    await eachOf(this.#of(fate), async ({ referralId }) => {
      const path = `/v1/referrals/${referralId}`;
      shown.push(await desks.get(receiver, 'referral-officer', path));
      if (fate === 'OFFERED') shown.push(await desks.get(receiver, 'referral-officer', `${path}/fhir`));
    });
    return JSON.stringify(shown);
  }

  #of(fate: Fate): readonly Planted[] {
    return this.#people.filter((person) => person.fate === fate);
  }

  async #step(referralId: string, name: string, body = {}): Promise<void> {
    const { desks, receiver } = this.#at;
    await desks.post(receiver, 'referral-officer', `/v1/referrals/${referralId}/${name}`, body);
  }

  async #heard(at: 'sender' | 'receiver', people: readonly Planted[], expected: object): Promise<void> {
    const { desks } = this.#at;
    const role = at === 'sender' ? 'caseworker' : 'referral-officer';
    await eachOf(people, async ({ referralId }) => {
      const path = `/v1/referrals/${referralId}`;
      await eventually(
        async () => expect(await desks.get(this.#at[at], role, path)).toMatchObject(expected),
        HEARD_WITHIN_MS,
        LOOK_INTERVAL_MS,
      );
    });
  }
}

async function plantOne({ desks, sender, receiver, today }: Planting, aviary: Aviary, fate: Fate): Promise<Planted> {
  const contact = { place: 'PASO-CANOAS', channel: 'BORDER', contactedOn: today, entryMode: 'IRREGULAR' };
  const { id: caseId } = await desks.post(sender, 'border-officer', '/v1/cases', contact);
  const { id: consentId } = await desks.post(sender, 'caseworker', '/v1/consents', {
    ...{ caseId, purposes: ['REFERRAL'], fields: FIELDS, recipients: [receiver], services: ['ASYLUM'] },
    ...{ history: 'CURRENT', basis: 'CONSENT', form: 'WRITTEN', givenBy: 'GUARDIAN', childAssent: 'YES' },
    ...{ language: 'spa', interpretation: 'NONE_NEEDED' },
    ...{ explained: true, understandingChecked: true, withoutPenalty: true },
  });
  const names = aviary.privateTo(sender, `names, ${fate}`);
  const identity = identityOf(names, (field) => aviary.privateTo(sender, `${field}, ${fate}`));
  await desks.put(sender, 'caseworker', `/v1/cases/${caseId}/identity`, { identity, consentId });
  const { id: referralId } = await desks.post(sender, 'caseworker', '/v1/referrals', {
    ...{ caseId, consentId, receiver, service: 'ASYLUM', urgency: 'ROUTINE', reason: 'SPECIFIC_NEED' },
  });
  return { fate, caseId, consentId, referralId, names };
}

/** An identity with something in every field. */
function identityOf(names: string, canary: (field: string) => string): object {
  return {
    names,
    alias: canary('alias'),
    dateOfBirth: { date: CANARY_BIRTHDAY, precision: 'EXACT' },
    documents: [
      { type: canary('kind of document'), issuer: canary('issuer'), number: canary('number'), state: 'HELD' },
    ],
    contact: `${canary('contact')}@example.org`,
    address: `Calle ${canary('address')} 7`,
    family: `travels with ${canary('family')}`,
    notes: `tells of ${canary('notes')}`,
  };
}

/** Some of them at the same time. */
async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values();
  const worker = async (): Promise<void> => {
    for (const item of waiting) await work(item);
  };
  await Promise.all(Array.from({ length: TASKS_AT_ONCE }, worker));
}
