import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { inTransaction } from '@acogida/event-store';
import type { IdentityElements } from '@acogida/safeguards';
import { eventually } from '@acogida/testing';
import { startTestNode, type TestNode, type TestReply } from '@acogida/testing/node';
import { PossibleMatches } from './possible-matches.ts';
import { SoughtRetention } from './sought-retention.ts';
import type { Role } from '../auth/roles.ts';
import { vaultForgettingProjection } from '../vault/vault-forgetting.ts';
import { IDENTITY_INDEX, type IdentityIndex } from './identity-index.ts';
import { vaultNode } from './testing/vault-node.ts';

const OFFICER = { roles: ['eligibility-officer'] } as const;
const CLERK = { roles: ['caseworker'] } as const;
const CANARY = 'Wilhelmina Kanarienvogel';
const SOUGHT: IdentityElements = {
  ...{ names: [CANARY], dateOfBirth: { date: '1987-03-14', precision: 'EXACT' }, sex: null, nationalities: ['VE'] },
  documents: [{ type: 'PASSPORT', issuer: 'VE', number: 'PA7733110' }],
};
const ASKED = { by: 'cr-returns', caseId: randomUUID() };

let node: TestNode;
let index: IdentityIndex;
let now = '2026-11-23T09:00:00.000Z';

beforeAll(async () => {
  node = await startTestNode(vaultNode(), { clock: { now: () => now }, logLevel: 'trace' });
  index = node.node.app.get<IdentityIndex>(IDENTITY_INDEX);
});
afterAll(() => node?.stop());
beforeEach(() => node.pool.query('TRUNCATE vault.cell, vault.identity_token, vault.possible_match'));

/** A case of the authority whose person may be the one who is sought. */
async function keep(names = 'Wilhelmina Canarienvogel'): Promise<string> {
  const caseId = randomUUID();
  expect((await node.post(`/v1/cases/${caseId}/holds`, { kind: 'ASYLUM_INTENT' }, OFFICER)).status).toBe(201);
  expect((await node.put(`/v1/cases/${caseId}/identity`, { identity: { names } }, CLERK)).status).toBe(200);
  return caseId;
}

const listed = async (path = '/v1/possible-matches', who: { readonly roles: readonly Role[] } = OFFICER) =>
  (await node.get(path, who)).body.matches;
const decide = (caseId: string, matchId: string, decision: string, roles: readonly Role[] = ['supervisor']) =>
  node.put(
    `/v1/cases/${caseId}/possible-matches/${matchId}/decision`,
    { decision, reason: 'DOCUMENTS_COMPARED' },
    { roles },
  );
const told = ({ status, body }: TestReply) => [status, body.code ?? body.decision];

