import { NAME_VARIANTS } from '@acogida/reference';
import { doubleMetaphone } from 'double-metaphone';
import { consonantsOf, foldName } from './fold-name.ts';
import type { NameWord } from './name-reading.ts';

/** How two names are alike. */
export type NameLikeness = 'EQUAL' | 'SAME_NAME' | 'SAME_SOUND' | 'SAME_CONSONANTS' | 'NEARLY_EQUAL';

/** Keys of one name. Two names are alike exactly where one has a key that the other seeks, whichever is which. */
export interface NameKeys {
  readonly has: ReadonlySet<string>;
  readonly seeks: readonly string[];
}

/** Kinds of keys, the surest first. */
const LIKENESS: Readonly<Record<string, NameLikeness>> = {
  e: 'EQUAL',
  v: 'SAME_NAME',
  s: 'SAME_SOUND',
  c: 'SAME_CONSONANTS',
  d: 'NEARLY_EQUAL',
};
const KINDS = Object.keys(LIKENESS);

/** Sounds of a code from which on names that share it are taken for alike; shorter ones are shared by too many. */
const MIN_SOUNDS = 4;
/** Letters from which on one of them may be another, missing, or swapped with the next. */
const MIN_LETTERS_OF_TYPING_ERROR = 5;

function variantsByName(): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  for (const [group, names] of NAME_VARIANTS.entries()) {
    for (const name of new Set(names.map(foldName))) found.set(name, [...(found.get(name) ?? []), group]);
  }
  return found;
}

const VARIANTS = variantsByName();

/** Names that differ in one letter have one of these in common: each name without one of its letters (symmetric deletion). */
function withoutOneLetter(name: string): readonly string[] {
  if (name.length < MIN_LETTERS_OF_TYPING_ERROR - 1) return [];
  if (name.length < MIN_LETTERS_OF_TYPING_ERROR) return [`d:${name}`];
  const shorter = Array.from(name, (_, index) => `d:${name.slice(0, index)}${name.slice(index + 1)}`);
  return [`d:${name}`, ...shorter];
}

function soundsOf(text: string): readonly string[] {
  const codes = doubleMetaphone(text).filter((code) => code.length >= MIN_SOUNDS);
  return [...new Set(codes)].map((code) => `s:${code}`);
}

/** Keys of a name, in the clear: they are never kept. */
export function keysOfName({ text, isConsonantal }: NameWord): NameKeys {
  const consonants = consonantsOf(text);
  const written = consonants === '' ? [] : [`cw:${consonants}`]; // of every name
  const abjad = consonants === '' ? [] : [`ca:${consonants}`]; // of names that have no more than that
  if (isConsonantal) return { has: new Set([`e:${text}`, ...written, ...abjad]), seeks: [`e:${text}`, ...written] };
  const folded = foldName(text);
  const shared = [
    `e:${folded}`,
    ...(VARIANTS.get(folded) ?? []).map((group) => `v:${group}`),
    ...soundsOf(text),
    ...withoutOneLetter(folded),
    ...withoutOneLetter(text),
  ];
  return { has: new Set([...shared, ...written]), seeks: [...shared, ...abjad] };
}

/** How two names are alike, as surely as can be said; null where they are not. Symmetric. */
export function likenessOf(one: NameKeys, other: NameKeys): NameLikeness | null {
  let best: number | null = null;
  for (const key of one.seeks) {
    if (!other.has.has(key)) continue;
    const rank = KINDS.indexOf(key.charAt(0));
    if (best === null || rank < best) best = rank;
  }
  return best === null ? null : (LIKENESS[KINDS[best] ?? ''] ?? null);
}
