import { expect } from '@jest/globals';
import { COUNSELLED_OPTIONS, RIGHTS_TOPICS, URGENT_NEEDS } from '@acogida/reference';
import { eventually } from '@acogida/testing';
import type { Agencies } from './agencies.ts';
import type { Auditor } from './auditor.ts';
import type { JourneyClock } from './journey-clock.ts';
import { INTAKE, REFUGEE_UNIT, type Referral, ReferralScene, SENDER_ROLE } from './referral-scene.ts';
import type { RunningPlatform } from './running-platform.ts';
import { type Identity, People } from './safeguards-people.ts';

export const RETURN_UNIT = 'cr-return-unit';

/** Longest wait for everybody to have heard what a departure depends on, in milliseconds. */
const HEARD_WITHIN_MS = 60_000;
/** Between the first two questions and, once it takes long, between two others, in milliseconds. */
const ASKED_EVERY_MS = { first: 500, last: 4_000 } as const;
/** Between two looks at a screen or a log, in milliseconds. */
const LOOKED_EVERY_MS = 100;
const COOLING_OFF_MS = 48 * 3_600_000;

/**
 * What the nodes of these journeys are started with: silence is noticed and answers are given up sooner than elsewhere. Leases end
 * sooner because an authority gives a gate twenty clearances of one case at a time, and whoever awaits an answer asks again and
 * again; they are longer than all that is done under one warrant takes on a slow machine.
 */
export const SOONER: NodeJS.ProcessEnv = {
  ...{ HEARTBEAT_INTERVAL_MS: '2000', CLEARANCE_DEADLINE_MS: '4000', CLEARANCE_LEASE_MS: '30000' },
  CLEARANCE_QUESTIONS_A_MINUTE: '6000',
};
/** After so long an agency that says nothing is stale: three heartbeats, in milliseconds. */
export const STALE_AFTER_MS = 6_000;

/** Somebody whose case the intake agency opened. */
export interface Person {
  readonly caseId: string;
  readonly identity: Identity;
}

/** Where a departure of somebody is asked for and confirmed. */
export interface Door {
  readonly caseId: string;
  readonly agency: string;
  readonly role: string;
  readonly path: string;
  readonly body: object;
}

/** One reason against a departure, as the gate shows it. */
export interface Obstacle {
  readonly refusal: string;
  /** Null: the gate's own. */
  readonly authority: string | null;
  readonly nextStep: string;
}

/** What a gate answers. */
export interface Departure {
  readonly id: string;
  readonly status: string;
  readonly obstacles: readonly Obstacle[];
  readonly validForMs: number;
}

/** What the screen of a person shows at an agency. */
export interface Protection {
  readonly status: string;
  readonly since: string | null;
  readonly holds: readonly {
    readonly holdId: string;
    readonly authority: string;
    readonly kind: string | null;
    readonly isProtected: boolean | null;
    readonly basis: string | null;
    readonly isOvertaken: boolean;
    readonly mustAct: readonly { readonly agency: string; readonly step: string }[];
  }[];
}

const ADULT = {
  ...{ sex: 'FEMALE', ageBand: { fromYears: 30, toYears: 40 }, dobPrecision: 'EXACT' },
  ...{ nationalities: ['NI'], nationalityStatus: 'DECLARED', languages: ['spa'] },
};
const TALK = { language: 'spa', interpretation: 'IN_PERSON', isDetained: false };
const OWN_WISH = { form: 'WRITTEN', givenBy: 'SELF', assent: 'NOT_APPLICABLE', hasIndependentWitness: false, ties: [] };

/** The steps that journeys of the safeguards are made of, over the public APIs of the nodes. */
export class SafeguardsScene {
  readonly platform: RunningPlatform;
  readonly agencies: Agencies;
  readonly clock: JourneyClock;
  readonly referrals: ReferralScene;
  readonly #people = new People();

  constructor(platform: RunningPlatform, agencies: Agencies, auditor: Auditor, clock: JourneyClock) {
    this.platform = platform;
    this.agencies = agencies;
    this.clock = clock;
    this.referrals = new ReferralScene(agencies, auditor, clock);
  }

  /** Another person than all before. */
  somebody(): Identity {
    return this.#people.next();
  }

  /** Registers an adult at the intake agency, who they are with it, and assesses what they need: nothing holds them (H-01 is lifted). */
  async register(identity: Identity = this.somebody()): Promise<Person> {
    const person = await this.registerUnassessed(identity);
    const needs = URGENT_NEEDS.map((need) => ({ need, answer: 'NO' }));
    await this.agencies.post(INTAKE, 'caseworker', `/v1/cases/${person.caseId}/urgent-needs`, { needs });
    return person;
  }

