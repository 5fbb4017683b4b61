import type { GateFile, HoldLedger, SaidLink } from '@acogida/safeguards';
import type { Setting } from './setting.ts';
import type { LinkTerms } from './terms.ts';
import { type AuthorityNode, caseName, type LinkWord, type World } from './world.ts';

type Linking = Pick<GateFile | HoldLedger, 'linkedCaseIds'>;

/** Cases that are one person's by what a node has heard, over any number of links; the given one first. */
function casesOf(states: readonly Linking[], inCase: number, named: readonly number[] = []): readonly number[] {
  const found = [...new Set([inCase, ...named])];
  for (const one of found)
    for (const name of states[one]?.linkedCaseIds ?? []) {
      const other = Number(name.slice(1));
      if (!found.includes(other)) found.push(other);
    }
  return found;
}

/** As an authority knows it. @param named by another's word */
export function casesAtAuthority(
  { ledgers }: AuthorityNode,
  inCase: number,
  named: readonly number[] = [],
): readonly number[] {
  return casesOf(
    ledgers.map(({ ledger }) => ledger),
    inCase,
    named,
  );
}

/** As it goes by it. */
export function casesGoneBy({ rules }: Setting, node: AuthorityNode, inCase: number, named: readonly number[] = []) {
  if (rules.broken !== 'LINKS_REACH_ON') return casesAtAuthority(node, inCase, named);
  return casesOf(
    node.ledgers.map(({ ledger }, at) => (at === inCase ? ledger : { linkedCaseIds: [] })),
    inCase,
    named,
  );
}

/** As the gate knows it. */
export function casesAtGate({ gate }: World, inCase: number): readonly number[] {
  const states = gate.cases.map(({ file }) => file);
  return casesOf(states, inCase);
}

/** What is said of a link. */
export function saidLink({ by, isLinked }: LinkWord): SaidLink {
  return { by, linkId: 'l', revision: isLinked ? 1 : 2 };
}

/** What is said of two cases, or taken back. */
export function linkWord({ by, cases }: LinkTerms, isLinked: boolean): LinkWord {
  return { kind: 'link', by, cases, isLinked };
}

/** The same in words. */
export function linkText({ by, cases, isLinked }: LinkWord): string {
  return `${by}: ${cases.map(caseName).join(' and ')} are ${isLinked ? 'one person’s' : 'two persons’'}`;
}

/** Whether it was said, ever. */
export function isSaid({ messages }: World, word: LinkWord): boolean {
  return Object.hasOwn(messages, JSON.stringify(word));
}

/** Cases that a case is linked to by what was said last of each link, by whoever said it. */
export function trulyLinkedTo({ scenario }: Setting, world: World, inCase: number): readonly string[] {
  const others = scenario.links.flatMap((link) => {
    const stands = isSaid(world, linkWord(link, true)) && !isSaid(world, linkWord(link, false));
    return stands && link.cases.includes(inCase) ? link.cases.filter((one) => one !== inCase) : [];
  });
  return [...new Set(others)].sort().map(caseName);
}
