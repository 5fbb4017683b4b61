import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Step, STEPS } from '@acogida/core';
import { type EventLog, parseHeadRecord } from '@acogida/event-log';
import { CrashLane } from './crash-lane.ts';
import type { CrashingNodeSetup, CrashPoint } from './crash-protocol.ts';

/** Crashes at each point: a whole run takes minutes of two cores, so CI plays a part of it on every change. */
const CRASHES = Number(process.env['ACOGIDA_CRASHES'] ?? (process.env['CI'] === 'true' ? 2 : 20));
const MINUTES = 60_000;

const POINTS: readonly CrashPoint[] = STEPS.flatMap((step: Step) => [
  { step, moment: 'before' as const },
  { step, moment: 'after' as const },
]);

/**
 * Every named step of the life of a fact, before and after, ended by SIGKILL again and again: nothing is lost, nothing has
 * effect twice, no number stands for two events. The lanes run side by side: a killed consumer is a member of its group
 * until its session times out, and all wait for that at once.
 */
export function describeCrashes(
  name: string,
  open: () => Promise<{ readonly log: EventLog; readonly place: CrashingNodeSetup['log']; close(): Promise<void> }>,
): void {
  describe(`crashes on the ${name} log`, () => {
    let opened: Awaited<ReturnType<typeof open>>;
    const lanes = new Map<CrashPoint, CrashLane>();
    const outcomes = new Map<CrashPoint, Promise<number>>();

    beforeAll(async () => {
      opened = await open();
      for (const point of POINTS) {
        const lane = await CrashLane.start(point, opened.place);
        lanes.set(point, lane);
        const outcome = crashes(lane); // while the next one starts
        outcome.catch(() => {});
        outcomes.set(point, outcome);
      }
      await Promise.allSettled(outcomes.values());
    }, 20 * MINUTES);
    afterAll(async () => {
      await Promise.all([...lanes.values()].map((lane) => lane.stop()));
      await opened?.close();
    }, MINUTES);

    it.each(POINTS)(`recovers from ${CRASHES} crashes $moment $step`, async (point) => {
      expect(await outcomes.get(point)).toBe(CRASHES);
    });

    it.each(POINTS)('publishes one text under each number: $moment $step', async (point) => {
      const texts = new Map<number, Set<string>>();
      for await (const page of opened.log.read(lanes.get(point)?.topic ?? '', 0n)) {
        for (const record of page) {
          if (parseHeadRecord(record) !== null) continue;
          const { number } = JSON.parse(record.value) as { number: number };
          texts.set(number, (texts.get(number) ?? new Set()).add(record.value));
        }
      }
      expect([...texts.keys()].sort((a, b) => a - b)).toEqual(Array.from({ length: texts.size }, (_, i) => i + 1));
      expect([...texts.values()].filter((several) => several.size > 1)).toEqual([]);
    });
  });
}

async function crashes(lane: CrashLane): Promise<number> {
  for (let done = 0; done < CRASHES; done += 1) await lane.crashOnce();
  return CRASHES;
}
