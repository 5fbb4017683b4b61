import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Creates the schema `audit`. Entries are only ever added: the database refuses to change or remove one. */
export class CreateAuditTable1795501000000 implements MigrationInterface {
  readonly name = 'CreateAuditTable1795501000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE SCHEMA audit');
    await runner.query(`
      CREATE TABLE audit.entry (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        at timestamptz NOT NULL,
        actor text NOT NULL,
        kind text NOT NULL,
        case_id uuid,
        details text[] NOT NULL,
        consent_id uuid
      )`);
    await runner.query('CREATE INDEX entry_of_case ON audit.entry (case_id, id) WHERE case_id IS NOT NULL');
    await runner.query(`
      CREATE FUNCTION audit.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'entries of the audit are never changed';
      END $$`);
    await runner.query(`
      CREATE TRIGGER entry_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.entry
      FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA audit CASCADE');
  }
}

/** Migrations of the audit, in order; every node runs them. */
export const auditMigrations: readonly (new () => MigrationInterface)[] = [CreateAuditTable1795501000000];
