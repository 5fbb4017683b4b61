import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Events, coded facts of the cases, and who read them. */
export class CreateTimeline1795300000002 implements MigrationInterface {
  readonly name = 'CreateTimeline1795300000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE timeline_event (
        source text NOT NULL,
        number bigint NOT NULL,
        event_id uuid NOT NULL,
        subject text NOT NULL,
        case_id uuid,
        class text NOT NULL,
        type text,
        schema_version int,
        data text,
        occurred_at timestamptz(3),
        recorded_at timestamptz(3) NOT NULL,
        received_at timestamptz(3) NOT NULL DEFAULT now(),
        clock text,
        clock_ahead boolean NOT NULL,
        causation_source text,
        causation_id uuid,
        stream text,
        version int,
        PRIMARY KEY (source, number)
      )`);
    await runner.query('CREATE INDEX timeline_event_case ON timeline_event (case_id) WHERE case_id IS NOT NULL');
    await runner.query('CREATE INDEX timeline_event_unopened ON timeline_event (source, subject) WHERE type IS NULL');
    await this.createCases(runner);
    await runner.query(`
      CREATE TABLE case_read (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        subject text NOT NULL,
        read_at timestamptz(3) NOT NULL,
        case_id uuid NOT NULL,
        route text NOT NULL,
        basis text NOT NULL
      )`);
    await runner.query('CREATE INDEX case_read_case ON case_read (case_id, read_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE case_read, timeline_case, timeline_event');
  }

  /** Defaults fill the row that is inserted to lock a case; no transaction leaves them behind. */
  private async createCases(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE timeline_case (
        case_id uuid PRIMARY KEY,
        opened_at timestamptz(3) NOT NULL DEFAULT '-infinity',
        last_recorded_at timestamptz(3) NOT NULL DEFAULT '-infinity',
        entries int NOT NULL DEFAULT 0,
        agencies text[] NOT NULL DEFAULT '{}',
        age_status text,
        sex text,
        nationalities text[] NOT NULL DEFAULT '{}',
        child boolean NOT NULL DEFAULT false,
        life_saving_need boolean NOT NULL DEFAULT false,
        trafficking_flagged boolean NOT NULL DEFAULT false,
        trafficking_suggested text,
        trafficking_outcome text,
        asylum_state text,
        referrals jsonb NOT NULL DEFAULT '[]',
        referral_states text[] NOT NULL DEFAULT '{}'
      )`);
    await runner.query('CREATE INDEX timeline_case_opened ON timeline_case (opened_at DESC, case_id DESC)');
    await runner.query(
      'CREATE INDEX timeline_case_outcome ON timeline_case (trafficking_outcome, opened_at DESC, case_id DESC)',
    );
    for (const column of ['agencies', 'nationalities', 'referral_states']) {
      await runner.query(`CREATE INDEX timeline_case_${column} ON timeline_case USING gin (${column})`);
    }
  }
}
