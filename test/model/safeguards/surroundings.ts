import type { HoldLedgerCommandOf, Surroundings } from '@acogida/safeguards';
import type { Setting } from './setting.ts';
import { authorityAt, authorityName, type AuthorityNode, caseName, gateOf, type World } from './world.ts';
import { NOW } from './writing.ts';

/** Gates that are told over the log. */
export function gatesToldBy({ scenario }: Setting, index: number): readonly string[] {
  return scenario.isOwnGate && index === 0 ? [] : [gateOf(scenario)];
}

/**
 * What a hold waits for beside the leases of its ledger: what its authority may have forgotten, or never knew, and gates that do not
 * ask it. Its own gate asks it every time.
 */
export function surroundings(setting: Setting, { unknownLeases: count }: AuthorityNode, index: number): Surroundings {
  const gates = gatesToldBy(setting, index);
  const isListed = setting.scenario.authorities[index]?.isListed === true;
  return { unawareGates: isListed ? [] : gates, unknownLeases: count && { count, gates } };
}

/** What its officer says who places a hold. */
export function placingOf(
  setting: Setting,
  world: World,
  index: number,
  { inCase, holdId }: { readonly inCase: number; readonly holdId: string },
): HoldLedgerCommandOf<'PlaceHold'> {
  const node = authorityAt(world, index);
  const { kind = 'APPEAL_OPEN' } = setting.scenario.authorities[index] ?? {};
  return {
    ...{ type: 'PlaceHold', by: authorityName(index), reading: node.clock, now: NOW, caseId: caseName(inCase), holdId },
    ...{ kind, mandate: [kind], groundId: null, placedBy: 'o' },
    ...surroundings(setting, node, index),
  };
}