describe('a possible match', () => {
  it('waits for an officer of the authority, with who was asked about and why; showing it is in the audit', async () => {
    const caseId = await keep();
    expect(await index.search(SOUGHT, ASKED)).toBe('POSSIBLE_MATCH');
    const [match, ...more] = await listed();
    expect([match, more]).toEqual([
      {
        ...{ matchId: match.matchId, caseId, askedCaseId: ASKED.caseId, askedBy: 'cr-returns', foundAt: now },
        ...{
          grounds: ['ALL_NAMES', 'BIRTH_DATE_UNKNOWN'],
          sought: SOUGHT,
          decision: null,
          reason: null,
          decidedAt: null,
          changeReason: null,
          changeProposedAt: null,
        },
      },
      [],
    ]);
    expect(await listed(`/v1/cases/${caseId}/possible-matches`)).toEqual([match]);
    expect(await listed(`/v1/cases/${randomUUID()}/possible-matches`)).toEqual([]);
    const { rows } = await node.pool.query(
      `SELECT actor, details FROM audit.entry WHERE case_id = $1 AND kind = 'READ' ORDER BY id DESC LIMIT 1`,
      [caseId],
    );
    expect(rows).toEqual([
      { actor: `${node.agencyId}.eligibility-officer`, details: ['purpose:CLEARANCE', `match:${match.matchId}`] },
    ]);
  });

  it('INV-17 is shown to nobody else, and who was asked about stands in no table and no log', async () => {
    const caseId = await keep();
    await index.search(SOUGHT, ASKED);
    const [{ matchId }] = await listed();
    for (const role of ['border-officer', 'caseworker', 'operator', 'auditor', 'import'] as const) {
      expect((await node.get('/v1/possible-matches', { roles: [role] })).status).toBe(403);
      expect((await node.get(`/v1/cases/${caseId}/possible-matches`, { roles: [role] })).status).toBe(403);
      expect((await decide(caseId, matchId, 'OTHER_PERSON', [role])).status).toBe(403);
    }
    const { rows } = await node.pool.query('SELECT * FROM vault.possible_match');
    const { rows: audited } = await node.pool.query('SELECT * FROM audit.entry');
    const everywhere = `${JSON.stringify([rows, audited])}${node.logLines.join('\n')}`;
    for (const told of [CANARY, 'PA7733110', '1987-03-14']) expect(everywhere).not.toContain(told);
  });

  it('is one, however often it is asked for', async () => {
    await keep();
    await index.search(SOUGHT, ASKED);
    const other = { by: 'cr-border-intake', caseId: randomUUID() };
    await index.search(SOUGHT, other);
    expect(await listed()).toMatchObject([{ askedBy: other.by, askedCaseId: other.caseId }]);
  });

  it('is one, also where two gates ask at once, and no search fails for the other', async () => {
    for (let round = 0; round < 5; round += 1) {
      await Promise.all([keep(), keep()]);
      const asked = [{ by: 'cr-border-intake', caseId: randomUUID() }, ASKED, ASKED];
      const outcomes = await Promise.all(asked.map((one) => index.search(SOUGHT, one)));
      expect(outcomes).toEqual(['POSSIBLE_MATCH', 'POSSIBLE_MATCH', 'POSSIBLE_MATCH']);
    }
    expect(await listed()).toHaveLength(10);
  });
});

