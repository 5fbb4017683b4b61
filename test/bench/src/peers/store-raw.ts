import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Peer } from '../process/peer.ts';
import { closedLoop, type LoopPlan, timedLoop } from './closed-loop.ts';
import { dataAt, StreamTurns } from './sample-events.ts';

const TABLE = `
  CREATE TABLE event (
    position bigserial PRIMARY KEY,
    stream text COLLATE "C" NOT NULL,
    version integer NOT NULL,
    type text NOT NULL,
    data text NOT NULL,
    UNIQUE (stream, version)
  )`;

const INSERT = {
  name: 'append',
  text: `INSERT INTO event (stream, version, type, data)
         VALUES ($1, $2, 'StepTaken', $3), ($1, $4, 'StepTaken', $5), ($1, $6, 'StepTaken', $7)`,
};

/**
 * As little as PostgreSQL can be asked for: one INSERT of three rows, one commit for each append; no head, no chain, no
 * outbox, no read model.
 */
export async function open({ databaseUrl, poolSize }: { databaseUrl: string; poolSize: number }): Promise<Peer> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: poolSize });
  await pool.query(TABLE.replace('CREATE TABLE', 'CREATE TABLE IF NOT EXISTS'));
  const turns = new StreamTurns(randomUUID);
  const stream = randomUUID();
  const appendOnce = (worker: number): Promise<unknown> => {
    const { stream: name, version, data } = turns.next(worker);
    const rows = data.flatMap((facts, index) => [version + 1 + index, JSON.stringify(facts)]);
    return pool.query({ ...INSERT, values: [name, ...rows] });
  };
  const readOnce = async (): Promise<unknown> => {
    const { rows } = await pool.query<{ version: number; type: string; data: string }>({
      name: 'read',
      text: 'SELECT version, type, data FROM event WHERE stream = $1 ORDER BY version',
      values: [stream],
    });
    return rows.map((row) => ({ ...row, data: JSON.parse(row.data) as unknown }));
  };
  return {
    operations: {
      append: (plan: LoopPlan) => closedLoop(plan, appendOnce),
      writeStream: async (length: number) => {
        for (let version = 1; version <= length; version += 1) {
          await pool.query(`INSERT INTO event (stream, version, type, data) VALUES ($1, $2, 'StepTaken', $3)`, [
            ...[stream, version, JSON.stringify(dataAt(version - 1))],
          ]);
        }
      },
      readStream: (durationMs: number) => timedLoop(durationMs, readOnce),
    },
    close: () => pool.end(),
  };
}
