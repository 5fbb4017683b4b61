import type { AuthorityTerms, Budget, LinkTerms, Scenario } from './terms.ts';

const LISTED: AuthorityTerms = {
  ...{ isListed: true, leaseMs: 12, places: true },
  ...{ kind: 'APPEAL_OPEN', handsOverTo: null },
};
const ELSEWHERE: AuthorityTerms = { ...LISTED, isListed: false };
const SILENT: AuthorityTerms = { ...LISTED, places: false };
const INTENT: AuthorityTerms = { ...LISTED, kind: 'ASYLUM_INTENT', handsOverTo: 1 };
const PENDING: AuthorityTerms = { ...LISTED, kind: 'ASYLUM_PENDING' };
const SUCCESSOR: AuthorityTerms = { ...ELSEWHERE, places: false };
const NOTHING: Budget = {
  ...{ attempts: 0, places: 0, lifts: 0, ticks: 0, gateCrashes: 0, authorityCrashes: 0, restores: 0 },
  ...{ gateRestores: 0, unlinks: 0, successions: 0, withdrawals: 0, losses: 0 },
};
const ONE_OF_EACH = { attempts: 1, places: 1 };

const LINK: LinkTerms = { by: 'a9', cases: [0, 1] };

function scenario(
  name: string,
  authorities: Scenario['authorities'],
  { links = [], ...budget }: Partial<Budget> & { readonly links?: readonly LinkTerms[] },
): Scenario {
  const isSymmetric = authorities.length === 2 && JSON.stringify(authorities[0]) === JSON.stringify(authorities[1]);
  const cases = 1 + Math.max(0, ...links.flatMap((link) => link.cases));
  return {
    name,
    authorities,
    isSymmetric,
    cases,
    links,
    isOwnGate: false,
    copies: 'ANY',
    budget: { ...NOTHING, ...budget },
  };
}

const LINKED_RESTORED = scenario('two cases of one person, an authority that is restored', [LISTED], {
  ...{ ...ONE_OF_EACH, links: [LINK], restores: 1 },
});

/** The gate is of the agency that has the ledger. */
function ownGate(name: string, budget: Partial<Budget>): Scenario {
  return { ...scenario(name, [LISTED], budget), isOwnGate: true, copies: 'EMPTY' };
}

