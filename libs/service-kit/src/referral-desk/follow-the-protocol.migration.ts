import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Both axes of a referral instead of one state, what each side said of it, and what is due next (architecture.md §6). What the
 * axes mean together stands in the merge table of @acogida/referral, not here.
 */
export class FollowTheProtocol1795500000000 implements MigrationInterface {
  readonly name = 'FollowTheProtocol1795500000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE referral
        ADD request_status text NOT NULL DEFAULT 'REQUESTED',
        ADD fulfilment_status text NOT NULL DEFAULT 'NONE',
        ADD transfer boolean NOT NULL DEFAULT false,
        ADD group_id uuid,
        ADD attachments jsonb NOT NULL DEFAULT '[]',
        ADD hold_reason text,
        ADD hold_information text[],
        ADD hold_expected_by timestamptz,
        ADD held_at timestamptz,
        ADD informed_at timestamptz,
        ADD information_attachments jsonb,
        ADD started_at timestamptz,
        ADD failure_reason text,
        ADD failed_at timestamptz,
        ADD cancel_reason text,
        ADD entry_error text,
        ADD loop_outcome text,
        ADD next_referral_id uuid,
        ADD ended_at timestamptz,
        ADD escalated_at timestamptz,
        ADD answer_by timestamptz,
        ADD custody_term integer,
        ADD next_due_kind text,
        ADD next_due_at timestamptz,
        ADD next_due_of text CHECK (next_due_of IN ('SENDER', 'RECEIVER'))`);
    // What is due follows from the state, and when from the urgency: events of before said nothing of it. The projection does
    // the same with them (`referral-projection.ts`), so that a rebuild ends here too.
    await runner.query(`
      UPDATE referral SET
        fulfilment_status = CASE state WHEN 'REQUESTED' THEN 'NONE' ELSE state END,
        next_due_kind = CASE state WHEN 'REQUESTED' THEN 'ACKNOWLEDGE' WHEN 'ACKNOWLEDGED' THEN 'DECIDE'
          WHEN 'ACCEPTED' THEN 'START' ELSE 'CLOSE_LOOP' END,
        next_due_of = CASE WHEN state IN ('REJECTED', 'COMPLETED') THEN 'SENDER' ELSE 'RECEIVER' END,
        next_due_at = CASE state WHEN 'REQUESTED' THEN acknowledge_by
          WHEN 'COMPLETED' THEN completed_at + interval '168 hours'
          ELSE CASE state WHEN 'ACKNOWLEDGED' THEN acknowledged_at WHEN 'ACCEPTED' THEN accepted_at ELSE rejected_at END
            + CASE urgency WHEN 'LIFE_SAVING' THEN interval '1 hour' WHEN 'PRIORITY' THEN interval '72 hours'
                WHEN 'ROUTINE' THEN interval '168 hours' ELSE interval '24 hours' END
        END`);
    await runner.query('ALTER TABLE referral DROP state, DROP sender_task');
    await runner.query('CREATE INDEX referral_due ON referral (next_due_at) WHERE next_due_at IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX referral_due');
    await runner.query(
      "ALTER TABLE referral ADD state text NOT NULL DEFAULT 'REQUESTED', ADD sender_task text NOT NULL DEFAULT 'WAITING'",
    );
    await runner.query(
      "UPDATE referral SET state = CASE fulfilment_status WHEN 'NONE' THEN 'REQUESTED' ELSE fulfilment_status END",
    );
    await runner.query(`
      ALTER TABLE referral
        DROP request_status, DROP fulfilment_status, DROP transfer, DROP group_id, DROP attachments, DROP hold_reason,
        DROP hold_information, DROP hold_expected_by, DROP held_at, DROP informed_at, DROP information_attachments,
        DROP started_at, DROP failure_reason, DROP failed_at, DROP cancel_reason, DROP entry_error, DROP loop_outcome,
        DROP next_referral_id, DROP ended_at, DROP escalated_at, DROP answer_by, DROP custody_term, DROP next_due_kind,
        DROP next_due_at, DROP next_due_of`);
  }
}
