import type { Transaction } from '@acogida/event-store';
import type { SealedEvent, Unlock } from './inbox-store.ts';
import type { Lane } from './lane.ts';

/** As `InboxStore.wantUnlock`. */
export async function insertUnlocks(transaction: Transaction, wanted: readonly Lane[]): Promise<void> {
  if (wanted.length === 0) return;
  // In one order, so that two transactions never wait for each other.
  await transaction.query(
    `INSERT INTO inbox.unlock (source, subject)
     SELECT DISTINCT w.source, w.subject FROM unnest($1::text[], $2::text[]) AS w (source, subject) ORDER BY 1, 2
     ON CONFLICT (source, subject) DO UPDATE SET wanted = unlock.wanted + 1`,
    [wanted.map(({ source }) => source), wanted.map(({ subject }) => subject)],
  );
}

/** As `LockedSource.reopenUnlocks`. */
export async function reopenUnlocks(
  transaction: Transaction,
  source: string,
  subjects: readonly string[],
): Promise<boolean> {
  const { rowCount } = await transaction.query(
    `UPDATE inbox.unlock SET wanted = wanted + 1 WHERE source = $1 AND subject = ANY($2::text[])`,
    [source, subjects],
  );
  return (rowCount ?? 0) > 0;
}

/** As `InboxStore.openUnlocks`. */
export async function openUnlocks(database: Transaction): Promise<readonly Unlock[]> {
  const { rows } = await database.query<Unlock>(
    'SELECT source, subject, wanted FROM inbox.unlock WHERE done < wanted ORDER BY source, subject',
  );
  return rows;
}

/** As `InboxStore.closeUnlock`. */
export async function closeUnlock(database: Transaction, { source, subject, wanted }: Unlock): Promise<void> {
  await database.query('UPDATE inbox.unlock SET done = $3 WHERE source = $1 AND subject = $2 AND done < $3', [
    source,
    subject,
    wanted,
  ]);
}

/** As `LockedSource.sealedOf`. */
export async function sealedOf(
  transaction: Transaction,
  { source, subject }: Lane,
  afterNumber: number,
  limit: number,
): Promise<readonly SealedEvent[]> {
  const { rows } = await transaction.query<Omit<SealedEvent, 'position'> & { readonly position: string | null }>(
    `SELECT number, leaf_hash AS leaf, position::text AS position FROM inbox.event
      WHERE source = $1 AND subject = $2 AND state = 'sealed' AND number > $3 ORDER BY number LIMIT $4`,
    [source, subject, afterNumber, limit],
  );
  return rows.map(({ number, leaf, position }) => ({
    ...{ number, leaf },
    position: position === null ? null : BigInt(position),
  }));
}
