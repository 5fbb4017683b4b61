import type { NodeAddressAnnouncedV1Data } from '@acogida/contracts';
import type { ContractProjection } from '@acogida/event-log';
import type { Transaction } from '@acogida/event-store';
import { dataOf } from '../received-data.ts';

const UPSERT = {
  name: 'known-address-upsert',
  text: `
  INSERT INTO known_address (agency, number, url)
  SELECT agency, number, url FROM jsonb_to_recordset($1::jsonb) AS said (agency text, number bigint, url text)
  ON CONFLICT (agency) DO UPDATE SET number = excluded.number, url = excluded.url
    WHERE known_address.number < excluded.number`,
};

/** Where other agencies say that their nodes are asked, each of itself; the last word counts. Kept at every node. */
export const knownAddressProjection: ContractProjection = {
  name: 'known-address',
  async apply({ opened }, transaction) {
    const last = new Map<string, { readonly agency: string; readonly number: number; readonly url: string }>();
    for (const event of opened) {
      const { source: agency, number, payload } = event;
      if (payload.type !== 'NodeAddressAnnounced' || number < (last.get(agency)?.number ?? 0)) continue;
      last.set(agency, { agency, number, url: dataOf<NodeAddressAnnouncedV1Data>(event).url });
    }
    if (last.size > 0) await transaction.query({ ...UPSERT, values: [JSON.stringify([...last.values()])] });
  },
  async reset(transaction) {
    await transaction.query('TRUNCATE known_address');
  },
};

/** Where an agency is asked; null where it announced nothing that this node has heard. */
export async function addressOf(database: Pick<Transaction, 'query'>, agencyId: string): Promise<string | null> {
  const { rows } = await database.query<{ url: string }>({
    name: 'known-address-of-agency',
    text: 'SELECT url FROM known_address WHERE agency = $1',
    values: [agencyId],
  });
  return rows[0]?.url ?? null;
}
