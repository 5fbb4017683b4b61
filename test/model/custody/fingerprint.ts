import { hash } from 'node:crypto';
import { consentOf } from '@acogida/referral';
import { type AgencyNode, CONSENT_ID, type CustodyWorld } from './world.ts';

function nodeText({ referrals, custody, consents, pending, ...place }: AgencyNode): string {
  const { said, heard, overheard, knowsSuccession } = place;
  const record = consentOf(consents, CONSENT_ID);
  return JSON.stringify([
    Object.entries(referrals).map(([id, { state }]) => [id, { ...state, request: null }]),
    [custody?.term, custody?.holder, custody?.releases],
    [record?.status, Object.keys(record?.acknowledgements ?? {})],
    pending && [
      ...[pending.what, pending.referralId, pending.version === (referrals[pending.referralId]?.version ?? 0)],
      pending.events,
    ],
    said.map((word) => (word.kind === 'referral' ? [word.referralId, word.type, word.at] : word.kind)),
    heard,
    [overheard, knowsSuccession],
  ]);
}

/** What a state is told apart by: equal for states from which the same can follow. */
export function fingerprint({ nodes, now, left, order }: CustodyWorld): string {
  const text = `${nodes.map(nodeText).join('\n')}\n${now}${Object.values(left).join()},${order?.lastGoodNumber}`;
  return hash('sha1', text, 'base64');
}