describe('an officer decides', () => {
  it('that it is another person: the next search for these two identities passes, and who was asked about is gone', async () => {
    const caseId = await keep();
    await index.search(SOUGHT, ASKED);
    const [{ matchId }] = await listed();
    const { status, body } = await decide(caseId, matchId, 'OTHER_PERSON');
    expect([status, body.decision, body.reason, body.sought]).toEqual([
      200,
      'OTHER_PERSON',
      'DOCUMENTS_COMPARED',
      null,
    ]);
    expect(await listed()).toEqual([]);
    expect(await index.search(SOUGHT, { ...ASKED, caseId: randomUUID() })).toBe('NO_MATCH');
    const { rows } = await node.pool.query(
      `SELECT actor, details FROM audit.entry WHERE case_id = $1 AND kind = 'MATCH_DECIDED'`,
      [caseId],
    );
    expect(rows).toEqual([
      {
        actor: `${node.agencyId}.supervisor`,
        details: [`match:${matchId}`, 'decision:OTHER_PERSON', 'reason:DOCUMENTS_COMPARED'],
      },
    ]);
    const kept = await node.pool.query('SELECT sought FROM vault.possible_match');
    expect(kept.rows).toEqual([{ sought: null }]);
  });

  it('about these two identities alone: told otherwise on either side it is open again', async () => {
    const caseId = await keep();
    await index.search(SOUGHT, ASKED);
    const [{ matchId }] = await listed();
    await decide(caseId, matchId, 'OTHER_PERSON');
    expect(await index.search({ ...SOUGHT, documents: [] }, ASKED)).toBe('POSSIBLE_MATCH');
    await node.put(`/v1/cases/${caseId}/identity`, { identity: { alias: 'La Canaria' } }, CLERK);
    expect(await index.search(SOUGHT, ASKED)).toBe('POSSIBLE_MATCH');
    expect(await listed()).toHaveLength(2);
  });

  it('that it is the same person: it goes on refusing, also what was decided otherwise before', async () => {
    const caseId = await keep();
    await index.search(SOUGHT, ASKED);
    const [{ matchId }] = await listed();
    await decide(caseId, matchId, 'OTHER_PERSON');
    expect(await index.search(SOUGHT, ASKED)).toBe('NO_MATCH');
    expect(told(await decide(caseId, matchId, 'SAME_PERSON'))).toEqual([200, 'SAME_PERSON']);
    expect(await index.search(SOUGHT, ASKED)).toBe('POSSIBLE_MATCH');
    expect(await listed()).toEqual([]);
  });

  it('that it is the same person, of these two cases: a third one of the same identity is a match of its own', async () => {
    const caseId = await keep();
    await index.search(SOUGHT, ASKED);
    const [{ matchId }] = await listed();
    await decide(caseId, matchId, 'SAME_PERSON');
    const third = { ...ASKED, caseId: randomUUID() };
    expect(await index.search(SOUGHT, third)).toBe('POSSIBLE_MATCH');
    expect(await index.search(SOUGHT, third)).toBe('POSSIBLE_MATCH');
    expect(await listed()).toMatchObject([{ caseId, askedCaseId: third.caseId, decision: null }]);
    expect(await index.search(SOUGHT, { ...third, linked: [caseId] })).toBe('NO_MATCH');
  });

  it('of three cases: one that is another person rules out that case alone while a third one is the same', async () => {
    const caseId = await keep();
    const [first, third, fourth] = [ASKED, { ...ASKED, caseId: randomUUID() }, { ...ASKED, caseId: randomUUID() }];
    const matchOf = async (asked: typeof ASKED): Promise<string> => {
      expect(await index.search(SOUGHT, asked)).toBe('POSSIBLE_MATCH');
      const shown: readonly { matchId: string; askedCaseId: string }[] = await listed(
        `/v1/cases/${caseId}/possible-matches`,
      );
      return shown.find(({ askedCaseId }) => askedCaseId === asked.caseId)?.matchId ?? '';
    };
    const matchId = await matchOf(first);
    await decide(caseId, matchId, 'SAME_PERSON');
    await decide(caseId, await matchOf(third), 'SAME_PERSON');
    await matchOf(first); // shown to the first officer, then to the second
    await listed(`/v1/cases/${caseId}/possible-matches`, { roles: ['supervisor'] });
    await decide(caseId, matchId, 'OTHER_PERSON', ['eligibility-officer']);
    expect(told(await decide(caseId, matchId, 'OTHER_PERSON'))).toEqual([200, 'OTHER_PERSON']);
    expect(await index.search(SOUGHT, first)).toBe('NO_MATCH');
    expect(await index.search(SOUGHT, third)).toBe('POSSIBLE_MATCH');
    await decide(caseId, await matchOf(fourth), 'OTHER_PERSON');
    expect(await index.search(SOUGHT, fourth)).toBe('NO_MATCH');
  });

  it('of nobody else in the vault', async () => {
    const [one, other] = [await keep(), await keep()];
    await index.search(SOUGHT, ASKED);
    const matches: readonly { caseId: string; matchId: string }[] = await listed();
    expect(matches.map(({ caseId }) => caseId).sort()).toEqual([one, other].sort());
    await decide(one, matches.find(({ caseId }) => caseId === one)?.matchId ?? '', 'OTHER_PERSON');
    expect(await index.search(SOUGHT, ASKED)).toBe('POSSIBLE_MATCH');
  });

  it('nothing that is not there, is of another case, or is no decision', async () => {
    const [caseId, other] = [await keep(), await keep('Somebody Else')];
    await index.search(SOUGHT, ASKED);
    const [{ matchId }] = await listed();
    expect(told(await decide(caseId, randomUUID(), 'OTHER_PERSON'))).toEqual([404, 'MATCH.UNKNOWN']);
    expect(told(await decide(other, matchId, 'OTHER_PERSON'))).toEqual([404, 'MATCH.UNKNOWN']);
    expect(told(await decide(caseId, matchId, 'PERHAPS'))).toEqual([400, 'VALIDATION_FAILED']);
    expect(await index.search(SOUGHT, ASKED)).toBe('POSSIBLE_MATCH');
  });
});

