import type { KeysGrantedV1Data } from '@acogida/contracts';
import {
  CaseSealing,
  type GroupAudience,
  KeyRing,
  makeCaseKeySet,
  type SealHeader,
  systemRandomness,
} from '@acogida/sealing';
import { namesOfSet } from '../hand-over.ts';
import type { CaseKeysCommand } from '../case-keys-commands.ts';
import type { CaseKeysEvent } from '../case-keys-events.ts';
import { type CaseKeysState, openEpochOf } from '../case-keys.ts';
import { caseKeysDecider } from '../procedures.ts';
import { publishCaseKeys } from '../publish.ts';
import { readGrant } from '../read-grant.ts';
import { membersOwedKeys, rotationDue } from '../rotation.ts';
import { AT, CASE, GRANT, LATER, OWN } from './case-keys-examples.ts';

/** An event on the log of a spec, and the version of the case's keys that it was appended at. */
export interface Appended {
  readonly header: SealHeader;
  readonly data: string;
  readonly audience: GroupAudience;
  readonly version: number;
}

/** An agency that reads: a ring with whatever it was granted. */
export class SpecReader {
  readonly agency: string;
  readonly ring: KeyRing;
  readonly #sealing: CaseSealing;

  constructor(agency: string) {
    this.agency = agency;
    this.ring = new KeyRing({ network: 'ab'.repeat(32), agency });
    this.#sealing = new CaseSealing({ agency, ring: this.ring, randomness: systemRandomness });
  }

  /** Takes a grant in. @throws DomainError as `readGrant` */
  take(data: KeysGrantedV1Data, grantedBy = OWN): void {
    const receipt = { grantedBy, receiver: this.agency, caseId: CASE, receivedAt: LATER };
    for (const { kind: _, grantedBy: __, receivedAt: ___, ...key } of readGrant(data, receipt)) {
      this.ring.hold(key);
    }
  }

  opens({ header, data }: Pick<Appended, 'header' | 'data'>): boolean {
    return this.#sealing.read(header, data).kind === 'opened';
  }
}

/**
 * The keys of one case at the agency that seals, with real keys: commands are decided, epochs open in the ring, grants reach the
 * readers, and appends are prepared on one version of the keys and only stand if that has not moved.
 */
export class SpecHolder {
  state: CaseKeysState = caseKeysDecider.initialState;
  readonly history: CaseKeysEvent[] = [];
  readonly log: Appended[] = [];
  readonly agency: string;
  readonly #ring: KeyRing;
  readonly #sealing: CaseSealing;
  readonly #readers: ReadonlyMap<string, SpecReader>;

  constructor(readers: readonly SpecReader[], agency = OWN) {
    this.agency = agency;
    this.#readers = new Map(readers.map((reader) => [reader.agency, reader]));
    this.#ring = new KeyRing({ network: 'ab'.repeat(32), agency });
    this.#sealing = new CaseSealing({ agency, ring: this.#ring, randomness: systemRandomness });
    const set = makeCaseKeySet(CASE, 1, systemRandomness);
    this.run({
      ...{ type: 'OpenCase', caseId: CASE, by: agency, names: namesOfSet(set), incarnation: 1, auditors: [] },
      ...{ unready: [], now: AT },
    });
    this.#ring.open(set);
  }

  /** Version of the stream of the keys. */
  get version(): number {
    return this.history.length;
  }

  run(command: CaseKeysCommand): readonly CaseKeysEvent[] {
    const events = caseKeysDecider.decide(command, this.state);
    for (const event of events) this.state = caseKeysDecider.evolve(this.state, event);
    this.history.push(...events);
    return events;
  }

  /** Begins an epoch if one is due, or anyhow. */
  begin(because: 'DUE' | 'ORDERED' = 'DUE'): void {
    const next = (openEpochOf(this.state)?.epoch ?? 0) + 1;
    const set = makeCaseKeySet(CASE, next, systemRandomness);
    const names = namesOfSet(set);
    const begun = this.run({
      type: 'BeginEpoch',
      caseId: CASE,
      names,
      incarnation: 1,
      because,
      unready: [],
      now: LATER,
    });
    if (begun.length > 0) this.#ring.open(set);
  }

  /** Puts the secrets into a grant. */
  handOver(keyId: string): string {
    const key = this.#ring.keyOf(keyId, this.agency)?.key.handOver();
    if (key === undefined) throw new RangeError('no such key');
    return key;
  }

  /** Gives every member what it is owed. */
  grantAll(): void {
    if (this.state.owed !== null) return;
    for (const to of membersOwedKeys(this.state)) {
      const command = { caseId: CASE, by: this.agency, grantId: GRANT, to, handedOn: [], chains: [], now: LATER };
      for (const event of this.run({ type: 'GrantKeys', ...command })) {
        const published = publishCaseKeys(event, (_, keyId) => this.handOver(keyId));
        if (published?.type === 'KeysGranted') this.#readers.get(to)?.take(published.data, this.agency);
      }
    }
  }

  /** Seals an event on the keys as they stand, and begins the epoch that is due first: what an append prepares. */
  prepare(audience: GroupAudience): Appended {
    if (rotationDue(this.state, { incarnation: 1, now: LATER }) !== null) this.begin();
    const id = '7c0f2a5e-4f35-4f0e-9a52-0d2a1d3a6c11';
    const event = { id, source: this.agency, class: 'case', caseId: CASE, audience, text: '{}' };
    const { subject, keyId, data } = this.#sealing.seal(event);
    const header = { id, source: this.agency, class: 'case', subject, keyId };
    return { header, data, audience, version: this.version };
  }

  /** Appends what was prepared, or prepares it again where the keys moved meanwhile (the guard of an append). */
  append(prepared: Appended): Appended {
    const appended = prepared.version === this.version ? prepared : this.prepare(prepared.audience);
    this.log.push(appended);
    return appended;
  }
}
