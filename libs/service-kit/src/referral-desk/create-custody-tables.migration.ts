import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who has which case, requests for transfer, successors of agencies that are gone, and why a referral was made. */
export class CreateCustodyTables1795510000000 implements MigrationInterface {
  readonly name = 'CreateCustodyTables1795510000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE custody (
        case_id uuid PRIMARY KEY,
        term integer NOT NULL,
        holder text NOT NULL,
        basis text NOT NULL,
        since timestamptz NOT NULL,
        agencies text[] NOT NULL
      )`);
    // An order for an agency concerns every case in whose custody it was ever named.
    await runner.query('CREATE INDEX custody_agencies ON custody USING gin (agencies)');
    await runner.query(`
      CREATE TABLE transfer_request (
        transfer_request_id uuid PRIMARY KEY,
        direction text NOT NULL CHECK (direction IN ('sent', 'received')),
        version integer NOT NULL,
        case_id uuid NOT NULL,
        asker text NOT NULL,
        custodian text NOT NULL,
        asked_at timestamptz NOT NULL,
        granted boolean,
        referral_id uuid,
        reason text,
        answered_at timestamptz
      )`);
    await runner.query(
      'CREATE INDEX transfer_request_list ON transfer_request (asked_at DESC, transfer_request_id DESC)',
    );
    await runner.query('CREATE INDEX transfer_request_case ON transfer_request (case_id)');
    await runner.query('CREATE TABLE succession (agency text PRIMARY KEY, successor text NOT NULL)');
    await runner.query('ALTER TABLE referral ADD caused_by uuid, ADD separation_reason text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE referral DROP caused_by, DROP separation_reason');
    await runner.query('DROP TABLE succession');
    await runner.query('DROP TABLE transfer_request');
    await runner.query('DROP TABLE custody');
  }
}