/** What is explored in CI: each scenario whole, within its bounds. */
export const SCENARIOS = {
  drift: scenario('one authority, clocks that drift', [LISTED], { ...ONE_OF_EACH, ticks: 4 }),
  restarts: scenario('one authority, processes that end', [LISTED], {
    ...{ ...ONE_OF_EACH, ticks: 3, gateCrashes: 1, authorityCrashes: 1 },
  }),
  again: scenario('one authority, a hold placed again', [LISTED], { attempts: 1, places: 2, lifts: 1 }),
  two: scenario('two authorities', [LISTED, LISTED], ONE_OF_EACH),
  unlike: scenario(
    'two authorities, unlike leases',
    [
      { ...LISTED, leaseMs: 4 },
      { ...LISTED, leaseMs: 8 },
    ],
    { ...ONE_OF_EACH, ticks: 1 },
  ),
  elsewhere: scenario('an authority of elsewhere', [LISTED, ELSEWHERE], ONE_OF_EACH),
  restored: scenario('an authority that is restored', [LISTED], { ...ONE_OF_EACH, ticks: 2, restores: 1 }),
  restoredLifted: scenario('an authority that is restored, and had lifted a hold', [LISTED], {
    ...{ ...ONE_OF_EACH, lifts: 1, restores: 1 },
  }),
  restoredTwice: scenario('an authority that is restored, two attempts', [LISTED], {
    attempts: 2,
    places: 1,
    restores: 1,
  }),
  restoredElsewhere: scenario('an authority of elsewhere that is restored', [SILENT, ELSEWHERE], {
    ...{ ...ONE_OF_EACH, lifts: 1, restores: 1 },
  }),
  lossy: scenario('halts and answers that are lost', [LISTED], { attempts: 2, places: 1, losses: 2 }),
  lossyElsewhere: scenario('halts of elsewhere that are lost', [LISTED, ELSEWHERE], { ...ONE_OF_EACH, losses: 1 }),
  linked: scenario('two cases of one person', [LISTED], { ...ONE_OF_EACH, lifts: 1, links: [LINK] }),
  linkedTwice: scenario('two cases of one person, an attempt on each', [LISTED], {
    ...{ attempts: 2, places: 1, links: [LINK] },
  }),
  linkedRestored: { ...LINKED_RESTORED, copies: 'EMPTY' } as Scenario,
  linkedForgetful: scenario('two cases of one person, a gate that is restored', [LISTED], {
    ...{ ...ONE_OF_EACH, links: [LINK], gateRestores: 1 },
  }),
  linkedChain: scenario('three cases of one person', [LISTED], {
    ...{ ...ONE_OF_EACH, links: [LINK, { by: 'a9', cases: [1, 2] }] },
  }),
  unlinked: scenario('two cases that are two persons’ after all', [LISTED], {
    ...{ ...ONE_OF_EACH, links: [LINK, { ...LINK, by: 'a8' }], unlinks: 1 },
  }),
  linkedElsewhere: scenario('two cases of one person, an authority of elsewhere', [SILENT, ELSEWHERE], {
    ...{ ...ONE_OF_EACH, links: [LINK] },
  }),
  handedOver: scenario('a hold that becomes another authority’s', [INTENT, PENDING], ONE_OF_EACH),
  succession: scenario('an authority that is gone', [LISTED, SUCCESSOR], { ...ONE_OF_EACH, lifts: 1, successions: 1 }),
  forgetful: scenario('a gate that is restored', [LISTED], { attempts: 2, places: 1, lifts: 1, gateRestores: 1 }),
  forgetfulElsewhere: scenario('a gate that is restored, an authority of elsewhere', [LISTED, ELSEWHERE], {
    ...{ ...ONE_OF_EACH, gateRestores: 1 },
  }),
  own: ownGate('a gate that is the authority’s own', { attempts: 2, places: 2, lifts: 1 }),
  bothRestored: scenario('gate and authority are restored', [LISTED], {
    ...{ ...ONE_OF_EACH, restores: 1, gateRestores: 1 },
  }),
  ownRestored: ownGate('a gate that is restored with its own authority', { attempts: 2, places: 1, restores: 1 }),
  door: scenario('consent that is withdrawn', [LISTED], { attempts: 2, places: 1, withdrawals: 1 }),
} as const;

/** What `--deep` explores: more of everything, some minutes. */
export const DEEP_SCENARIOS = {
  ...SCENARIOS,
  drift: scenario('one authority, clocks that drift', [LISTED], { ...ONE_OF_EACH, ticks: 6 }),
  restarts: scenario('one authority, processes that end', [LISTED], {
    ...{ ...ONE_OF_EACH, ticks: 4, gateCrashes: 1, authorityCrashes: 1 },
  }),
  again: scenario('one authority, a hold placed again', [LISTED], { attempts: 2, places: 2, lifts: 1 }),
  two: scenario('two authorities', [LISTED, LISTED], { ...ONE_OF_EACH, ticks: 1 }),
  elsewhere: scenario('an authority of elsewhere', [LISTED, ELSEWHERE], { ...ONE_OF_EACH, ticks: 1 }),
  restored: scenario('an authority that is restored', [LISTED], { ...ONE_OF_EACH, ticks: 3, restores: 1 }),
  linkedHandedOver: scenario('a hold on linked cases that becomes another authority’s', [INTENT, PENDING], {
    ...{ ...ONE_OF_EACH, links: [LINK] },
  }),
  linkedRestored: LINKED_RESTORED,
} as const;
