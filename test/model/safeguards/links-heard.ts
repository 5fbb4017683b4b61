import { type GateCommand, type HoldLedgerCommand, isNewsOfLink } from '@acogida/safeguards';
import { surroundings } from './surroundings.ts';
import { endIn } from './gate-words.ts';
import { casesAtAuthority, casesAtGate, linkText, saidLink } from './links.ts';
import type { Setting } from './setting.ts';
import { authorityAt, authorityName, caseName, isUnattested, ledgerAt, type LinkWord, type World } from './world.ts';
import { entriesOf, NOW, runAtGate, type Step, writeLedgers } from './writing.ts';

/** Each of the two cases and the other one. */
function bothWays({ cases: [one, other] }: LinkWord): readonly (readonly [number, number])[] {
  return [
    [one, other],
    [other, one],
  ];
}

/** At the gate, in both cases: what is under way in any case of the person ends. */
export function hearLinkAtGate(setting: Setting, world: World, word: LinkWord): World {
  const person = new Set(word.cases.flatMap((inCase) => casesAtGate(world, inCase)));
  const type = word.isLinked ? 'HearCaseLink' : 'HearCaseUnlink';
  const heard = bothWays(word).reduce<World>((next, [inCase, other]) => {
    const command: GateCommand = { type, linkedCaseId: caseName(other), link: saidLink(word), now: NOW };
    return runAtGate(setting, next, inCase, command);
  }, world);
  if (heard === world || setting.rules.broken === 'LINK_ENDS_ALL_ATTEMPTS') return heard;
  const others = [...person].filter((inCase) => !word.cases.includes(inCase));
  return endIn(setting, heard, others, word.isLinked ? 'CASES_LINKED' : 'CASES_UNLINKED');
}

/** At an authority, in one transaction: what is out on any case of the person counts in all of its ledgers. */
export function hearLinkAtAuthority(setting: Setting, world: World, word: LinkWord, index: number): Step[] {
  const node = authorityAt(world, index);
  const acting = { by: authorityName(index), reading: node.clock, now: NOW } as const;
  const link = saidLink(word);
  const person = [...new Set(word.cases.flatMap((inCase) => casesAtAuthority(node, inCase)))].sort();
  if (person.some((inCase) => isUnattested(node, inCase))) return [];
  const named = bothWays(word);
  if (!named.some(([inCase, other]) => isNewsOfLink(ledgerAt(node, inCase).links, link, caseName(other)))) return [];
  const told = word.isLinked && setting.rules.broken !== 'LINK_TELLS_ALL_LEDGERS' ? person : word.cases;
  const clearances = person.flatMap((inCase) => ledgerAt(node, inCase).clearances);
  const isOfOnePerson = casesAtAuthority(node, word.cases[0]).includes(word.cases[1]);
  const around = surroundings(setting, node, index);
  const bringing = { clearances, ...around, unawareGates: isOfOnePerson ? [] : around.unawareGates };
  const entries = told.flatMap((inCase) => {
    const other = named.find(([one]) => one === inCase)?.[1];
    const linkedCaseId = caseName(other ?? word.cases[0]);
    const command: HoldLedgerCommand = word.isLinked
      ? { type: 'LinkLedger', ...acting, linkedCaseId, link: other === undefined ? null : link, ...bringing }
      : { type: 'UnlinkLedger', ...acting, linkedCaseId, link };
    return entriesOf(setting, node, inCase, command);
  });
  if (entries.length === 0) return [];
  const label = `${authorityName(index)} hears: ${linkText(word)}`;
  return [{ label, isFair: true, next: writeLedgers(setting, world, index, entries) }];
}
