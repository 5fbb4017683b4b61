import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which case an order is of: receipts name only the order. It outlives the erasure, as the order itself does. */
export class CreateErasureOrderTable1795542000000 implements MigrationInterface {
  readonly name = 'CreateErasureOrderTable1795542000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE erasure_order (
        erasure_id uuid PRIMARY KEY,
        case_id uuid NOT NULL,
        ordered_by text NOT NULL,
        ordered_at text COLLATE "C" NOT NULL,
        is_own boolean NOT NULL
      )`);
    await runner.query('CREATE INDEX erasure_order_list ON erasure_order (ordered_at DESC, erasure_id DESC)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE erasure_order');
  }
}

/** Migrations of every node. */
export const erasureMigrations: readonly (new () => MigrationInterface)[] = [CreateErasureOrderTable1795542000000];
