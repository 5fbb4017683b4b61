import { type AuditEntry, type AuditKind, requireCoded } from './audit-entry.ts';

/** Where entries are written and read: a transaction, or the node's pool. */
export interface AuditConnection {
  query<R extends object>(text: string, values: unknown[]): Promise<{ readonly rows: R[] }>;
}

/** An entry as it is kept. */
export interface KeptAuditEntry extends AuditEntry {
  /** Counts up with every entry of the node, with gaps. */
  readonly id: string;
}

/** Which entries are wanted: all that is named must fit. */
export interface AuditQuery {
  readonly caseId?: string;
  readonly kind?: AuditKind;
  /** Only entries before this one. */
  readonly before?: string;
  readonly limit: number;
}

/** Who looked, overruled or was refused, kept by the node for whoever has to answer for it (architecture.md §8). */
export interface AuditLog {
  /**
   * Keeps entries. In the transaction of what they tell of: neither is ever there without the other. What was refused leaves no
   * transaction behind, so its entry is written on the pool.
   *
   * @throws DomainError AUDIT.NOT_CODED
   */
  record(connection: AuditConnection, ...entries: readonly AuditEntry[]): Promise<void>;
  /** Entries that fit, the latest first. */
  find(connection: AuditConnection, query: AuditQuery): Promise<readonly KeptAuditEntry[]>;
}

interface Row {
  readonly id: string;
  readonly at: Date;
  readonly actor: string;
  readonly kind: AuditKind;
  readonly case_id: string | null;
  readonly details: string[];
  readonly consent_id: string | null;
}

const INSERT = `
  INSERT INTO audit.entry (at, actor, kind, case_id, details, consent_id)
  SELECT at, actor, kind, case_id, details, consent_id
  FROM jsonb_to_recordset($1::jsonb) AS entry
    (at timestamptz, actor text, kind text, case_id uuid, details text[], consent_id uuid)`;

const SELECT = `
  SELECT id, at, actor, kind, case_id, details, consent_id FROM audit.entry
  WHERE ($1::uuid IS NULL OR case_id = $1) AND ($2::text IS NULL OR kind = $2) AND ($3::bigint IS NULL OR id < $3)
  ORDER BY id DESC LIMIT $4`;

function rowOf({ caseId, consentId, ...rest }: AuditEntry): object {
  return { ...rest, case_id: caseId, consent_id: consentId };
}

function entryOf({ at, case_id: caseId, consent_id: consentId, ...rest }: Row): KeptAuditEntry {
  return { ...rest, at: at.toISOString(), caseId, consentId };
}

/** The audit of a node in its table `audit.entry`. */
export class PostgresAuditLog implements AuditLog {
  async record(connection: AuditConnection, ...entries: readonly AuditEntry[]): Promise<void> {
    if (entries.length === 0) return;
    await connection.query(INSERT, [JSON.stringify(entries.map((entry) => rowOf(requireCoded(entry))))]);
  }

  async find(connection: AuditConnection, query: AuditQuery): Promise<readonly KeptAuditEntry[]> {
    const { caseId = null, kind = null, before = null, limit } = query;
    const { rows } = await connection.query<Row>(SELECT, [caseId, kind, before, limit]);
    return rows.map(entryOf);
  }
}
