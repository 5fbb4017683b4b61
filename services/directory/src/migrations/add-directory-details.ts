import type { MigrationInterface, QueryRunner } from 'typeorm';

// What entries from before left unsaid is filled in as their events are lifted (contracts/src/upcasters).
const AGENCY = [
  `ALTER TABLE directory_agency
     ADD COLUMN nature text,
     ADD COLUMN authority_of text,
     ADD COLUMN participation text NOT NULL DEFAULT 'NODE',
     ADD COLUMN successor text,
     ADD COLUMN languages text[] NOT NULL DEFAULT '{}'`,
  `UPDATE directory_agency SET
     nature = CASE kind WHEN 'RETURN' THEN 'RETURN' WHEN 'OVERSIGHT' THEN 'OVERSIGHT' WHEN 'DIRECTORY' THEN 'INTERNATIONAL'
       WHEN 'SERVICE_PROVIDER' THEN 'NGO' ELSE 'PUBLIC_AUTHORITY' END,
     authority_of = CASE WHEN kind IN ('OVERSIGHT', 'DIRECTORY', 'SERVICE_PROVIDER') THEN NULL ELSE jurisdiction END`,
  `ALTER TABLE directory_agency ALTER COLUMN nature SET NOT NULL, ALTER COLUMN participation DROP DEFAULT,
     ALTER COLUMN languages DROP DEFAULT`,
];

const SERVICE = [
  `ALTER TABLE directory_service
     ADD COLUMN description text,
     ADD COLUMN status text NOT NULL DEFAULT 'ACTIVE',
     ADD COLUMN service_areas jsonb,
     ADD COLUMN eligibility jsonb NOT NULL DEFAULT '{"minimum_age": null, "maximum_age": null, "sexes": [],
       "nationalities": [], "excluded_nationalities": [], "stages": [], "eligibility_description": null}',
     ADD COLUMN schedules jsonb NOT NULL DEFAULT '[]',
     ADD COLUMN available integer,
     ADD COLUMN maximum integer,
     ADD COLUMN unit text,
     ADD COLUMN updated text`,
  `UPDATE directory_service SET service_areas = COALESCE(
     (SELECT jsonb_agg(jsonb_build_object('country', country, 'name', NULL) ORDER BY place)
      FROM unnest(areas) WITH ORDINALITY AS listed (country, place)), '[]')`,
  `ALTER TABLE directory_service ALTER COLUMN service_areas SET NOT NULL, ALTER COLUMN status DROP DEFAULT,
     ALTER COLUMN eligibility DROP DEFAULT, ALTER COLUMN schedules DROP DEFAULT`,
];

const FOCAL_POINT = [
  // '' is any region: a primary key has no nulls
  `ALTER TABLE directory_focal_point
     ADD COLUMN origin_region text NOT NULL DEFAULT '',
     ADD COLUMN languages text[] NOT NULL DEFAULT '{}'`,
  `ALTER TABLE directory_focal_point DROP CONSTRAINT directory_focal_point_pkey,
     ADD PRIMARY KEY (agency_id, role, origin_region)`,
];

const NEW_TABLES = [
  `CREATE TABLE directory_agreement (
     agreement_id uuid PRIMARY KEY,
     version integer NOT NULL,
     kind text NOT NULL,
     name text NOT NULL,
     parties text[] NOT NULL,
     purposes text[] NOT NULL,
     valid_from text NOT NULL,
     valid_through text,
     procedure_version text,
     suspended boolean NOT NULL
   )`,
  'CREATE INDEX directory_agreement_parties ON directory_agreement USING gin (parties)',
  `CREATE TABLE directory_clearance_authority (
     jurisdiction text NOT NULL,
     agency_id text NOT NULL,
     version integer NOT NULL,
     holds text[] NOT NULL,
     PRIMARY KEY (jurisdiction, agency_id)
   )`,
];

/** What the directory says of agencies, services and focal points since version 2; agreements and clearance authorities. */
export class AddDirectoryDetails1795490000000 implements MigrationInterface {
  readonly name = 'AddDirectoryDetails1795490000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...AGENCY, ...SERVICE, ...FOCAL_POINT, ...NEW_TABLES]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE directory_clearance_authority, directory_agreement');
    await runner.query(`DELETE FROM directory_focal_point WHERE origin_region <> ''`);
    await runner.query(`ALTER TABLE directory_focal_point DROP CONSTRAINT directory_focal_point_pkey,
      DROP COLUMN origin_region, DROP COLUMN languages, ADD PRIMARY KEY (agency_id, role)`);
    await runner.query(`ALTER TABLE directory_service DROP COLUMN description, DROP COLUMN status,
      DROP COLUMN service_areas, DROP COLUMN eligibility, DROP COLUMN schedules, DROP COLUMN available,
      DROP COLUMN maximum, DROP COLUMN unit, DROP COLUMN updated`);
    await runner.query(`ALTER TABLE directory_agency DROP COLUMN nature, DROP COLUMN authority_of,
      DROP COLUMN participation, DROP COLUMN successor, DROP COLUMN languages`);
  }
}