  /** The same without the assessment: H-01 stands. @param registration what is registered besides, or otherwise */
  async registerUnassessed(identity: Identity = this.somebody(), registration: object = {}): Promise<Person> {
    const caseId = await this.referrals.openCase();
    const step = (name: string, body: object): Promise<unknown> =>
      this.agencies.post(INTAKE, 'border-officer', `/v1/cases/${caseId}/${name}`, body);
    const rights = { language: 'spa', understood: true, interpretation: 'NONE_NEEDED', topics: RIGHTS_TOPICS };
    await step('rights-information', { ...rights, packageVersion: 'cr-spa-2026.1' });
    await step('registration', { ...ADULT, ...registration });
    await this.identify(INTAKE, caseId, identity);
    return { caseId, identity };
  }

  /** Takes down at an agency who the person of a case is; the agency has to hold something of the case. */
  async identify(agency: string, caseId: string, identity: Identity): Promise<void> {
    await this.agencies.put(agency, 'caseworker', `/v1/cases/${caseId}/identity`, { identity });
  }

  /** An adult's consent to be referred, recorded by the intake agency; opens all since the case was opened. */
  async consentToReferral(caseId: string, receiver: string, service: string): Promise<string> {
    const body = {
      ...{ caseId, purposes: ['REFERRAL'], fields: ['SEX', 'FACTS'], recipients: [receiver], services: [service] },
      ...{ history: 'FROM_OPENING', basis: 'CONSENT', form: 'WRITTEN', givenBy: 'SELF', childAssent: 'NOT_APPLICABLE' },
      ...{ language: 'spa', interpretation: 'NONE_NEEDED' },
      ...{ explained: true, understandingChecked: true, withoutPenalty: true },
    };
    return (await this.agencies.post(INTAKE, SENDER_ROLE, '/v1/consents', body)).id;
  }

  /** Refers the person under their consent; resolves once the receiver has accepted and the intake agency knows. */
  async referAndAccept(caseId: string, receiver: string, service = 'ASYLUM'): Promise<Referral> {
    const consentId = await this.consentToReferral(caseId, receiver, service);
    const referral = await this.referrals.refer(caseId, { receiver, service, consentId });
    await this.referrals.receiverDoes(referral, 'acknowledgement', 'acceptance');
    return referral;
  }

  /** Lodges an asylum application, which places H-03 at its authority; after a referral, or by who came there. @returns its id */
  async lodgeAsylum(caseId: string, agency = REFUGEE_UNIT, referralId: string | null = null): Promise<string> {
    const today = this.clock.dateIn('CR'); // the same day in Mexico
    const lodged = { caseId, referralId, form: 'ORAL', lodgedBy: 'SELF', lodgedOn: today, enteredOn: today };
    return (await this.agencies.post(agency, 'eligibility-officer', '/v1/applications', lodged)).id;
  }

  /** Applies for return at the return unit, and takes down who it is: H-17 stands. @returns id of the return case */
  async applyForReturn({ caseId, identity }: Person, more: object = {}): Promise<string> {
    const body = { caseId, destination: 'NI', ageStatus: 'ADULT', ...more };
    const { id } = await this.agencies.post(RETURN_UNIT, 'caseworker', '/v1/return-cases', body);
    await this.identify(RETURN_UNIT, caseId, identity);
    return id;
  }

  /** Counsels the person, who consents to return: the cooling-off runs. */
  async consentToReturn(returnCaseId: string): Promise<void> {
    const counselled = { ...TALK, heldAt: this.clock.now(), options: COUNSELLED_OPTIONS };
    await this.returnStep(returnCaseId, 'counselling', counselled);
    await this.returnStep(returnCaseId, 'consent', { ...TALK, ...OWN_WISH, signedAt: this.clock.now() });
  }

  /** Puts the time of all nodes beyond every cooling-off that runs. Until each has said something again, all are stale. */
  async coolOff(): Promise<void> {
    await this.clock.advance(COOLING_OFF_MS + 1_000);
  }

  /** The person wants it still, and the return is approved: H-17 is lifted. */
  async approveReturn(returnCaseId: string): Promise<void> {
    await this.returnStep(returnCaseId, 'voluntariness');
    await this.returnStep(returnCaseId, 'approval', {}, 'supervisor');
  }

  /** A step of a return case. */
  async returnStep(returnCaseId: string, name: string, body: object = {}, role = 'caseworker'): Promise<void> {
    await this.agencies.post(RETURN_UNIT, role, `/v1/return-cases/${returnCaseId}/${name}`, body);
  }

  /** Places a hold of the agency's own. @returns its id */
  async placeHold(agency: string, role: string, caseId: string, kind: string): Promise<string> {
    return (await this.agencies.post(agency, role, `/v1/cases/${caseId}/holds`, { kind })).id;
  }

  /** Lifts a hold that two officers lift. */
  async liftByTwo(agency: string, caseId: string, holdId: string, reason: string): Promise<void> {
    const path = `/v1/cases/${caseId}/holds/${holdId}/lifting`;
    await this.agencies.post(agency, 'caseworker', `${path}/proposal`, { reason });
    await this.agencies.post(agency, 'supervisor', `${path}/confirmation`, { reason });
  }

