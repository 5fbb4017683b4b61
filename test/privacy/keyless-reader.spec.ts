import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BusyNetwork, INTAKE, type Truth } from './busy-network.ts';
import { guess, type Guesses, type Riddle } from './guessing.ts';
import {
  inClear,
  marksOfBytes,
  marksOfOrder,
  marksOfTiming,
  type SeenEvent,
  seenIn,
  sharedSubjects,
} from './keyless-reader.ts';

jest.setTimeout(300_000);

const PEOPLE = Number(process.env['ACOGIDA_PRIVACY_PEOPLE'] ?? 120);
const PEOPLE_AT_ONCE = 6;
const PEOPLE_ALONE = 30;
/** What the bytes of an event may add to a guess, as a share of all guesses: chance itself moves them by about this much. */
const LARGEST_GAIN = 0.05;

const SECRETS = ['type', 'schema', 'procedure', 'receiver'] as const;
type Secret = (typeof SECRETS)[number];

let network: BusyNetwork;
/** How many events of people who came at the same time; what follows is of one person after the other. */
let busyUntil: number;
let seen: readonly SeenEvent[];
let truth: ReadonlyMap<string, Truth>;

beforeAll(async () => {
  network = await BusyNetwork.start();
  await network.receive(PEOPLE, PEOPLE_AT_ONCE);
  busyUntil = seenIn(network.log).length;
  await network.receive(PEOPLE_ALONE, 1);
  seen = seenIn(network.log);
  truth = await network.truth();
});
afterAll(() => network?.stop());

/** What is asked of each event that has this secret. */
function riddlesOf(
  secret: Secret,
  marksOf: (event: SeenEvent) => readonly string[],
  asked: readonly SeenEvent[] = seen,
): readonly Riddle[] {
  return asked.flatMap((event) => {
    const answer = truth.get(event.id)?.[secret] ?? null;
    return answer === null ? [] : [{ stratum: inClear(event), marks: marksOf(event), answer }];
  });
}

describe('a reader of the whole log without keys', () => {
  it('has something to read: every class, and almost all of it is known to somebody who has keys', () => {
    const classes = new Set(seen.map((event) => event.class));
    expect([...classes].sort()).toEqual(expect.arrayContaining(['case', 'hold', 'key', 'procedure', 'referral']));
    expect(seen.length).toBeGreaterThan(PEOPLE * 8);
    expect(truth.size).toBe(seen.length);
  });

  it('finds no subject that two agencies share', () => {
    expect(new Set(seen.map(({ source }) => source)).size).toBeGreaterThanOrEqual(4);
    expect(sharedSubjects(seen)).toEqual([]);
  });

  it('finds subjects and key ids of one shape, whatever they stand for', () => {
    for (const { subject, keyId } of seen) {
      expect(subject).toMatch(/^[0-9a-f]{32}$/);
      expect(keyId).toMatch(/^[A-Za-z0-9_-]{43}$/);
    }
  });

  it('finds one size for all that an agency says in one class to a circle, and one for all that it says to one agency', () => {
    const sizes = new Map<string, Set<number>>();
    for (const event of seen) sizes.set(inClear(event), (sizes.get(inClear(event)) ?? new Set()).add(event.bytes));
    for (const [kind, found] of sizes) expect([kind, [...found]]).toEqual([kind, [expect.any(Number)]]);
  });

  it.each(SECRETS)('does not tell the %s from the bytes of an event better than from what is in clear', (secret) => {
    const { judged, gain } = guess(riddlesOf(secret, marksOfBytes));
    expect(judged).toBeGreaterThan(100);
    expect(gain).toBeLessThan(LARGEST_GAIN);
  });

  it('measures what order and timing give away, and writes it down', async () => {
    const order = marksOfOrder(seen);
    const timing = marksOfTiming(seen);
    const marks: Readonly<Record<string, (event: SeenEvent) => readonly string[]>> = {
      bytes: marksOfBytes,
      order: ({ id }) => order.get(id) ?? [],
      timing: ({ id }) => timing.get(id) ?? [],
    };
    const measured: Record<string, Record<string, Guesses>> = {};
    for (const secret of SECRETS) {
      measured[secret] = Object.fromEntries(
        Object.entries(marks).map(([name, marksOf]) => [name, guess(riddlesOf(secret, marksOf))]),
      );
    }
    const isSent = (event: SeenEvent): boolean => event.source === INTAKE && event.class === 'referral';
    for (const [name, sent] of [
      ['receiver of a referral, six people at a time', seen.slice(0, busyUntil).filter(isSent)],
      ['receiver of a referral, one person at a time', seen.slice(busyUntil).filter(isSent)],
    ] as const) {
      measured[name] = Object.fromEntries(
        Object.entries(marks).map(([by, marksOf]) => [by, guess(riddlesOf('receiver', marksOf, sent))]),
      );
    }
    const folder = process.env['ACOGIDA_PRIVACY_RESULTS'];
    if (folder !== undefined) {
      await mkdir(folder, { recursive: true });
      const sizes: Record<string, number> = {};
      for (const event of seen) {
        const name = `${event.class} ${truth.get(event.id)?.type} ${event.bytes}`;
        sizes[name] = (sizes[name] ?? 0) + 1;
      }
      const written = { people: PEOPLE + PEOPLE_ALONE, events: seen.length, sizes, measured };
      await writeFile(join(folder, 'latest.json'), `${JSON.stringify(written, null, 2)}\n`);
    }
    for (const secret of SECRETS) expect(Object.keys(measured[secret] ?? {})).toEqual(Object.keys(marks));
  });
});

describe('a member that was removed', () => {
  /** What an agency said of a case after it had removed a member. */
  function saidAfter(event: SeenEvent, { caseId }: Truth): readonly Truth[] {
    return seen
      .filter(({ source, number }) => source === event.source && number > event.number)
      .flatMap(({ id }) => truth.get(id) ?? [])
      .filter((later) => later.caseId === caseId && later.receiver === null);
  }

  it('opens nothing that an agency appends after its own rotation, whatever keys it kept', () => {
    const removals = seen.flatMap((event) => {
      const told = truth.get(event.id);
      return told?.removed == null ? [] : [{ removed: told.removed, event, told }];
    });
    const later = removals.flatMap(({ removed, event, told }) =>
      saidAfter(event, told).map(({ type, circle }) => ({ removed, from: event.source, type, circle })),
    );
    // it read with the circle until then, and there was something to read afterwards
    expect(removals.filter(({ removed, told }) => told.circle.includes(removed)).length).toBeGreaterThan(5);
    expect(new Set(later.map(({ from }) => from)).size).toBeGreaterThan(1);
    expect(later.filter(({ removed, circle }) => circle.includes(removed))).toEqual([]);
  });
});
