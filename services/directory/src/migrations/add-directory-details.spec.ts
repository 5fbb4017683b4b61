import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import type { QueryRunner } from 'typeorm';
import { AddDirectoryDetails1795490000000 } from './add-directory-details.ts';
import { CreateDirectoryTables1795309200000 } from './create-directory-tables.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database?.drop());

it('fills in what rows from before left unsaid as their events are lifted, and goes back', async () => {
  const runner = { query: (text: string) => database.pool.query(text) } as unknown as QueryRunner;
  await new CreateDirectoryTables1795309200000().up(runner);
  await database.pool.query(`INSERT INTO directory_agency VALUES
    ('cr-conatt', 2, 'CONATT', 'COUNTER_TRAFFICKING', 'CR', 'ACTIVE'), ('ngo', 1, 'NGO', 'SERVICE_PROVIDER', 'CR', 'CLOSED'),
    ('return', 1, 'Return', 'RETURN', 'MX', 'ACTIVE'), ('directory', 1, 'Directory', 'DIRECTORY', NULL, 'ACTIVE'),
    ('ombudsman', 1, 'Ombudsman', 'OVERSIGHT', 'CR', 'ACTIVE')`);
  await database.pool.query(
    `INSERT INTO directory_focal_point VALUES ('cr-conatt', 'TRAFFICKING', 'a@conatt.example')`,
  );
  await database.pool.query(`INSERT INTO directory_service VALUES
    ('4e1f2b1c-1a58-4f3a-9c3e-0d6c2f6a7b10', 1, 'cr-conatt', 'SHELTER', 'Casa', '{spa}', '{PA,CR}', 'FULL'),
    ('4e1f2b1c-1a58-4f3a-9c3e-0d6c2f6a7b11', 1, 'cr-conatt', 'FOOD', 'Comedor', '{}', '{}', 'AVAILABLE')`);
  await new AddDirectoryDetails1795490000000().up(runner);
  const { rows: agencies } = await database.pool.query('SELECT agency_id, nature, authority_of FROM directory_agency');
  expect(agencies).toEqual([
    { agency_id: 'cr-conatt', nature: 'PUBLIC_AUTHORITY', authority_of: 'CR' },
    { agency_id: 'ngo', nature: 'NGO', authority_of: null },
    { agency_id: 'return', nature: 'RETURN', authority_of: 'MX' },
    { agency_id: 'directory', nature: 'INTERNATIONAL', authority_of: null },
    { agency_id: 'ombudsman', nature: 'OVERSIGHT', authority_of: null },
  ]);
  const { rows: usual } = await database.pool.query(
    'SELECT DISTINCT participation, successor, languages FROM directory_agency',
  );
  expect(usual).toEqual([{ participation: 'NODE', successor: null, languages: [] }]);
  const { rows: services } = await database.pool.query('SELECT * FROM directory_service ORDER BY service_id');
  expect(services).toMatchObject([
    {
      ...{ capacity: 'FULL', available: null, maximum: null, unit: null, updated: null, description: null },
      ...{ status: 'ACTIVE', schedules: [], eligibility: { minimum_age: null, sexes: [], stages: [] } },
      service_areas: [
        { country: 'PA', name: null },
        { country: 'CR', name: null },
      ],
    },
    { service_areas: [] },
  ]);
  const { rows: points } = await database.pool.query('SELECT * FROM directory_focal_point');
  expect(points).toMatchObject([{ role: 'TRAFFICKING', origin_region: '', languages: [] }]);
  await new AddDirectoryDetails1795490000000().down(runner);
  const { rows: columns } = await database.pool.query(
    `SELECT count(*)::int AS count FROM information_schema.columns WHERE table_name LIKE 'directory_%'`,
  );
  expect(columns).toEqual([{ count: 6 + 3 + 5 + 8 }]);
});
