import { readFileSync } from 'node:fs';
import { ConfigurationError } from '../configuration/node-configuration.ts';
import type { NodeReplacements } from './node-runtime.ts';
import { systemClock } from './system-time.ts';

/** Names a file with the milliseconds by which the clock of a node is ahead of the machine's; only for journeys. */
export const CLOCK_OFFSET_VARIABLE = 'ACOGIDA_TEST_CLOCK_OFFSET_FILE';

/** Nothing wakes a node when its clock is put forward, so it looks for what came due every second. */
const LOOK_INTERVAL_MS = 1_000;

/**
 * The time of a node in a journey: the machine's, ahead by what stands in a file, which the journey writes to let days pass.
 * Nothing where the variable is not set.
 *
 * @throws ConfigurationError outside of NODE_ENV=test, or without such a file: no node of people takes its time from a file
 */
export function testTimeOf(environment: NodeJS.ProcessEnv): Pick<NodeReplacements, 'clock' | 'deadlineLookIntervalMs'> {
  const file = environment[CLOCK_OFFSET_VARIABLE];
  if (file === undefined) return {};
  if (environment['NODE_ENV'] !== 'test')
    throw new ConfigurationError([`${CLOCK_OFFSET_VARIABLE} is for NODE_ENV=test only`]);
  if (readOffsetMs(file) === null)
    throw new ConfigurationError([`${CLOCK_OFFSET_VARIABLE} must name a file with milliseconds`]);
  let offsetMs = 0;
  const now = (): string => {
    offsetMs = readOffsetMs(file) ?? offsetMs; // half written: as it was
    return new Date(Date.parse(systemClock.now()) + offsetMs).toISOString();
  };
  return { clock: { now }, deadlineLookIntervalMs: LOOK_INTERVAL_MS };
}

function readOffsetMs(file: string): number | null {
  try {
    const text = readFileSync(file, 'utf8').trim();
    return /^\d{1,12}$/.test(text) ? Number(text) : null;
  } catch {
    return null;
  }
}
