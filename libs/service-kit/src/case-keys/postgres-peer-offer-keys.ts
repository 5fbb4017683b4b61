import type { Instant } from '@acogida/core';
import type { Transaction } from '@acogida/event-store';
import type { PeerOfferKey, PeerOfferKeyBook } from './peer-offer-keys.ts';

const FIELDS = 'agency, key_id AS "keyId", x, valid_from AS "validFrom", valid_through AS "validThrough"';

/** Offer keys of other agencies in the table `peer_offer_key` (`caseKeysMigrations`). */
export class PostgresPeerOfferKeys implements PeerOfferKeyBook {
  async note(transaction: Transaction, keys: readonly PeerOfferKey[]): Promise<void> {
    await transaction.query(
      `INSERT INTO peer_offer_key (agency, key_id, x, valid_from, valid_through)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) ON CONFLICT DO NOTHING`,
      [
        keys.map(({ agency }) => agency),
        keys.map(({ keyId }) => keyId),
        keys.map(({ x }) => x),
        keys.map(({ validFrom }) => validFrom),
        keys.map(({ validThrough }) => validThrough),
      ],
    );
  }

  async retire(transaction: Transaction, keys: readonly Pick<PeerOfferKey, 'agency' | 'keyId'>[]): Promise<void> {
    await transaction.query(
      `UPDATE peer_offer_key AS known SET is_retired = true
       FROM unnest($1::text[], $2::text[]) AS gone (agency, key_id)
       WHERE known.agency = gone.agency AND known.key_id = gone.key_id`,
      [keys.map(({ agency }) => agency), keys.map(({ keyId }) => keyId)],
    );
  }

  async since(transaction: Transaction, at: Instant): Promise<readonly PeerOfferKey[]> {
    const { rows } = await transaction.query<PeerOfferKey>(
      `SELECT ${FIELDS} FROM peer_offer_key WHERE NOT is_retired AND valid_through >= $1
       ORDER BY agency COLLATE "C", valid_from, noted`,
      [at],
    );
    return rows;
  }

  async clear(transaction: Transaction): Promise<void> {
    await transaction.query('DELETE FROM peer_offer_key');
  }
}
