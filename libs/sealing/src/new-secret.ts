import type { Instant } from '@acogida/core';
import type { KeyAudience } from './audience.ts';
import { epochKeyIds, epochSecret } from './epoch-keys.ts';
import { type AgencyKeyUse, type KeyTable, type NewRows, rowNameOf, type WrappedSecret } from './key-rows.ts';
import { memberKeyHint } from './pair-seal.ts';
import type { SecretBytes } from './secret-bytes.ts';
import type { CaseKeySet, SealingKey } from './sealing-key.ts';
import { secretOf, type X25519Pair } from './x25519.ts';

/** A key to be kept, and what it is for. */
export type NewSecret =
  | {
      readonly kind: 'case';
      readonly source: string;
      readonly subject: string;
      readonly caseId: string;
      readonly audience: KeyAudience;
      readonly epoch: number;
      readonly key: SealingKey;
      /** Agency that handed it on; null for the node's own, as they were kept before epochs were. */
      readonly grantedBy: string | null;
      readonly receivedAt: Instant;
    }
  /** All keys of an epoch that this node begins. */
  | { readonly kind: 'epoch'; readonly set: CaseKeySet; readonly begunAt: Instant }
  | { readonly kind: 'member'; readonly caseId: string; readonly pair: X25519Pair }
  | {
      readonly kind: 'offer';
      readonly keyId: string;
      readonly pair: X25519Pair;
      readonly validFrom: Instant;
      readonly validThrough: Instant;
    }
  | {
      readonly kind: 'channel';
      readonly channelId: string;
      readonly referralId: string;
      /** The agency at the other end: no other speaks in it. */
      readonly peer: string;
      readonly key: SealingKey;
      /** Null while the referral is open. */
      readonly destroyAfter: Instant | null;
    }
  | {
      readonly kind: 'agency';
      readonly use: AgencyKeyUse;
      readonly keyId: string;
      readonly validFrom: Instant;
      readonly secret: SecretBytes;
    };

type Wrap = (table: KeyTable, rowId: string, secret: SecretBytes) => WrappedSecret;

/** The rows of new secrets, wrapped. */
export function rowsOf(secrets: readonly NewSecret[], wrap: Wrap, offerKeyEnd: (at: Instant) => Instant): NewRows {
  const rows: { -readonly [T in KeyTable]: NonNullable<NewRows[T]>[number][] } = {
    case_key: [],
    own_epoch: [],
    member_key: [],
    offer_key: [],
    channel: [],
    agency_key: [],
  };
  for (const secret of secrets) {
    switch (secret.kind) {
      case 'case': {
        const { kind: _, key, ...place } = secret;
        rows.case_key.push({ ...place, keyId: key.keyId, ...wrap('case_key', key.keyId, key.secret) });
        break;
      }
      case 'epoch': {
        const { set, begunAt } = secret;
        const { epoch, subject } = set;
        const caseId = set.caseId.toLowerCase(); // as the column gives it back: the secret is bound to the name of its row
        const row = { caseId, epoch, subject, begunAt, ...epochKeyIds(set) };
        rows.own_epoch.push({ ...row, ...wrap('own_epoch', rowNameOf('own_epoch', row), epochSecret(set)) });
        break;
      }
      case 'member': {
        const hint = memberKeyHint(secret.pair.x);
        rows.member_key.push({ hint, caseId: secret.caseId, ...wrap('member_key', hint, secretOf(secret.pair)) });
        break;
      }
      case 'offer': {
        const { keyId, pair, validFrom, validThrough } = secret;
        const wrapped = wrap('offer_key', keyId, secretOf(pair));
        const destroyAfter = offerKeyEnd(validThrough);
        rows.offer_key.push({ keyId, publicX: pair.x, validFrom, validThrough, destroyAfter, ...wrapped });
        break;
      }
      case 'channel': {
        const { kind: _, key, ...place } = secret;
        rows.channel.push({ ...place, ...wrap('channel', place.channelId, key.secret) });
        break;
      }
      case 'agency': {
        const { use, keyId, validFrom } = secret;
        rows.agency_key.push({ use, keyId, validFrom, ...wrap('agency_key', keyId, secret.secret) });
        break;
      }
    }
  }
  return rows;
}
