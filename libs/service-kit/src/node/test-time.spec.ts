import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError } from '../configuration/node-configuration.ts';
import { CLOCK_OFFSET_VARIABLE, testTimeOf } from './test-time.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'acogida-test-time-'));
  file = join(folder, 'offset');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('testTimeOf', () => {
  it('is nothing where no file is named', () => {
    expect(testTimeOf({ NODE_ENV: 'production' })).toEqual({});
  });

  it('is ahead of the machine by what stands in the file now, and does not notice a file that is half written', async () => {
    await writeFile(file, '0');
    const { clock, deadlineLookIntervalMs } = testTimeOf({ NODE_ENV: 'test', [CLOCK_OFFSET_VARIABLE]: file });
    // in whole minutes; a millisecond that passes in between would be minus zero
    const aheadMs = (): number => Math.round((Date.parse(clock?.now() ?? '') - Date.now()) / 60_000) * 60_000 + 0;
    expect([aheadMs(), deadlineLookIntervalMs]).toEqual([0, 1_000]);
    await writeFile(file, `${DAY_MS}\n`);
    expect(aheadMs()).toBe(DAY_MS);
    for (const text of ['', '-5', 'soon']) {
      await writeFile(file, text);
      expect([text, aheadMs()]).toEqual([text, DAY_MS]);
    }
  });

  it.each(['production', undefined])('is refused with NODE_ENV %s', async (NODE_ENV) => {
    await writeFile(file, '0');
    expect(() => testTimeOf({ NODE_ENV, [CLOCK_OFFSET_VARIABLE]: file })).toThrow(ConfigurationError);
  });

  it('is refused without the file', () => {
    expect(() => testTimeOf({ NODE_ENV: 'test', [CLOCK_OFFSET_VARIABLE]: file })).toThrow(ConfigurationError);
  });
});