describe('a decision of the same person that was wrong', () => {
  /** Decided as the same person; returns the path of the case's matches. */
  async function decidedSame(): Promise<{ caseId: string; matchId: string; path: string }> {
    const caseId = await keep();
    await index.search(SOUGHT, ASKED);
    const [{ matchId }] = await listed();
    await decide(caseId, matchId, 'SAME_PERSON');
    return { caseId, matchId, path: `/v1/cases/${caseId}/possible-matches` };
  }
  const proposal = { decision: 'SAME_PERSON', changeReason: 'DOCUMENTS_COMPARED', changeProposedAt: now };
  const second = { roles: ['supervisor'] } as const;

  it('is put right by two officers who were both shown whom it is about, and by nobody else', async () => {
    const { caseId, matchId, path } = await decidedSame();
    expect(told(await decide(caseId, matchId, 'OTHER_PERSON'))).toEqual([409, 'MATCH.NOT_SEEN']);
    expect(await listed(path)).toEqual([]);
    await index.search(SOUGHT, ASKED);
    expect(told(await decide(caseId, matchId, 'OTHER_PERSON'))).toEqual([409, 'MATCH.NOT_SEEN']);
    expect(await listed(path)).toMatchObject([{ matchId, decision: 'SAME_PERSON', sought: SOUGHT }]);
    const first = await decide(caseId, matchId, 'OTHER_PERSON', ['eligibility-officer']);
    expect([first.status, first.body]).toMatchObject([200, proposal]);
    expect(await index.search(SOUGHT, ASKED)).toBe('POSSIBLE_MATCH');
    expect(told(await decide(caseId, matchId, 'OTHER_PERSON', ['eligibility-officer']))).toEqual([
      ...[403, 'MATCH.SAME_OFFICER'],
    ]);
    expect(told(await decide(caseId, matchId, 'OTHER_PERSON'))).toEqual([409, 'MATCH.NOT_SEEN']);
    expect((await node.get('/v1/possible-matches', second)).body.matches).toMatchObject([{ matchId, ...proposal }]);
    const confirmed = await decide(caseId, matchId, 'OTHER_PERSON');
    const over = { decision: 'OTHER_PERSON', sought: null, changeReason: null, changeProposedAt: null };
    expect([confirmed.status, confirmed.body]).toMatchObject([200, over]);
    expect(await index.search(SOUGHT, ASKED)).toBe('NO_MATCH');
    const { rows } = await node.pool.query(
      `SELECT actor, details[2] AS said FROM audit.entry WHERE case_id = $1 AND kind = 'MATCH_DECIDED' ORDER BY id`,
      [caseId],
    );
    expect(rows.map(({ actor, said }) => [actor, said])).toEqual([
      [`${node.agencyId}.supervisor`, 'decision:SAME_PERSON'],
      [`${node.agencyId}.eligibility-officer`, 'proposed:OTHER_PERSON'],
      [`${node.agencyId}.supervisor`, 'decision:OTHER_PERSON'],
    ]);
  });

  it('stands where another officer says so again, and the proposal is over', async () => {
    const { caseId, matchId, path } = await decidedSame();
    await index.search(SOUGHT, ASKED);
    await listed(path);
    await decide(caseId, matchId, 'OTHER_PERSON', ['eligibility-officer']);
    const stands = { decision: 'SAME_PERSON', sought: null, changeReason: null, changeProposedAt: null };
    expect((await decide(caseId, matchId, 'SAME_PERSON')).body).toMatchObject(stands);
    expect(told(await decide(caseId, matchId, 'OTHER_PERSON'))).toEqual([409, 'MATCH.NOT_SEEN']);
  });

  it('is looked at anew where the person is described otherwise: what was proposed rested on something else', async () => {
    const { caseId, matchId, path } = await decidedSame();
    await index.search(SOUGHT, ASKED);
    await listed(path);
    await decide(caseId, matchId, 'OTHER_PERSON', ['eligibility-officer']);
    const otherwise = { ...SOUGHT, names: ['Yadira Zambrano'], documents: [] };
    expect(await index.search(otherwise, ASKED)).toBe('NO_MATCH');
    expect(told(await decide(caseId, matchId, 'OTHER_PERSON', ['eligibility-officer']))).toEqual([
      ...[409, 'MATCH.NOT_SEEN'],
    ]);
    expect(await listed(path)).toMatchObject([{ matchId, sought: otherwise, changeProposedAt: null }]);
  });
});

