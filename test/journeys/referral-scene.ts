import { expect } from '@jest/globals';
import type { Agencies } from './agencies.ts';
import { type Auditor, effectsBeforeCauses } from './auditor.ts';
import type { JourneyClock } from './journey-clock.ts';

export const INTAKE = 'cr-border-intake';
export const REFUGEE_UNIT = 'cr-refugee-unit';
export const COMAR = 'mx-comar';
export const CONATT = 'cr-conatt';
export const DIRECTORY = 'regional-directory';

export const SENDER_ROLE = 'caseworker';
export const RECEIVER_ROLE = 'referral-officer';

const TASK_LISTS = ['due-today', 'overdue', 'awaiting-us', 'awaiting-them'] as const;

/** A referral under way, and who is at its two ends. */
export interface Referral {
  readonly id: string;
  readonly caseId: string;
  readonly sender: string;
  readonly receiver: string;
}

/** What a request asks for; the rest is the same in all scenarios. */
export interface Asked {
  readonly receiver: string;
  readonly service: string;
  readonly sender?: string;
  readonly urgency?: string;
  readonly transfer?: boolean;
  /** The recorded consent that it rests on; else words are stated. */
  readonly consentId?: string;
}

/** The steps that scenarios are made of: who does what, and that the other end hears it. */
export class ReferralScene {
  readonly agencies: Agencies;
  readonly auditor: Auditor;
  readonly clock: JourneyClock;

  constructor(agencies: Agencies, auditor: Auditor, clock: JourneyClock) {
    this.agencies = agencies;
    this.auditor = auditor;
    this.clock = clock;
  }

  /** A case of the intake agency. */
  async openCase(): Promise<string> {
    const contactedOn = this.clock.dateIn('CR');
    const contact = { place: 'PASO-CANOAS', channel: 'BORDER', contactedOn, entryMode: 'IRREGULAR' };
    return (await this.agencies.post(INTAKE, 'border-officer', '/v1/cases', contact)).id;
  }

  /** Sends a referral; resolves once its receiver has it. */
  async refer(caseId: string, asked: Asked): Promise<Referral> {
    const { sender = INTAKE, urgency = 'URGENT', ...rest } = asked;
    const allowing = rest.consentId === undefined ? { consent: statedOn(this.clock) } : {};
    const body = { caseId, urgency, reason: 'SPECIFIC_NEED', ...allowing, ...rest };
    const { id } = await this.agencies.post(sender, SENDER_ROLE, '/v1/referrals', body);
    const referral = { id, caseId, sender, receiver: asked.receiver };
    await this.isShown(referral, { state: 'REQUESTED' });
    return referral;
  }

  /** Sends what came back to the agency that its receiver named; resolves once that agency has it. */
  async reroute({ id, caseId, sender }: Referral, receiver: string): Promise<Referral> {
    const anew = await this.agencies.post(sender, SENDER_ROLE, `/v1/referrals/${id}/rerouting`);
    const referral = { id: anew.id, caseId, sender, receiver };
    await this.isShown(referral, { state: 'REQUESTED', receiver });
    return referral;
  }

  /** A step of the sender or of the receiver; resolves once both ends show what it led to. */
  async step(by: 'sender' | 'receiver', referral: Referral, name: string, state: string, body = {}): Promise<void> {
    const role = by === 'sender' ? SENDER_ROLE : RECEIVER_ROLE;
    await this.agencies.post(referral[by], role, `${pathOf(referral)}/${name}`, body);
    await this.isShown(referral, { state });
  }

  /** Steps of the receiver without anything to say. */
  async receiverDoes(referral: Referral, ...steps: (keyof typeof STATE_AFTER)[]): Promise<void> {
    for (const name of steps) await this.step('receiver', referral, name, STATE_AFTER[name]);
  }

  /** Resolves once both ends show this of the referral; an agency without a node shows nothing. */
  async isShown(referral: Referral, expected: object): Promise<void> {
    await this.isShownAt('sender', referral, expected);
    if (this.agencies.hasNode(referral.receiver)) await this.isShownAt('receiver', referral, expected);
  }

  /** Resolves once one end shows this of the referral. */
  async isShownAt(end: 'sender' | 'receiver', referral: Referral, expected: object): Promise<void> {
    const role = end === 'sender' ? SENDER_ROLE : RECEIVER_ROLE;
    await this.agencies.shown(referral[end], role, pathOf(referral), expected);
  }

  /** Ids of the case's referrals on a task list. */
  async onList(agency: string, role: string, list: (typeof TASK_LISTS)[number], caseId: string): Promise<string[]> {
    const path = `/v1/referrals?list=${list}&caseId=${caseId}`;
    const { items } = await this.agencies.get<{ items: { id: string }[] }>(agency, role, path);
    return items.map(({ id }) => id);
  }

  /**
   * How every scenario ends: the auditor sees the whole path in causal order, and nobody has to do anything any more.
   *
   * @param path types that the timeline shows of these referrals and their case, in this order
   */
  async hasEnded(referrals: readonly Referral[], path: readonly string[]): Promise<void> {
    const [{ caseId }] = referrals as [Referral];
    await this.agencies.heard(async () => expect(await this.pathOf(caseId, path)).toEqual(path));
    const ends = referrals.flatMap(({ sender, receiver }) => [
      [sender, SENDER_ROLE] as const,
      ...(this.agencies.hasNode(receiver) ? [[receiver, RECEIVER_ROLE] as const] : []),
    ]);
    for (const [agency, role] of ends) {
      for (const list of TASK_LISTS) {
        await this.agencies.heard(async () => {
          expect([agency, list, await this.onList(agency, role, list, caseId)]).toEqual([agency, list, []]);
        });
      }
    }
  }

  /** As much of `path` as the auditor's timeline shows of the case in this order, which is causal. */
  async pathOf(caseId: string, path: readonly string[]): Promise<string[]> {
    const entries = await this.auditor.timeline(caseId);
    expect(effectsBeforeCauses(entries)).toEqual([]);
    return subsequenceOf(
      path,
      entries.map(({ type }) => type),
    );
  }

  /** Types of the case's events on the auditor's timeline. */
  async typesOf(caseId: string): Promise<(string | null)[]> {
    return (await this.auditor.timeline(caseId)).map(({ type }) => type);
  }
}

/** The consent that a referral states in words, given today: of a case whose age nobody asked, so as of a child (INV-08). */
export function statedOn(clock: JourneyClock): object {
  const grantedOn = clock.dateIn('CR');
  return { basis: 'CONSENT', form: 'WRITTEN', givenBy: 'GUARDIAN', childAssent: 'YES', language: 'spa', grantedOn };
}

/** Where a referral is found, at both ends. */
export function pathOf({ id }: Referral): string {
  return `/v1/referrals/${id}`;
}

const STATE_AFTER = {
  acknowledgement: 'ACKNOWLEDGED',
  acceptance: 'ACCEPTED',
  start: 'IN_PROGRESS',
} as const;

/** As much of `wanted` as `found` has in this order. */
function subsequenceOf(wanted: readonly string[], found: readonly (string | null)[]): string[] {
  const met: string[] = [];
  for (const type of found) if (type !== null && type === wanted[met.length]) met.push(type);
  return met;
}
