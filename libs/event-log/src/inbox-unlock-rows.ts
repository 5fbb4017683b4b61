import type { Transaction } from '@acogida/event-store';
import type { SealedEvent, Unlock } from './inbox-store.ts';
import type { Lane } from './lane.ts';

/** As `InboxStore.wantUnlock`. */
export async function insertUnlocks(transaction: Transaction, wanted: readonly Lane[]): Promise<void> {
  if (wanted.length === 0) return;
  // In one order, so that two transactions never wait for each other.
  await transaction.query({
    name: 'inbox-want-unlock',
    text: `
      INSERT INTO inbox.unlock (source, subject)
      SELECT DISTINCT w.source, w.subject FROM unnest($1::text[], $2::text[]) AS w (source, subject) ORDER BY 1, 2
      ON CONFLICT (source, subject) DO UPDATE SET wanted = unlock.wanted + 1`,
    values: [wanted.map(({ source }) => source), wanted.map(({ subject }) => subject)],
  });
}

/** As `InboxStore.openUnlocks`. */
export async function openUnlocks(database: Transaction): Promise<readonly Unlock[]> {
  const { rows } = await database.query<Unlock>({
    name: 'inbox-open-unlocks',
    text: 'SELECT source, subject, wanted FROM inbox.unlock WHERE done < wanted ORDER BY source, subject',
  });
  return rows;
}

/** As `InboxStore.closeUnlock`. */
export async function closeUnlock(database: Transaction, { source, subject, wanted }: Unlock): Promise<void> {
  await database.query({
    name: 'inbox-close-unlock',
    text: 'UPDATE inbox.unlock SET done = $3 WHERE source = $1 AND subject = $2 AND done < $3',
    values: [source, subject, wanted],
  });
}

// The agency's row is held: nothing of it is sealed meanwhile. Nobody who wants more is waited for, so none waits in a circle. Looked
// up for each open one, by index: as a join, all that is sealed of the agency would be read for the few that are open.
const CLOSE_VAIN = {
  name: 'inbox-close-vain-unlocks',
  text: `
    WITH vain AS (
      SELECT subject FROM inbox.unlock u
       WHERE source = $1 AND done < wanted
         AND (SELECT number FROM inbox.event e
               WHERE e.source = u.source AND e.subject = u.subject AND e.state = 'sealed' LIMIT 1) IS NULL
         FOR UPDATE SKIP LOCKED
    )
    UPDATE inbox.unlock u SET done = u.wanted FROM vain
     WHERE u.source = $1 AND u.subject = vain.subject RETURNING u.subject`,
};

/** As `LockedSource.closeVainUnlocks`. */
export async function closeVainUnlocks(transaction: Transaction, source: string): Promise<ReadonlySet<string>> {
  const { rows } = await transaction.query<Pick<Unlock, 'subject'>>({ ...CLOSE_VAIN, values: [source] });
  return new Set(rows.map(({ subject }) => subject));
}

/** As `LockedSource.sealedOf`. */
export async function sealedOf(
  transaction: Transaction,
  { source, subject }: Lane,
  afterNumber: number,
  limit: number,
): Promise<readonly SealedEvent[]> {
  const { rows } = await transaction.query<Omit<SealedEvent, 'position'> & { readonly position: string | null }>({
    name: 'inbox-sealed-of',
    text: `
      SELECT number, leaf_hash AS leaf, position::text AS position FROM inbox.event
       WHERE source = $1 AND subject = $2 AND state = 'sealed' AND number > $3 ORDER BY number LIMIT $4`,
    values: [source, subject, afterNumber, limit],
  });
  return rows.map(({ number, leaf, position }) => ({
    ...{ number, leaf },
    position: position === null ? null : BigInt(position),
  }));
}
