import type { KeyTable, KeyTables } from './key-rows.ts';

type Columns<T extends KeyTable> = {
  readonly [F in keyof KeyTables[T] & string]: readonly [column: string, type: string];
};

const WRAPPED = { generation: ['generation', 'integer'], wrapped: ['wrapped', 'bytea'] } as const;

const COLUMNS: { readonly [T in KeyTable]: Columns<T> } = {
  case_key: {
    keyId: ['key_id', 'text'],
    source: ['source', 'text'],
    subject: ['subject', 'text'],
    caseId: ['case_id', 'uuid'],
    audience: ['audience', 'text'],
    epoch: ['epoch', 'integer'],
    grantedBy: ['granted_by', 'text'],
    receivedAt: ['received_at', 'text'],
    ...WRAPPED,
  },
  own_epoch: {
    caseId: ['case_id', 'uuid'],
    epoch: ['epoch', 'integer'],
    subject: ['subject', 'text'],
    begunAt: ['begun_at', 'text'],
    ownKeyId: ['own_key_id', 'text'],
    codedKeyId: ['coded_key_id', 'text'],
    careKeyId: ['care_key_id', 'text'],
    restrictedKeyId: ['restricted_key_id', 'text'],
    ...WRAPPED,
  },
  member_key: { hint: ['hint', 'text'], caseId: ['case_id', 'uuid'], ...WRAPPED },
  offer_key: {
    keyId: ['key_id', 'text'],
    publicX: ['public_x', 'text'],
    validFrom: ['valid_from', 'text'],
    validThrough: ['valid_through', 'text'],
    destroyAfter: ['destroy_after', 'text'],
    ...WRAPPED,
  },
  channel: {
    channelId: ['channel_id', 'text'],
    referralId: ['referral_id', 'uuid'],
    peer: ['peer', 'text'],
    destroyAfter: ['destroy_after', 'text'],
    ...WRAPPED,
  },
  agency_key: { keyId: ['key_id', 'text'], use: ['use', 'text'], validFrom: ['valid_from', 'text'], ...WRAPPED },
};

/** Fields of a table with their columns and the types of these, in the order of the parameters. */
export function columnsOf(table: KeyTable): readonly (readonly [field: string, column: string, type: string])[] {
  const columns: Readonly<Record<string, readonly [string, string]>> = COLUMNS[table];
  return Object.entries(columns).map(([field, [column, type]]) => [field, column, type]);
}

/** One of them. @throws RangeError */
export function columnOf(table: KeyTable, field: string): readonly [column: string, type: string] {
  const found = columnsOf(table).find(([name]) => name === field);
  if (found === undefined) throw new RangeError('the table has no such field');
  return [found[1], found[2]];
}
