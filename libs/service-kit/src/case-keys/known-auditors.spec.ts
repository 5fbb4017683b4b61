import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { inTransaction } from '@acogida/event-store';
import type { ReceivedEvent } from '@acogida/event-log';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import { directoryViewMigrations } from '../directory-view/create-known-entry-table.migration.ts';
import { directoryViewProjection } from '../directory-view/directory-view-projection.ts';
import type { NodeMember } from '../node-definition.ts';
import { agencyEntry } from '../testing/listing-node.ts';
import type { AuditMandate } from './audiences.ts';
import { KnownAuditors } from './known-auditors.ts';
import { CONATT, OMBUDSMAN, OWN } from './testing/case-keys-examples.ts';

const DIRECTORY = 'regional-directory';
const REGIONAL = 'regional-commission';
const MEMBERS: readonly NodeMember[] = [
  { agencyId: DIRECTORY, kind: 'directory', name: 'Directory', jurisdiction: null },
  { agencyId: OWN, kind: 'intake', name: 'Intake', jurisdiction: 'CR' },
  { agencyId: CONATT, kind: 'counter-trafficking', name: 'Conatt', jurisdiction: 'CR' },
  { agencyId: OMBUDSMAN, kind: 'timeline', name: 'Ombudsman', jurisdiction: 'CR' },
  { agencyId: 'mx-cndh', kind: 'timeline', name: 'Comisión', jurisdiction: 'MX' },
  { agencyId: REGIONAL, kind: 'timeline', name: 'Commission', jurisdiction: null },
];

describe('the auditors that a node knows', () => {
  let database: TestDatabase;
  let mandates: Readonly<Record<string, AuditMandate>>;
  let auditors: KnownAuditors;
  let number = 0;

  beforeAll(async () => {
    database = await createTestDatabase(directoryViewMigrations);
  });
  afterAll(() => database.drop());

  const known = (agencyId = OWN): KnownAuditors =>
    new KnownAuditors({
      ...{ agencyId, members: () => MEMBERS, database: database.pool },
      mandateOf: (agency) => mandates[agency] ?? 'NONE',
    });

  beforeEach(async () => {
    mandates = {};
    auditors = known();
    await inTransaction(database.pool, (client) => directoryViewProjection.reset(client));
  });

  async function hear(change: Parameters<typeof agencyEntry>[1], source = DIRECTORY): Promise<void> {
    number += 1;
    const opened = [{ source, number, payload: agencyEntry(OMBUDSMAN, change) } as unknown as ReceivedEvent];
    await inTransaction(database.pool, async (client) => {
      await directoryViewProjection.apply({ opened, sealed: [] }, client);
      await auditors.projection().apply({ opened, sealed: [] }, client);
    });
  }

  it('are whom the roots admitted as such, each for its own jurisdiction', () => {
    const coded = ['coded', 'care'];
    expect(auditors.of(['CR'])).toEqual([{ agency: OMBUDSMAN, audiences: coded }]);
    expect(auditors.of(['MX', 'CR'])).toEqual([
      { agency: OMBUDSMAN, audiences: coded },
      { agency: 'mx-cndh', audiences: coded },
    ]);
    expect(auditors.of([null])).toEqual([]);
    expect(known(OMBUDSMAN).of(['CR'])).toEqual([]);
  });

  it('are known everywhere, with the jurisdiction that each audits', () => {
    mandates = { [REGIONAL]: 'CODED' };
    expect(auditors.everywhere()).toEqual([
      { agency: REGIONAL, audiences: ['coded', 'care'], jurisdiction: null },
      { agency: OMBUDSMAN, audiences: ['coded', 'care'], jurisdiction: 'CR' },
      { agency: REGIONAL, audiences: ['coded', 'care'], jurisdiction: 'CR' },
      { agency: 'mx-cndh', audiences: ['coded', 'care'], jurisdiction: 'MX' },
      { agency: REGIONAL, audiences: ['coded', 'care'], jurisdiction: 'MX' },
    ]);
  });

  it('read as much more as their mandate says', () => {
    mandates = { [OMBUDSMAN]: 'RESTRICTED', [REGIONAL]: 'CODED' };
    expect(auditors.of(['CR'])).toEqual([
      { agency: OMBUDSMAN, audiences: ['coded', 'care', 'restricted'] },
      { agency: REGIONAL, audiences: ['coded', 'care'] },
    ]);
  });

  it('are as the directory lists them, at once and after a restart', async () => {
    const { revision } = auditors;
    expect(auditors.listed(OMBUDSMAN)).toBeUndefined();
    await hear({ kind: 'OVERSIGHT', nature: 'OVERSIGHT', status: 'SUSPENDED' });
    expect(auditors.of(['CR'])).toEqual([]);
    expect(auditors.revision).toBeGreaterThan(revision);
    expect(auditors.listed(OMBUDSMAN)).toMatchObject({ status: 'SUSPENDED' });
    auditors = known();
    await auditors.refresh();
    expect(auditors.of(['CR'])).toEqual([]);
    await hear({ kind: 'OVERSIGHT', nature: 'OVERSIGHT', status: 'ACTIVE' });
    expect(auditors.of(['CR'])).toHaveLength(1);
  });

  it('are not as anybody else lists them', async () => {
    await hear({ kind: 'OVERSIGHT', status: 'SUSPENDED' }, CONATT);
    expect(auditors.of(['CR'])).toHaveLength(1);
  });
});
