import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Read models of the directory. */
export class CreateDirectoryTables1795309200000 implements MigrationInterface {
  readonly name = 'CreateDirectoryTables1795309200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE directory_agency (
        agency_id text PRIMARY KEY,
        version integer NOT NULL,
        name text NOT NULL,
        kind text NOT NULL,
        jurisdiction text,
        status text NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE directory_focal_point (
        agency_id text NOT NULL,
        role text NOT NULL,
        contact text NOT NULL,
        PRIMARY KEY (agency_id, role)
      )`);
    await runner.query(`
      CREATE TABLE directory_key (
        agency_id text NOT NULL,
        key_id text NOT NULL,
        use text NOT NULL,
        public_key jsonb NOT NULL,
        from_number bigint NOT NULL,
        PRIMARY KEY (agency_id, key_id)
      )`);
    await runner.query(`
      CREATE TABLE directory_service (
        service_id uuid PRIMARY KEY,
        version integer NOT NULL,
        agency_id text NOT NULL,
        type text NOT NULL,
        name text NOT NULL,
        languages text[] NOT NULL,
        areas text[] NOT NULL,
        capacity text NOT NULL
      )`);
    await runner.query('CREATE INDEX directory_service_agency ON directory_service (agency_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE directory_service, directory_key, directory_focal_point, directory_agency');
  }
}
