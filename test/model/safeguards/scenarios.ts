import type { Budget, Scenario } from './world.ts';

const LISTED = { isListed: true, leaseMs: 12 };
const NOTHING: Budget = {
  ...{ attempts: 0, places: 0, lifts: 0, ticks: 0, gateCrashes: 0, authorityCrashes: 0, restores: 0 },
};

function scenario(name: string, authorities: Scenario['authorities'], budget: Partial<Budget>): Scenario {
  const isSymmetric = authorities.length === 2 && JSON.stringify(authorities[0]) === JSON.stringify(authorities[1]);
  return { name, authorities, isSymmetric, budget: { ...NOTHING, ...budget } };
}

/** What is explored in CI: each scenario whole, within its bounds. */
export const SCENARIOS = {
  drift: scenario('one authority, clocks that drift', [LISTED], { attempts: 1, places: 1, ticks: 4 }),
  restarts: scenario('one authority, processes that end', [LISTED], {
    ...{ attempts: 1, places: 1, ticks: 3, gateCrashes: 1, authorityCrashes: 1 },
  }),
  again: scenario('one authority, a hold placed again', [LISTED], { attempts: 1, places: 2, lifts: 1 }),
  two: scenario('two authorities', [LISTED, LISTED], { attempts: 1, places: 1 }),
  unlike: scenario(
    'two authorities, unlike leases',
    [
      { isListed: true, leaseMs: 4 },
      { isListed: true, leaseMs: 8 },
    ],
    { attempts: 1, places: 1, ticks: 1 },
  ),
  elsewhere: scenario('an authority of elsewhere', [LISTED, { isListed: false, leaseMs: 12 }], {
    ...{ attempts: 1, places: 1 },
  }),
  restored: scenario('an authority that is restored', [LISTED], { attempts: 1, places: 1, ticks: 3, restores: 1 }),
} as const;

/** What `--deep` explores: more of everything, some minutes. */
export const DEEP_SCENARIOS = {
  drift: scenario('one authority, clocks that drift', [LISTED], { attempts: 1, places: 1, ticks: 6 }),
  restarts: scenario('one authority, processes that end', [LISTED], {
    ...{ attempts: 1, places: 1, ticks: 4, gateCrashes: 1, authorityCrashes: 1 },
  }),
  again: scenario('one authority, a hold placed again', [LISTED], { attempts: 2, places: 2, lifts: 1 }),
  two: scenario('two authorities', [LISTED, LISTED], { attempts: 1, places: 1, ticks: 1 }),
  unlike: SCENARIOS.unlike,
  elsewhere: scenario('an authority of elsewhere', [LISTED, { isListed: false, leaseMs: 12 }], {
    ...{ attempts: 1, places: 1, ticks: 1 },
  }),
  restored: scenario('an authority that is restored', [LISTED], { attempts: 1, places: 1, ticks: 4, restores: 1 }),
} as const;