  /** Who must not leave by expulsion: at the intake agency. */
  expulsionOf({ caseId }: Pick<Person, 'caseId'>): Door {
    const body = { removal: 'EXPULSION' };
    return { caseId, agency: INTAKE, role: 'border-officer', path: `/v1/cases/${caseId}/departures`, body };
  }

  /** The departure of who returns: at the return unit. */
  returnOf({ caseId }: Pick<Person, 'caseId'>, returnCaseId: string): Door {
    const path = `/v1/return-cases/${returnCaseId}/departures`;
    return { caseId, agency: RETURN_UNIT, role: 'caseworker', path, body: {} };
  }

  /** Asks once whether the person may leave. */
  ask({ agency, role, path, body }: Door): Promise<Departure> {
    return this.agencies.post<Departure>(agency, role, path, body);
  }

  /** Asks until there is a warrant: what happened elsewhere takes a moment to be heard. @returns id of the departure */
  async isWarranted(door: Door): Promise<string> {
    const { id } = await this.#askedUntil(door, (asked) => {
      expect([asked.obstacles, asked.status]).toEqual([[], 'WARRANTED']);
    });
    return id;
  }

  /** Asks until exactly this stands against the departure, in any order; and nobody leaves by it. */
  async isRefused(door: Door, obstacles: readonly Obstacle[]): Promise<void> {
    const { id } = await this.#askedUntil(door, (asked) => {
      expect(inOrder(asked.obstacles)).toEqual(inOrder(obstacles));
      expect([asked.status, asked.validForMs]).toEqual(['REFUSED', 0]);
    });
    await this.isShut(door, id);
  }

  /** Asks until an authority is not reached, and nothing else stands against the departure; it may have been silent for long by then. */
  async isUnreached(door: Door, authority: string): Promise<void> {
    const { id } = await this.#askedUntil(door, ({ obstacles }) => {
      const ofOthers = obstacles.filter((one) => one.authority !== authority);
      const unreached = { refusal: 'UNREACHABLE', authority, nextStep: 'REACH_FOCAL_POINT' };
      expect([ofOthers, obstacles]).toEqual([[], expect.arrayContaining([unreached])]);
    });
    await this.isShut(door, id);
  }

  /** The person leaves. */
  async leaves({ agency, role, path }: Door, departureId: string): Promise<void> {
    await this.agencies.post(agency, role, `${path}/${departureId}/confirmation`);
  }

  /** The door stays shut. */
  async isShut({ agency, role, path }: Door, departureId: string, code = 'GATE.NO_WARRANT'): Promise<void> {
    const refused = await this.agencies.refusal(agency, role, `${path}/${departureId}/confirmation`);
    expect(refused).toEqual({ status: 409, code });
  }

  /** Resolves once the gate's own screen of the person's departures matches. */
  async isOnGateScreen(door: Door, expected: object): Promise<void> {
    await seen(async () => expect(await this.gateScreen(door)).toMatchObject(expected));
  }

  /** The gate's own screen of the person's departures. */
  gateScreen<T = Record<string, unknown>>({ agency, caseId }: Door): Promise<T> {
    return this.agencies.get<T>(agency, 'supervisor', `/v1/cases/${caseId}/departures`);
  }

  /** The person's screen at an agency, as those see it who are shown which holds there are. */
  protection(agency: string, caseId: string): Promise<Protection> {
    return this.agencies.get<Protection>(agency, 'supervisor', `/v1/cases/${caseId}/protection`);
  }

  /** Resolves once an agency's log has the alarm. */
  async hasRaised(agency: string, kind: string): Promise<void> {
    await seen(async () => expect(await this.platform.logOf(agency)).toContain(`"kind":"${kind}"`));
  }

  /** Resolves once the person's screen matches. */
  async isProtected(agency: string, caseId: string, expected: object): Promise<void> {
    await seen(async () => expect(await this.protection(agency, caseId)).toMatchObject(expected));
  }

  /** Asks until the answer is as expected, less and less often. */
  #askedUntil(door: Door, isExpected: (asked: Departure) => void): Promise<Departure> {
    const askOnce = async (): Promise<Departure> => {
      const asked = await this.ask(door);
      isExpected(asked);
      return asked;
    };
    return eventually(askOnce, HEARD_WITHIN_MS, ASKED_EVERY_MS.first, ASKED_EVERY_MS.last);
  }
}

function seen(look: () => Promise<void>): Promise<void> {
  return eventually(look, HEARD_WITHIN_MS, LOOKED_EVERY_MS);
}

function inOrder(obstacles: readonly Obstacle[]): readonly Obstacle[] {
  const text = ({ authority, refusal }: Obstacle): string => `${authority ?? ''} ${refusal}`;
  return [...obstacles].sort((one, other) => (text(one) < text(other) ? -1 : 1));
}
