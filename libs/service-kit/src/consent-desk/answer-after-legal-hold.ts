import { type Acknowledgement, consentProcedure, type ConsentRegister } from '@acogida/referral';
import type { KeyTurn } from '../case-keys/key-turn.ts';
import type { NodeDefinition } from '../node-definition.ts';
import { unlessErased } from '../safeguards/linked-cases.ts';
import { HOLDINGS, type Holding, holdingsUnder, type WithdrawalOf } from './holdings.ts';

/** The `Holding`s that a node was defined with; null where it has no consent desk. */
export function holdingsOf({ providers }: Pick<NodeDefinition, 'providers'>): readonly Holding[] | null {
  for (const provider of providers) {
    if ('provide' in provider && provider.provide === HOLDINGS && 'useValue' in provider) {
      return provider.useValue as readonly Holding[];
    }
  }
  return null;
}

interface Answered extends Pick<WithdrawalOf, 'consentId' | 'withdrawnAt'> {
  readonly before: Acknowledgement;
}

/** Withdrawals that this agency answered by a legal hold. */
function answeredByHold({ consents, withdrawnAll }: ConsentRegister, agencyId: string): readonly Answered[] {
  const ofOne = Object.values(consents).map(({ consentId, withdrawal, acknowledgements }) => {
    return { consentId, withdrawnAt: withdrawal?.withdrawnAt, before: acknowledgements[agencyId] };
  });
  const { withdrawnAt: at, acknowledgements = {} } = withdrawnAll ?? {};
  const ofAll = { consentId: null, withdrawnAt: at, before: acknowledgements[agencyId] };
  return [...ofOne, ofAll].flatMap(({ consentId, withdrawnAt, before }) => {
    if (withdrawnAt === undefined || before === undefined) return [];
    const isByHold = before.retained.some(({ legalBasis }) => legalBasis === 'LEGAL_HOLD');
    return isByHold ? [{ consentId, withdrawnAt, before }] : [];
  });
}

/**
 * Once a legal hold has ended, says of every withdrawal that was answered by it what became of what it kept: it is gone, or kept on a
 * basis of its own. Said again it changes nothing.
 */
export async function answerAfterLegalHold(
  { node, transaction, now, run }: KeyTurn,
  caseId: string,
  holdings: readonly Holding[],
): Promise<void> {
  const { agencyId: by } = node;
  const register = await unlessErased(node.handler.load(consentProcedure, caseId, transaction));
  if (register === null) return;
  for (const { consentId, withdrawnAt, before } of answeredByHold(register, by)) {
    const destroyed = before.retained.flatMap((one) => (one.legalBasis === 'LEGAL_HOLD' ? [one.category] : []));
    const withdrawal = { consentId, caseId, withdrawnAt, agencyId: by, destroyed };
    const held = await holdingsUnder(register, withdrawal, holdings, transaction);
    if (held === null) continue;
    const command = { type: 'AcknowledgeWithdrawal' as const, by, now, consentId, caseId, ...held };
    await run({ procedure: consentProcedure, id: caseId, command });
  }
}
