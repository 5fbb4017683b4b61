import { describe, expect, it } from '@jest/globals';
import { decideMatch, type StandingMatch } from './decide-match.ts';

const OPEN: StandingMatch = { decision: null, shownTo: [], proposedBy: null };
const SAME: StandingMatch = { decision: 'SAME_PERSON', shownTo: ['first', 'second'], proposedBy: null };
const PROPOSED: StandingMatch = { ...SAME, proposedBy: 'first' };
const OTHER: StandingMatch = { decision: 'OTHER_PERSON', shownTo: [], proposedBy: null };

describe('decideMatch', () => {
  it.each([
    ['one officer decides what nobody has', OPEN, 'OTHER_PERSON', ['first']],
    ['either way', OPEN, 'SAME_PERSON', ['first']],
    ['one officer is enough for what shuts the gate again', OTHER, 'SAME_PERSON', ['first']],
  ] as const)('%s', (_, standing, said, officers) => {
    expect(decideMatch(standing, said, 'first')).toEqual({ kind: 'TAKES_EFFECT', officers });
  });

  it('two officers change SAME_PERSON, one after the other', () => {
    expect(decideMatch(SAME, 'OTHER_PERSON', 'first')).toEqual({ kind: 'PROPOSED' });
    const officers = ['first', 'second'];
    expect(decideMatch(PROPOSED, 'OTHER_PERSON', 'second')).toEqual({ kind: 'TAKES_EFFECT', officers });
  });

  it('never the same one twice', () => {
    const sameOfficer = expect.objectContaining({ code: 'MATCH.SAME_OFFICER', kind: 'forbidden' });
    expect(() => decideMatch(PROPOSED, 'OTHER_PERSON', 'first')).toThrow(sameOfficer);
  });

  it.each([
    ['proposes', SAME],
    ['confirms', PROPOSED],
  ])('nobody %s it who was not shown whom the question is about', (_, standing) => {
    const notSeen = expect.objectContaining({ code: 'MATCH.NOT_SEEN', kind: 'conflict' });
    expect(() => decideMatch(standing, 'OTHER_PERSON', 'third')).toThrow(notSeen);
  });

  it.each([
    [OTHER, 'OTHER_PERSON'],
    [SAME, 'SAME_PERSON'],
    [PROPOSED, 'SAME_PERSON'],
  ] as const)('what was decided stands when it is said again', (standing, said) => {
    expect(decideMatch(standing, said, 'first')).toEqual({ kind: 'STANDS' });
  });
});
