import {
  type AnyProcedure,
  forgetPlainReplies,
  type KeptPlace,
  type KeptText,
  plainStreamsNaming,
  replacePlainTexts,
  type Transaction,
} from '@acogida/event-store';
import type { ContractProjection } from '@acogida/event-log';
import type { InlineProjection } from '@acogida/event-store';
import { type KeyStore, protectText, type Randomness, SealingKey } from '@acogida/sealing';
import type { DeadlineStore } from '../deadlines/port.ts';
import type { ProcedureHandler } from '../procedure-handler.ts';
import { digestOf } from './digest-of-keys.ts';
import type { Destroyed } from './erasure-events.ts';

/** What of a node holds anything of cases. */
export interface CaseHoldings {
  readonly procedures: readonly AnyProcedure[];
  readonly projections: readonly Pick<InlineProjection | ContractProjection, 'name' | 'forget'>[];
  readonly keyStore: Pick<KeyStore, 'forget' | 'beginErasure'>;
  readonly deadlines: Pick<DeadlineStore, 'replace'>;
  readonly randomness: Randomness;
}

/** What erasing is done with. */
export interface ErasureParts {
  readonly handler: Pick<ProcedureHandler, 'load'>;
  /** Moves the stream that appends of the case are guarded by, so that those that are under way are waited for. */
  readonly endCircle: () => Promise<void>;
  /** Whether still nothing stands against it, once nobody records anything of the case any more. Throws if something does. */
  readonly askAgain: () => Promise<void>;
}

/** What was destroyed, for the record. */
export interface LocalErasure {
  readonly keysDigest: string;
  readonly destroyed: Destroyed;
}

/**
 * Destroys what the node has of a case, in one transaction: its keys, and with them every text that was encrypted under one;
 * vault and rows of read models; plain texts from before; what its streams wait for. Done again, it finds nothing.
 *
 * @throws what `askAgain` throws; StreamCorruptedError a plain stream that may be of the case does not hold: an officer has to look
 */
export async function eraseLocally(
  transaction: Transaction,
  caseId: string,
  { handler, endCircle, askAgain }: ErasureParts,
  holdings: CaseHoldings,
): Promise<LocalErasure> {
  const plain = await closePlainTexts(transaction, caseId, handler, holdings);
  // Before its rows: an append that is under way adds some. Guard and then hold, as an append does; a grant takes them the other way
  // round, and whoever PostgreSQL ends of the two tries again.
  await endCircle();
  await holdings.keyStore.beginErasure(transaction, [caseId]);
  await askAgain();
  // What was added last hangs on what was there before: links on their referrals.
  let rows = 0;
  for (const projection of holdings.projections.toReversed()) {
    rows += (await projection.forget?.(transaction, caseId)) ?? 0;
  }
  const { keyIds } = await holdings.keyStore.forget(transaction, { caseIds: [caseId] });
  const waiting = [...plain.streams, ...(await streamsWaiting(transaction, keyIds))];
  if (waiting.length > 0) {
    await holdings.deadlines.replace(
      waiting.map((stream) => ({ stream, open: [] })),
      transaction,
    );
  }
  const texts = plain.texts + (await forgetPlainReplies(transaction, caseId));
  return { keysDigest: digestOf(keyIds), destroyed: { keys: keyIds.length, rows, texts } };
}

/** Nobody has the key that closes them. */
async function closePlainTexts(
  transaction: Transaction,
  caseId: string,
  handler: Pick<ProcedureHandler, 'load'>,
  { procedures, randomness }: CaseHoldings,
): Promise<{ readonly streams: readonly string[]; readonly texts: number }> {
  const key = SealingKey.make(randomness);
  const close = (place: KeptPlace): KeptText => ({ text: protectText(key, place, ''), sealedBy: key.keyId });
  const streams: string[] = [];
  let texts = 0;
  for (const stream of await plainStreamsNaming(transaction, caseId)) {
    const procedure = ownerOf(stream, procedures);
    if (procedure === undefined) continue;
    const id = stream.slice(procedure.name.length + 1);
    const loaded: { readonly state: unknown } = await handler.load(procedure, id, transaction);
    if (procedure.caseOf(loaded.state, id) !== caseId) continue;
    texts += await replacePlainTexts(transaction, stream, close);
    streams.push(stream);
  }
  return { streams, texts };
}

function ownerOf(stream: string, procedures: readonly AnyProcedure[]): AnyProcedure | undefined {
  const owners = procedures.filter(({ name }) => stream.startsWith(`${name}-`));
  return owners.toSorted((one, other) => other.name.length - one.name.length)[0];
}

/** Streams of the case with something open: their texts are under its keys. */
async function streamsWaiting(transaction: Transaction, keyIds: readonly string[]): Promise<readonly string[]> {
  const { rows } = await transaction.query<{ stream: string }>(
    `SELECT DISTINCT open.stream FROM deadline.open
     JOIN es.event AS event ON event.stream = open.stream WHERE event.sealed_by = ANY ($1::text[])`,
    [keyIds],
  );
  return rows.map(({ stream }) => stream);
}
