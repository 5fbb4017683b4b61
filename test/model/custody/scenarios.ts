import type { Budget, CustodyScenario } from './world.ts';

const NOTHING: Budget = { cancels: 0, ends: 0, withdrawals: 0, delays: 0, successions: 0 };
const [CUSTODIAN, RECEIVER, THIRD] = ['cr-intake', 'cr-shelter', 'cr-refuge'] as const;

function scenario(name: string, agencies: readonly string[], budget: Partial<Budget>): CustodyScenario {
  return { name, agencies, budget: { ...NOTHING, ...budget } };
}

/** What is explored in CI: each scenario whole, within its bounds. */
export const CUSTODY_SCENARIOS = {
  transfer: scenario('a transfer', [CUSTODIAN, RECEIVER], { cancels: 1, ends: 1, delays: 2 }),
  twoTransfers: scenario('two transfers of one case', [CUSTODIAN, RECEIVER, THIRD], {}),
  gone: scenario('a custodian that is gone', [CUSTODIAN, RECEIVER, THIRD], { successions: 1 }),
  withdrawal: scenario('a consent that is withdrawn', [CUSTODIAN, RECEIVER], { cancels: 1, ends: 1, withdrawals: 1 }),
} as const;

/** What `--deep` explores as well. */
export const DEEP_CUSTODY_SCENARIOS = {
  ...CUSTODY_SCENARIOS,
  twoTransfers: scenario('two transfers of one case', [CUSTODIAN, RECEIVER, THIRD], { cancels: 1 }),
  withdrawal: scenario('a consent that is withdrawn', [CUSTODIAN, RECEIVER], {
    ...{ cancels: 1, ends: 1, withdrawals: 1, delays: 1 },
  }),
} as const;
