import { describe, expect, it } from '@jest/globals';
import { slowestOfEach } from './departure.ts';

describe('the answers of departures', () => {
  it('are told apart by how many authorities were asked, and of each departure the slowest is kept', () => {
    expect(slowestOfEach([3, 9, 1, 2, 2, 4], 3)).toEqual([9, 4]);
    expect(slowestOfEach([], 3)).toEqual([]);
  });

  it('of which some are missing belong to nobody knows which', () => {
    expect(() => slowestOfEach([3, 9, 1, 2], 3)).toThrow(RangeError);
  });
});
