import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What lets an epoch of a case begin once. */
export const ONE_EPOCH = 'own_epoch_pkey';
const UNIQUE_VIOLATION = '23505';

/**
 * Keeps the keys of an epoch that a node begins in one row, wrapped together: in a row for each, with two indexes at random places
 * each, they were half of what sealing cost an append. Rows of before stay where they are.
 *
 * They come in by one function: it holds the cases (`hold_cases`), so that no erasure passes it, and locks the generations, so that
 * none is removed under a key; each of its statements sees what the one before was waited for. Triggers with the rows that
 * were written did the same at twice the cost of the rows.
 */
export class OwnEpochs1795572000000 implements MigrationInterface {
  readonly name = 'OwnEpochs1795572000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE keys.own_epoch (
        case_id uuid NOT NULL,
        epoch integer NOT NULL CHECK (epoch > 0),
        subject text NOT NULL,
        begun_at text NOT NULL,
        own_key_id text COLLATE "C" NOT NULL UNIQUE,
        coded_key_id text COLLATE "C" NOT NULL,
        care_key_id text COLLATE "C" NOT NULL,
        restricted_key_id text COLLATE "C" NOT NULL,
        generation integer NOT NULL,
        wrapped bytea NOT NULL,
        CONSTRAINT ${ONE_EPOCH} PRIMARY KEY (case_id, epoch)
      )`);
    for (const audience of ['coded', 'care', 'restricted'])
      await runner.query(`CREATE INDEX own_epoch_${audience} ON keys.own_epoch (${audience}_key_id)`);
    await runner.query(BEGIN_EPOCHS);
    await runner.query(`
      CREATE TRIGGER need_generations_update AFTER UPDATE ON keys.own_epoch
      REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION keys.need_generations()`);
    await runner.query(keepNeededGeneration(['own_epoch', 'case_key']));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(keepNeededGeneration(['case_key']));
    await runner.query(`DROP FUNCTION keys.begin_epochs(${ARRAYS})`);
    await runner.query('DROP TABLE keys.own_epoch');
  }
}

/** Types of its parameters. */
export const ARRAYS = 'uuid[], integer[], text[], text[], text[], text[], text[], text[], integer[], bytea[]';

/** As it was at first (`HoldTogether`). The parameters are the columns of the table, in their order. An epoch that stands with the same keys stays as it is. */
export const BEGIN_EPOCHS = `
  CREATE FUNCTION keys.begin_epochs(
    cases uuid[], epochs integer[], subjects text[], begun_at text[],
    own text[], coded text[], care text[], restricted text[], generations integer[], wrapped bytea[]
  ) RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM keys.hold_cases(cases);
    PERFORM FROM keys.kek WHERE generation = ANY (generations) FOR KEY SHARE;
    IF EXISTS (SELECT unnest(generations) EXCEPT SELECT generation FROM keys.kek) THEN
      RAISE foreign_key_violation USING MESSAGE = 'no such generation of the key-encryption key';
    END IF;
    IF EXISTS (
      SELECT FROM unnest(cases, epochs) AS begun (case_id, epoch) JOIN keys.case_key USING (case_id, epoch)
      WHERE audience = 'own' AND granted_by IS NULL
    ) THEN
      RAISE unique_violation USING MESSAGE = 'the epoch was begun before', CONSTRAINT = '${ONE_EPOCH}';
    END IF;
    INSERT INTO keys.own_epoch
      SELECT * FROM unnest(cases, epochs, subjects, begun_at, own, coded, care, restricted, generations, wrapped)
      ON CONFLICT (own_key_id) DO NOTHING;
  END $$`;

function keepNeededGeneration(tables: readonly string[]): string {
  const looks = tables.map((table) => `EXISTS (SELECT FROM keys.${table} WHERE generation = old.generation)`);
  return `
    CREATE OR REPLACE FUNCTION keys.keep_needed_generation() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF ${looks.join(' OR ')} THEN
        RAISE foreign_key_violation USING MESSAGE = 'keys of cases need the generation';
      END IF;
      RETURN old;
    END $$`;
}

/** Whether a transaction failed because another had begun the same epoch of a case: its keys are there now. */
export function isEpochTaken(error: unknown): boolean {
  const { code, constraint } = (error ?? {}) as { readonly code?: unknown; readonly constraint?: unknown };
  return code === UNIQUE_VIOLATION && constraint === ONE_EPOCH;
}

/** As PostgreSQL says it, for rows in memory. */
export function epochTaken(): Error {
  return Object.assign(new RangeError('the epoch was begun before'), { code: UNIQUE_VIOLATION, constraint: ONE_EPOCH });
}
