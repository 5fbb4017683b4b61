import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { ReadModelWriter, Transaction } from '../port.ts';
import type { AppendSealing, CaseToKeep, KeptPlace, Reveal, StoreSealing } from '../store-sealing.ts';

/** Where the keys of the specs are kept: one row per case. */
export const SAMPLE_KEYS = `CREATE TABLE sample_key (
  id text PRIMARY KEY,
  case_id text NOT NULL CONSTRAINT sample_key_of_case UNIQUE,
  secret text NOT NULL
)`;

interface SampleKey {
  readonly id: string;
  readonly case_id: string;
  readonly secret: string;
}

function encrypt(key: SampleKey, place: KeptPlace, text: string): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(key.secret, 'hex'), nonce);
  cipher.setAAD(Buffer.from(JSON.stringify(place)));
  return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: SampleKey, place: KeptPlace, kept: string | Buffer): string {
  const bytes = typeof kept === 'string' ? Buffer.from(kept, 'base64') : kept;
  const decipher = createDecipheriv('aes-256-gcm', Buffer.from(key.secret, 'hex'), bytes.subarray(0, 12));
  decipher.setAAD(Buffer.from(JSON.stringify(place)));
  decipher.setAuthTag(bytes.subarray(-16));
  return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString('utf8');
}

/** Keys of cases in a table of the spec's database, as far as the port of the store says what they are for. */
export class SampleSealing implements StoreSealing {
  readonly #database: Transaction;
  readonly #byCase = new Map<string, SampleKey>();
  readonly #byId = new Map<string, SampleKey>();
  /** Keys of cases that have none in the database yet. */
  readonly #beginning = new Map<string, SampleKey>();
  /** How often keys were looked for. */
  lookups = 0;

  /** @param database where it looks outside of a transaction */
  constructor(database: Transaction) {
    this.#database = database;
  }

  /** Forgets what is in memory, like a process that was started again. */
  restart(): void {
    this.#byCase.clear();
    this.#byId.clear();
    this.#beginning.clear();
  }

  hasKeysOf(caseId: string): boolean {
    return this.#byCase.has(caseId) || this.#beginning.has(caseId);
  }

  begin(cases: readonly CaseToKeep[]): AppendSealing | undefined {
    const missing = cases.some(
      ({ caseId, opensCase }) => caseId !== null && opensCase !== true && !this.hasKeysOf(caseId),
    );
    return missing ? undefined : this.#sealing(cases, new Map());
  }

  async prepare(cases: readonly CaseToKeep[], transaction?: Transaction): Promise<AppendSealing> {
    const missing = cases.flatMap(({ caseId }) => (caseId === null || this.#byCase.has(caseId) ? [] : [caseId]));
    const found = missing.length === 0 ? [] : await this.#find('case_id', missing, transaction);
    if (transaction === undefined) for (const key of found) this.#keep(key);
    return this.#sealing(cases, new Map(found.map((key) => [key.case_id, key])));
  }

  isOutdated(error: unknown): boolean {
    return (error as { readonly constraint?: unknown }).constraint === 'sample_key_of_case';
  }

  knows(sealedBy: string): boolean {
    return this.#byId.has(sealedBy);
  }

  readonly reveal: Reveal = (sealedBy, place, text) => {
    const key = this.#byId.get(sealedBy);
    return key === undefined ? null : decrypt(key, place, text);
  };

  async look(sealedBy: readonly string[], transaction?: Transaction): Promise<Reveal> {
    const found = await this.#find('id', sealedBy, transaction);
    const byId = new Map(found.map((key) => [key.id, key]));
    return (id, place, text) => {
      const key = byId.get(id);
      return key === undefined ? this.reveal(id, place, text) : decrypt(key, place, text);
    };
  }

  #keep(key: SampleKey): void {
    this.#byCase.set(key.case_id, key);
    this.#byId.set(key.id, key);
    this.#beginning.delete(key.case_id);
  }

  #sealing(cases: readonly CaseToKeep[], found: ReadonlyMap<string, SampleKey>): AppendSealing {
    const made = new Map<string, SampleKey>();
    for (const { caseId } of cases) {
      if (caseId === null || this.#byCase.has(caseId) || found.has(caseId)) continue;
      const [id, secret] = [randomBytes(8).toString('hex'), randomBytes(32).toString('hex')];
      const key = this.#beginning.get(caseId) ?? { id, case_id: caseId, secret };
      this.#beginning.set(caseId, key);
      made.set(caseId, key);
    }
    const keyOf = (caseId: string): SampleKey | undefined =>
      this.#byCase.get(caseId) ?? found.get(caseId) ?? made.get(caseId);
    return {
      protect: (caseId, place, text) => {
        const key = caseId === null ? undefined : keyOf(caseId);
        if (key === undefined) return { text, sealedBy: null };
        return { text: encrypt(key, place, text).toString('base64'), sealedBy: key.id };
      },
      protectEvent: (caseId, place, text) => {
        const key = keyOf(caseId);
        return key === undefined ? null : { bytes: encrypt(key, place, text), sealedBy: key.id };
      },
      keepKeys: async (writer: ReadModelWriter) => {
        if (made.size === 0) return;
        await writer.query(
          `INSERT INTO sample_key SELECT * FROM jsonb_to_recordset($1::jsonb) AS k (id text, case_id text, secret text)
           ON CONFLICT (id) DO NOTHING`,
          [JSON.stringify([...made.values()])],
        );
      },
      committed: () => {
        for (const key of made.values()) this.#keep(key);
      },
    };
  }

  async #find(column: 'id' | 'case_id', values: readonly string[], transaction?: Transaction): Promise<SampleKey[]> {
    this.lookups += 1;
    const database = transaction ?? this.#database;
    const { rows } = await database.query<SampleKey>(`SELECT * FROM sample_key WHERE ${column} = ANY ($1)`, [values]);
    return rows;
  }
}
