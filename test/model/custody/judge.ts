import {
  automaticDeadlinesOf,
  awaitedOf,
  consentOf,
  deadlinesOf,
  endingWithoutConsent,
  isCollectedAt,
  isTakenBack,
  MERGE_TABLE,
  type Referral,
  type SuccessionOrder,
} from '@acogida/referral';
import { CounterexampleError } from '../exploration/counterexample.ts';
import { agencyAt, type Setting } from './setting.ts';
import { type AgencyNode, CONSENT_ID, CUSTODIAN, type CustodyWorld, nodeAt } from './world.ts';
import { isWithdrawnAt } from './writing.ts';

/** Agencies that are there. */
function present({ nodes, order }: CustodyWorld): readonly AgencyNode[] {
  return nodes.filter((_, index) => index !== CUSTODIAN || order === null);
}

/** Who has the case by its own account. */
function selfDeclared(setting: Setting, { nodes, order }: CustodyWorld): readonly number[] {
  return nodes.flatMap(({ custody }, index) =>
    custody?.holder === agencyAt(setting, index) && (index !== CUSTODIAN || order === null) ? [index] : [],
  );
}

/**
 * What holds in every state: custody is with nobody else than one, no term that was reached is forgotten, and nothing is taken
 * back after custody moved by it.
 *
 * @throws CounterexampleError CUSTODY
 */
export function judgeState(setting: Setting, world: CustodyWorld): void {
  if (world.order !== null) return; // what was given away after the last good number is taken back once that is heard
  const known = world.nodes.flatMap(({ custody }) => (custody === null ? [] : [custody]));
  const greatest = Math.max(...known.map(({ term }) => term));
  const holders = new Set(known.filter(({ term }) => term === greatest).map(({ holder }) => holder));
  if (greatest < world.term) throw new CounterexampleError('CUSTODY', 'a term is forgotten');
  if (holders.size !== 1) throw new CounterexampleError('CUSTODY', 'one term has two custodians');
  if (selfDeclared(setting, world).length > 1) throw new CounterexampleError('CUSTODY', 'two agencies have the case');
  for (const { referrals } of world.nodes)
    for (const { state } of Object.values(referrals))
      if (state.custodyTerm !== null && isTakenBack(state) && state.requestStatus !== 'LOOP_CLOSED')
        throw new CounterexampleError('CUSTODY', 'a referral is taken back after custody was released by it');
}

/** What both sides of a referral must agree on. */
function agreed({
  requestStatus,
  fulfilment,
  custodyTerm,
  escalation,
  cancellation,
  failure,
  ...rest
}: Referral): string {
  return JSON.stringify([requestStatus, fulfilment, custodyTerm, escalation, cancellation, failure, rest.rejection]);
}

function judgeSilence(world: CustodyWorld, referralId: string, state: Referral): void {
  const isSettled = MERGE_TABLE[state.requestStatus][state.fulfilment].due === null;
  if (deadlinesOf(state).length !== (isSettled ? 0 : 1))
    throw new CounterexampleError('SILENCE', `nothing is due of ${referralId}`);
  if (automaticDeadlinesOf(state).some(({ dueAt }) => dueAt <= world.now))
    throw new CounterexampleError('SILENCE', `nobody is told what was missed of ${referralId}`);
}

function judgeWithdrawal(setting: Setting, world: CustodyWorld): void {
  world.nodes.forEach(({ referrals, consents }, index) => {
    const by = agencyAt(setting, index);
    if (!isWithdrawnAt(world, index)) throw new CounterexampleError('WITHDRAWAL', `${by} never hears of it`);
    const open = Object.entries(referrals).find(([, { state }]) => endingWithoutConsent(state, by, world.now) !== null);
    if (open !== undefined) throw new CounterexampleError('WITHDRAWAL', `${open[0]} goes on at ${by}`);
    const record = consentOf(consents, CONSENT_ID);
    if (record !== undefined && isCollectedAt(record, by) && awaitedOf(consents, record, by).length > 0)
      throw new CounterexampleError('WITHDRAWAL', `${by} waits for answers that never come`);
  });
}

/** All who know of the case agree on who has it: whoever it was given to in time, else the successor. */
function judgeSuccession(setting: Setting, world: CustodyWorld, order: SuccessionOrder): void {
  const known = present(world).flatMap(({ custody }) => (custody === null ? [] : [custody]));
  const good = nodeAt(world, CUSTODIAN).said.slice(0, order.lastGoodNumber);
  const release = good.find((word) => word.kind === 'referral' && word.type === 'CustodyReleased');
  const to = release?.kind === 'referral' ? (release.data as { to: string }).to : order.successor;
  if (known.some(({ holder }) => holder !== to))
    throw new CounterexampleError('CUSTODY', 'a case is not with whom it was given to in time');
  const { custody, referrals } = nodeAt(world, setting.scenario.agencies.indexOf(to));
  const knowsCase = custody !== null || Object.keys(referrals).length > 0; // a successor may never have heard of it
  if (knowsCase !== (selfDeclared(setting, world).length === 1))
    throw new CounterexampleError('CUSTODY', 'nobody has the case of an agency that is gone');
}

/**
 * What holds where nothing is on its way any more: both sides agree and what is not settled is due some time (SILENCE); the
 * custodian knows that it is one (CUSTODY); and nothing rests on a consent that was withdrawn, which all have answered.
 *
 * @throws CounterexampleError
 */
export function judgeRest(setting: Setting, world: CustodyWorld): void {
  if (world.order !== null) return judgeSuccession(setting, world, world.order);
  if (selfDeclared(setting, world).length !== 1) throw new CounterexampleError('CUSTODY', 'nobody has the case');
  world.nodes.forEach(({ referrals }, index) => {
    for (const [referralId, { state }] of Object.entries(referrals)) {
      judgeSilence(world, referralId, state);
      const other = nodeAt(world, CUSTODIAN).referrals[referralId]?.state;
      if (index !== CUSTODIAN && (other === undefined || agreed(other) !== agreed(state)))
        throw new CounterexampleError('SILENCE', `both sides of ${referralId} know different things`);
    }
  });
  if (world.nodes.some((_, index) => isWithdrawnAt(world, index))) judgeWithdrawal(setting, world);
}
