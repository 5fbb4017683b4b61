import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { inTransaction } from '@acogida/event-store';
import type { ReceivedEvent } from '@acogida/event-log';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import type { NodeMember } from '../node-definition.ts';
import { agencyEntry, agreementEntry, type ListedEntry, serviceEntry } from '../testing/listing-node.ts';
import { directoryViewMigrations } from './create-known-entry-table.migration.ts';
import { directoryViewProjection } from './directory-view-projection.ts';
import { LocalDirectory } from './local-directory.ts';

const SERVICE_ID = '00000000-0000-4000-8000-000000000004';
const AGREEMENT_ID = '00000000-0000-4000-8000-000000000021';
const FRAME = { class: 'directory', caseId: null } as const;
const MEMBERS: readonly NodeMember[] = [
  { agencyId: 'regional-directory', kind: 'directory', name: 'Directory', jurisdiction: null },
  { agencyId: 'mx-comar', kind: 'asylum', name: 'Comar', jurisdiction: 'MX' },
  { agencyId: 'regional-unit', kind: 'asylum', name: 'Unit', jurisdiction: null },
];

let database: TestDatabase;
let directory: LocalDirectory;
let number = 0;

beforeAll(async () => {
  database = await createTestDatabase(directoryViewMigrations);
  directory = new LocalDirectory({ members: () => MEMBERS }, database.pool);
});
beforeEach(() => inTransaction(database.pool, (client) => directoryViewProjection.reset(client)));
afterAll(() => database.drop());

function heard({ type, schemaVersion, data }: ListedEntry, source: string, at: number): ReceivedEvent {
  return {
    ...{ id: '16fd2706-8baf-433b-82eb-8c7fada847da', source, class: 'directory', subject: 'directory', number: at },
    ...{ time: '2026-11-22T09:00:00.000Z', clockAhead: false },
    payload: { ...FRAME, type, schemaVersion, data } as unknown as ReceivedEvent['payload'],
  };
}

async function hears(entries: readonly ListedEntry[], source = 'regional-directory'): Promise<void> {
  const opened = entries.map((entry) => heard(entry, source, (number += 1)));
  await inTransaction(database.pool, (client) => directoryViewProjection.apply({ opened, sealed: [] }, client));
}

describe('the directory as a node has heard of it', () => {
  it('is what whoCanTake looks at: agencies, services and agreements, each as it was published last', async () => {
    const [agency, service] = [agencyEntry('cr-casa'), serviceEntry(SERVICE_ID, 'cr-casa')];
    const agreement = agreementEntry(AGREEMENT_ID, ['cr-border-intake', 'mx-comar']);
    const full = serviceEntry(SERVICE_ID, 'cr-casa', { status: 'TEMPORARILY_CLOSED' });
    await hears([agency, service, agreement]);
    expect(await directory.view()).toEqual({
      ...{ agencies: [agency.data], services: [service.data], agreements: [agreement.data] },
    });
    await hears([full]);
    expect((await directory.view()).services).toEqual([full.data]);
  });

  it('takes the last word of a batch, and an older one that comes later changes nothing', async () => {
    await hears([agencyEntry('cr-casa'), agencyEntry('cr-casa', { status: 'CLOSED' })]);
    expect((await directory.agency('cr-casa'))?.status).toBe('CLOSED');
    const late = heard(agencyEntry('cr-casa', { status: 'SUSPENDED' }), 'regional-directory', number - 1);
    await inTransaction(database.pool, (client) =>
      directoryViewProjection.apply({ opened: [late], sealed: [] }, client),
    );
    expect((await directory.agency('cr-casa'))?.status).toBe('CLOSED');
  });

  it('names the successor of an agency', async () => {
    await hears([agencyEntry('cr-casa', { successor: 'cr-conatt' })]);
    expect((await directory.agency('cr-casa'))?.successor).toBe('cr-conatt');
  });

  it('knows focal points of an agency by role and region, of nobody with a like name', async () => {
    const point = (agencyId: string, originRegion: 'AFRICA' | null): ListedEntry => ({
      ...{ ...FRAME, type: 'FocalPointDesignated', schemaVersion: 2 },
      data: { agencyId, role: 'EXTRA_CONTINENTAL', contact: 'a@b.example', originRegion, languages: [] },
    });
    await hears([point('cr-casa', null), point('cr-casa', 'AFRICA'), point('cr-casa-dos', null)]);
    expect(await directory.focalPoints('cr-casa')).toEqual([
      point('cr-casa', null).data,
      point('cr-casa', 'AFRICA').data,
    ]);
  });

  it('knows who clears in a jurisdiction', async () => {
    const authorities = [{ agencyId: 'cr-conatt', holds: ['TRAFFICKING_SCREENING' as const] }];
    await hears([
      { ...FRAME, type: 'ClearanceAuthoritiesListed', schemaVersion: 1, data: { jurisdiction: 'CR', authorities } },
    ]);
    expect(await directory.clearanceAuthorities('CR')).toEqual(authorities);
    expect(await directory.clearanceAuthorities('MX')).toEqual([]);
  });

  it('is the word of the directory alone: what another agency publishes of itself counts for nothing', async () => {
    await hears([agencyEntry('mx-comar', { nature: 'NGO' }), serviceEntry(SERVICE_ID, 'mx-comar')], 'mx-comar');
    expect(await directory.view()).toEqual({ agencies: [], services: [], agreements: [] });
    expect(await directory.recipient('mx-comar')).toMatchObject({ nature: 'PUBLIC_AUTHORITY' });
  });
});

describe('INV-05 who an agency is', () => {
  it('is what the directory says', async () => {
    await hears([agencyEntry('mx-comar', { nature: 'CONSULATE', authorityOf: 'MX' })]);
    const profile = { agencyId: 'mx-comar', nature: 'CONSULATE', authorityOf: 'MX' };
    expect(await directory.recipient('mx-comar')).toEqual(profile);
    expect((await directory.recipients()).get('mx-comar')).toEqual(profile);
  });

  it('until then is presumed: an authority of its State', async () => {
    const profile = { agencyId: 'mx-comar', nature: 'PUBLIC_AUTHORITY', authorityOf: 'MX' };
    expect(await directory.recipient('mx-comar')).toEqual(profile);
    expect((await directory.recipients()).get('mx-comar')).toEqual(profile);
    expect(await directory.recipient('regional-unit')).toMatchObject({ authorityOf: null });
  });

  it('of one that neither is listed nor takes part, nothing is known', async () => {
    expect(await directory.recipient('xx-nobody')).toBeNull();
  });
});