describe('a decision that was wrong, while two agencies ask that describe the person otherwise', () => {
  const OTHER = { ...ASKED, by: 'cr-border-intake' };
  const otherwise = { ...SOUGHT, names: ['Wilhelmina Kanarienfogel'], documents: [] };

  it('is put right all the same: what officers have before them stands until they are done', async () => {
    const caseId = await keep();
    const path = `/v1/cases/${caseId}/possible-matches`;
    await index.search(SOUGHT, ASKED);
    const [{ matchId }] = await listed();
    await decide(caseId, matchId, 'SAME_PERSON');
    await index.search(SOUGHT, ASKED);
    await index.search(otherwise, OTHER);
    const of = async (id: string) =>
      (await listed(path)).find(({ matchId: one }: { readonly matchId: string }) => one === id);
    expect(await of(matchId)).toMatchObject({ sought: otherwise }); // nobody had seen the first
    expect(told(await decide(caseId, matchId, 'OTHER_PERSON', ['eligibility-officer']))).toEqual([200, 'SAME_PERSON']);
    await index.search(SOUGHT, ASKED);
    await index.search(otherwise, OTHER);
    await listed(path, { roles: ['supervisor'] });
    await index.search(SOUGHT, ASKED);
    expect(told(await decide(caseId, matchId, 'OTHER_PERSON'))).toEqual([200, 'OTHER_PERSON']);
  });
});

describe('who was asked about', () => {
  it('is kept for thirty days, and is shown and decided no longer, though nobody searches', async () => {
    const caseId = await keep();
    await index.search(SOUGHT, ASKED);
    const [{ matchId }] = await listed();
    now = '2027-02-24T09:00:00.000Z';
    expect(await listed()).toEqual([]);
    expect(told(await decide(caseId, matchId, 'OTHER_PERSON'))).toEqual([404, 'MATCH.UNKNOWN']);
    const retention = new SoughtRetention({
      ...{ matches: node.node.app.get(PossibleMatches), logger: { warn: () => {} }, intervalMs: 5 },
    });
    retention.onApplicationBootstrap();
    const rows = async () => (await node.pool.query('SELECT decision, sought FROM vault.possible_match')).rows;
    await eventually(async () => expect(await rows()).toEqual([]));
    await index.search(SOUGHT, ASKED);
    const [again] = await listed();
    await decide(caseId, again.matchId, 'SAME_PERSON');
    await index.search(SOUGHT, ASKED);
    now = '2027-03-27T09:00:00.000Z';
    await eventually(async () => expect(await rows()).toEqual([{ decision: 'SAME_PERSON', sought: null }]));
    await retention.onApplicationShutdown();
  });

  it('is kept for thirty days, and asked anew is there again; what officers were shown before rests on nothing', async () => {
    const caseId = await keep();
    await index.search(SOUGHT, ASKED);
    const [{ matchId }] = await listed();
    now = '2027-04-28T09:00:00.000Z'; // nothing has been forgotten yet
    expect(await listed()).toEqual([]);
    expect(await index.search(SOUGHT, ASKED)).toBe('POSSIBLE_MATCH');
    expect(await listed()).toMatchObject([{ sought: SOUGHT, foundAt: now }]);

    await decide(caseId, matchId, 'SAME_PERSON');
    await index.search(SOUGHT, ASKED);
    expect(await listed(`/v1/cases/${caseId}/possible-matches`)).toHaveLength(1);
    expect((await decide(caseId, matchId, 'OTHER_PERSON', ['eligibility-officer'])).body.changeProposedAt).toBe(now);
    now = '2027-05-29T09:00:00.000Z';
    await index.search(SOUGHT, ASKED);
    expect(told(await decide(caseId, matchId, 'OTHER_PERSON'))).toEqual([409, 'MATCH.NOT_SEEN']);
    expect(await listed(`/v1/cases/${caseId}/possible-matches`)).toMatchObject([{ changeProposedAt: null }]);
  });

  it.each(['the case that it may be', 'the case that was asked about'])(
    'goes with the erasure of %s',
    async (which) => {
      const caseId = await keep();
      await index.search(SOUGHT, ASKED);
      const erased = which === 'the case that it may be' ? caseId : ASKED.caseId;
      await inTransaction(node.pool, async (transaction) => vaultForgettingProjection.forget?.(transaction, erased));
      const { rows } = await node.pool.query('SELECT FROM vault.possible_match');
      expect(rows).toHaveLength(0);
    },
  );
});
