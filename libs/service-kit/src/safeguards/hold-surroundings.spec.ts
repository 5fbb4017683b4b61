import { describe, expect, it } from '@jest/globals';
import type { NodeMember } from '../node-definition.ts';
import { HoldSurroundings } from './hold-surroundings.ts';

const OWN = 'cr-refugee-unit';
const COUNT = { from: { boot: 'boot-1', ms: 5 }, spanMs: 10 };
const member = (agencyId: string, kind: string, jurisdiction: string | null, successor?: string): NodeMember => {
  return { agencyId, kind, name: agencyId, jurisdiction, ...(successor === undefined ? {} : { successor }) };
};
const MEMBERS = [
  ...[member('regional-directory', 'directory', null), member(OWN, 'asylum', 'CR')],
  ...[member('cr-old-unit', 'asylum', 'CR', OWN), member('cr-border', 'intake', 'CR')],
  ...[member('cr-returns', 'return-reintegration', 'CR'), member('mx-border', 'intake', 'MX')],
  ...[member('pa-border', 'intake', 'PA'), member('iom-returns', 'return-reintegration', null)],
  member('cr-old-border', 'intake', 'CR', 'cr-border'),
];
const GATES = ['cr-border', 'cr-returns', 'iom-returns', 'mx-border', 'pa-border'];
const node = { agencyId: OWN, members: () => MEMBERS };

/** A directory that lists these authorities. */
function listing(lists: Readonly<Record<string, readonly string[]>>) {
  const rows = Object.entries(lists).map(([jurisdiction, agencies]) => ({
    entry: { jurisdiction, authorities: agencies.map((agencyId) => ({ agencyId, holds: ['ASYLUM_INTENT'] })) },
  }));
  return { query: async () => ({ rows, rowCount: rows.length }) } as never;
}

function surroundings(count: typeof COUNT | null | Error = null): HoldSurroundings {
  const current = async () => {
    if (count instanceof Error) throw count;
    return count;
  };
  return new HoldSurroundings({ current, fromNowOn: () => COUNT });
}

describe('what a hold has to wait for', () => {
  it('are the gates of jurisdictions whose lists name others: they ask here once they have heard of a hold', async () => {
    const { unawareGates, unknownLeases } = await surroundings().of(
      ...[node, listing({ CR: ['cr-conatt', OWN], MX: ['mx-comar'] })],
    );
    expect([unawareGates, unknownLeases]).toEqual([['mx-border'], null]);
  });

  it('are none of a list that names an agency whose successor this one is, and none where a gate refuses everybody', async () => {
    const lists = listing({ CR: ['cr-old-unit'], MX: [] });
    expect((await surroundings().of(node, lists)).unawareGates).toEqual([]);
  });

  it('is not the own gate, which asks every time', async () => {
    const own = { agencyId: 'cr-border', members: () => MEMBERS };
    expect((await surroundings().of(own, listing({ CR: [OWN] }))).unawareGates).toEqual(['cr-returns']);
  });

  it('are all gates while leases may be forgotten', async () => {
    const found = await surroundings(COUNT).of(node, listing({ CR: [OWN] }));
    expect(found).toEqual({ unawareGates: [], unknownLeases: { count: COUNT, gates: GATES } });
  });

  it('S4 is all that may be where nothing can be looked up, and placing goes on', async () => {
    const everything = { unawareGates: GATES, unknownLeases: { count: COUNT, gates: GATES } };
    expect(await surroundings().of(node, null)).toEqual(everything);
    expect(await surroundings(new Error('the database is away')).of(node, listing({}))).toEqual(everything);
    const away = { query: () => Promise.reject(new Error('the database is away')) };
    expect(await surroundings().of(node, away)).toEqual(everything);
  });

  it('S3 are looked up again where a connection broke: a hold waits for nothing that nobody gave', async () => {
    let left = 2;
    const { query } = listing({ CR: [OWN], MX: ['mx-comar'] }) as { query(): Promise<object> };
    const breaking = {
      query: async () => {
        left -= 1;
        if (left >= 0) throw Object.assign(new Error('terminating connection'), { code: '57P01' });
        return query();
      },
    } as never;
    expect(await surroundings().of(node, breaking)).toEqual({ unawareGates: ['mx-border'], unknownLeases: null });
  });

  it('S4 within a transaction are asked one by one, and a failure is told: what it left could place nothing', async () => {
    let isAsked = false;
    const one = listing({ CR: [OWN], MX: ['mx-comar'] }) as { query(): Promise<object> };
    const transaction = {
      query: async () => {
        if (isAsked) throw new Error('two questions at once');
        isAsked = true;
        return one.query().finally(() => (isAsked = false));
      },
    } as never;
    const current = async (_: unknown, lookup: { query(text: string): Promise<unknown> }) => {
      await lookup.query('SELECT');
      return null;
    };
    const asks = new HoldSurroundings({ current, fromNowOn: () => COUNT });
    expect(await asks.within(node, transaction)).toEqual({ unawareGates: ['mx-border'], unknownLeases: null });
    const away = { query: () => Promise.reject(new Error('deadlock detected')) };
    await expect(surroundings().within(node, away)).rejects.toThrow('deadlock detected');
  });
});
