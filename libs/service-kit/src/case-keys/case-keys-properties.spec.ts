import { describe, expect, it } from '@jest/globals';
import type { KeysGrantedV1Data } from '@acogida/contracts';
import { DomainError } from '@acogida/core';
import { type GroupAudience, makeCaseKeySet, SealingKey, systemRandomness } from '@acogida/sealing';
import fc from 'fast-check';
import { memberOf } from './case-keys.ts';
import type { CaseKeysEvent } from './case-keys-events.ts';
import { publishCaseKeys } from './publish.ts';
import { type Appended, SpecHolder, SpecReader } from './testing/case-keys-bench.ts';
import { admit, CASE, COMAR, CONATT, grant, LATER, OWN } from './testing/case-keys-examples.ts';

const MEMBERS = [CONATT, COMAR, 'cr-dgme'] as const;

type Step =
  | { readonly do: 'prepare'; readonly audience: GroupAudience }
  | { readonly do: 'append' | 'rotate' | 'rotate-anyhow' | 'grant' }
  | {
      readonly do: 'admit';
      readonly agency: string;
      readonly past: boolean;
      readonly audiences: readonly GroupAudience[];
    }
  | { readonly do: 'remove'; readonly agency: string };

const audience = fc.constantFrom<GroupAudience>('coded', 'care', 'restricted');
const agency = fc.constantFrom(...MEMBERS);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('prepare' as const), audience }) },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constantFrom('append' as const, 'rotate', 'rotate-anyhow', 'grant', 'grant') }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      ...{ do: fc.constant('admit' as const), agency, past: fc.boolean() },
      audiences: fc.uniqueArray(audience, { minLength: 1 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('remove' as const), agency }) },
);

/** Runs the steps, then appends what is still prepared, gives everything that is owed, and appends once more. */
function play(steps: readonly Step[]) {
  const readers = MEMBERS.map((member) => new SpecReader(member));
  const holder = new SpecHolder(readers);
  const prepared: Appended[] = [];
  const left = new Set<string>();
  for (const one of steps) {
    switch (one.do) {
      case 'prepare':
        prepared.push(holder.prepare(one.audience));
        break;
      case 'append':
        for (const next of prepared.splice(0, 1)) holder.append(next);
        break;
      case 'rotate':
      case 'rotate-anyhow':
        holder.begin(one.do === 'rotate' ? 'DUE' : 'ORDERED');
        break;
      case 'grant':
        holder.grantAll();
        break;
      case 'admit': {
        const history = one.past ? 'FROM_OPENING' : 'CURRENT';
        if (!left.has(one.agency))
          holder.run(admit(one.agency, { audiences: one.audiences, history, memberKeyX: null }));
        break;
      }
      case 'remove':
        if (memberOf(holder.state, one.agency) !== undefined) left.add(one.agency);
        holder.run({ type: 'RemoveMember', caseId: CASE, agency: one.agency, reason: 'SERVICE_ENDED', now: LATER });
        break;
    }
  }
  for (const next of prepared) holder.append(next);
  for (const last of ['coded', 'care', 'restricted'] as const) holder.append(holder.prepare(last));
  holder.grantAll();
  return { holder, readers };
}

/** Version right after the first event of a kind about an agency; undefined where there is none. */
function versionOf(history: readonly CaseKeysEvent[], type: 'MemberAdmitted' | 'MemberLeft', member: string) {
  const index = history.findIndex((event) => event.type === type && event.data.agency === member);
  return index < 0 ? undefined : index + 1;
}

/** From which version on each audience may be read by an agency, as its admissions say. */
function entitlements(history: readonly CaseKeysEvent[], member: string): ReadonlyMap<GroupAudience, number> {
  const from = new Map<GroupAudience, number>();
  for (const [index, event] of history.entries()) {
    if (event.type !== 'MemberAdmitted' || event.data.agency !== member) continue;
    for (const { audience: opened, fromEpoch } of event.data.audiences) {
      const since = fromEpoch === 1 ? 0 : index + 1;
      from.set(opened, Math.min(since, from.get(opened) ?? since));
    }
  }
  return from;
}

