import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Until when a request for transfer is to be answered, what became of it, and what is due next. Requests of before said nothing
 * of it: they are held to seven days, as their events are read (`transferRequestUpcasters` of @acogida/referral).
 */
export class KeepTransferDeadlines1795582000000 implements MigrationInterface {
  readonly name = 'KeepTransferDeadlines1795582000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE transfer_request
        ADD urgency text,
        ADD answer_by timestamptz,
        ADD held_by text,
        ADD escalated_at timestamptz,
        ADD lapsed_at timestamptz,
        ADD withdrawn_at timestamptz,
        ADD next_due_kind text,
        ADD next_due_at timestamptz,
        ADD next_due_of text CHECK (next_due_of IN ('SENDER', 'RECEIVER'))`);
    await runner.query("UPDATE transfer_request SET urgency = 'ROUTINE', answer_by = asked_at + interval '168 hours'");
    await runner.query(`
      UPDATE transfer_request SET next_due_kind = 'ANSWER_TRANSFER', next_due_at = answer_by, next_due_of = 'RECEIVER'
       WHERE granted IS NULL`);
    await runner.query('ALTER TABLE transfer_request ALTER urgency SET NOT NULL, ALTER answer_by SET NOT NULL');
    await runner.query(
      'CREATE INDEX transfer_request_due ON transfer_request (next_due_at) WHERE next_due_at IS NOT NULL',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX transfer_request_due');
    await runner.query(`
      ALTER TABLE transfer_request
        DROP urgency, DROP answer_by, DROP held_by, DROP escalated_at, DROP lapsed_at, DROP withdrawn_at,
        DROP next_due_kind, DROP next_due_at, DROP next_due_of`);
  }
}
