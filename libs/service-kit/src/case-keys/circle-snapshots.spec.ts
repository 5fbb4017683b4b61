import { beforeEach, describe, expect, it } from '@jest/globals';
import { NO_CASE_KEYS } from './case-keys.ts';
import { circleStreamOf, type CircleSnapshot, CircleSnapshots } from './circle-snapshots.ts';
import { CASE, CONATT } from './testing/case-keys-examples.ts';

describe('circles, as a process saw them last', () => {
  let committed: number;
  let snapshots: CircleSnapshots;
  const at = (version: number): CircleSnapshot => ({ version, state: NO_CASE_KEYS });

  beforeEach(() => {
    committed = 1;
    snapshots = new CircleSnapshots(async () => at(committed));
  });

  it('are remembered until their stream moves', async () => {
    await snapshots.look(CASE);
    snapshots.moved([
      { stream: circleStreamOf(CONATT), version: 1 },
      { stream: `referral-${CASE}`, version: 1 },
    ]);
    expect(snapshots.of(CASE)).toEqual(at(1));
    snapshots.moved([{ stream: circleStreamOf(CASE), version: 1 }]);
    expect(snapshots.of(CASE)).toBeUndefined();
  });

  it('are forgotten once more after the commit of what moves them: somebody may have looked before', async () => {
    snapshots.moved([{ stream: circleStreamOf(CASE), version: 1 }]);
    await snapshots.look(CASE);
    snapshots.committed();
    expect(snapshots.of(CASE)).toBeUndefined();
    committed = 2;
    await snapshots.look(CASE);
    snapshots.committed();
    expect(snapshots.of(CASE)).toEqual(at(2));
  });
});