describe('whatever happens to the circle, an append is opened', () => {
  it('by no member that was removed before it', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { holder, readers } = play(steps);
        for (const reader of readers) {
          const leftAt = versionOf(holder.history, 'MemberLeft', reader.agency) ?? Number.POSITIVE_INFINITY;
          for (const event of holder.log) if (event.version >= leftAt) expect(reader.opens(event)).toBe(false);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('by no joiner from before it was admitted without the past, and in no audience that was not opened to it', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { holder, readers } = play(steps);
        for (const reader of readers) {
          const from = entitlements(holder.history, reader.agency);
          for (const event of holder.log) {
            const since = from.get(event.audience) ?? Number.POSITIVE_INFINITY;
            if (event.version < since) expect(reader.opens(event)).toBe(false);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('by every member that is there, from where it was let in', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { holder, readers } = play(steps);
        for (const reader of readers) {
          if (memberOf(holder.state, reader.agency) === undefined) continue;
          const from = entitlements(holder.history, reader.agency);
          for (const event of holder.log) {
            const since = from.get(event.audience);
            if (since !== undefined && event.version >= since) expect(reader.opens(event)).toBe(true);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** What a member is granted by an agency, in words. */
function grantBy(holder: SpecHolder, to: string): KeysGrantedV1Data {
  holder.run(admit(to, { by: holder.agency, memberKeyX: null }));
  const [event] = holder.run(grant(to, { by: holder.agency }));
  const published = event === undefined ? null : publishCaseKeys(event, (_, keyId) => holder.handOver(keyId));
  if (published?.type !== 'KeysGranted') throw new RangeError('nothing was granted');
  return published.data;
}

function refusalOf(take: () => void): unknown {
  try {
    take();
  } catch (error) {
    return error instanceof DomainError ? error.code : error;
  }
  return undefined;
}

describe('a key that is handed on', () => {
  const changed = (data: KeysGrantedV1Data, change: Partial<KeysGrantedV1Data['cases'][0]['keys'][0]>) => ({
    ...data,
    cases: data.cases.map((entry) => ({
      ...entry,
      keys: entry.keys.map((key, index) => (index === 1 ? { ...key, ...change } : key)),
    })),
  });

  it('whose commitment differs is refused, with all that came beside it', () => {
    const [holder, reader] = [new SpecHolder([]), new SpecReader(CONATT)];
    const event = holder.append(holder.prepare('coded'));
    const data = grantBy(holder, CONATT);
    const other = SealingKey.make(systemRandomness);
    for (const change of [
      { key: other.handOver() },
      { keyId: other.keyId },
      { key: `${data.cases[0]!.keys[1]!.key.slice(0, -1)}_` },
    ]) {
      expect(refusalOf(() => reader.take(changed(data, change)))).toBe('KEYS.COMMITMENT');
    }
    expect(reader.opens(event)).toBe(false);
    reader.take(data);
    expect(reader.opens(event)).toBe(true);
  });

  it('is taken from a third agency that was given it', () => {
    const [comar, reader] = [new SpecHolder([], COMAR), new SpecReader(CONATT)];
    const event = comar.append(comar.prepare('care'));
    reader.take(grantBy(comar, OWN), OWN);
    expect(reader.opens(event)).toBe(true);
  });

  it('forged by a third agency opens nothing, and does not stand in the way of the real one', () => {
    const [comar, reader] = [new SpecHolder([], COMAR), new SpecReader(CONATT)];
    const event = comar.append(comar.prepare('care'));
    const data = grantBy(comar, CONATT);
    const { keys } = makeCaseKeySet(CASE, 1, systemRandomness);
    const forgery = { key: keys.care.handOver(), keyId: keys.care.keyId };
    reader.take(changed(data, forgery), OWN);
    expect(reader.opens(event)).toBe(false);
    reader.take({ ...data, cases: data.cases.map((entry) => ({ ...entry, holder: OWN })) }, OWN);
    expect(reader.opens(event)).toBe(false);
    reader.take(data, COMAR);
    expect(reader.opens(event)).toBe(true);
  });

  it('is not taken as one’s own, nor of a case that the event is not about', () => {
    const [holder, reader] = [new SpecHolder([]), new SpecReader(CONATT)];
    const data = grantBy(holder, CONATT);
    const asOwn = { ...data, cases: data.cases.map((entry) => ({ ...entry, holder: CONATT })) };
    reader.take(asOwn);
    expect(reader.ring.keyOf(data.cases[0]!.keys[0]!.keyId, CONATT)).toBeUndefined();
    const elsewhere = { ...data, cases: data.cases.map((entry) => ({ ...entry, caseId: data.grantId })) };
    expect(refusalOf(() => reader.take(elsewhere))).toBe('KEYS.OTHER_CASE');
  });
});
