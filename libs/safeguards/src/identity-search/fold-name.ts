/**
 * How letters are folded, one after the other, on lower-case ASCII: spellings that Spanish, Portuguese, French, Haitian, English,
 * romanised Arabic and Cyrillic have for one sound become one. Capitals stand for sounds that are settled. It errs on the side of making equal.
 */
const FOLDING: readonly (readonly [RegExp, string])[] = [
  [/^x/, 'J'], // Ximénez, Xavier
  [/x/g, 'ks'],
  [/ch(?=[lnrt])/g, 'k'], // Christian
  [/tsch|shch|sch|tch|sh|ch/g, 'X'],
  [/kh|dj|zh/g, 'J'], // Khaled and Jaled, Djamal and Jamal
  [/gh|gu(?=[ei])/g, 'G'],
  [/g(?=[eiy])|j/g, 'J'],
  [/gn|ny(?=[aeou])/g, 'n'],
  [/ph/g, 'f'],
  [/([bdlnrt])h/g, '$1'],
  [/h/g, ''], // silent, or nearly: Hernández, Mohamed
  [/qu(?=[ei])|ck|q/g, 'k'],
  [/s?c(?=[eiy])/g, 's'],
  [/c/g, 'k'],
  [/t[sz]|z/g, 's'],
  [/v/g, 'b'],
  [/m(?=[bp])/g, 'n'],
  [/eaux?|au/g, 'o'],
  [/ou|oo|w/g, 'u'],
  [/oi/g, 'ua'], // Antoine, Antwan
  [/a[eiy]|e[iy]/g, 'e'], // Husayn, Hussein
  [/ee|ie|iy|yi/g, 'i'],
  [/(?<=[^aeiouy])e$/, ''], // silent in French
  [/y|e/g, 'i'],
  [/o/g, 'u'],
  [/(.)\1+/g, '$1'],
];

/** What a name is compared by. @param text lower-case ASCII letters */
export function foldName(text: string): string {
  return FOLDING.reduce((folded, [pattern, by]) => folded.replace(pattern, by), text);
}

const CONSONANTS: readonly (readonly [RegExp, string])[] = [
  [/[aeiouyvw]/g, ''], // v: the Hebrew letter that is o and u as well
  [/[cq]/g, 'k'],
  [/([gk])h+/g, '$1'],
  [/h$/, ''], // ta marbuta
  [/(.)\1+/g, '$1'],
];

/** The consonants of a name: all that Arabic and Hebrew script write of it. @param text lower-case ASCII letters */
export function consonantsOf(text: string): string {
  return CONSONANTS.reduce((left, [pattern, by]) => left.replace(pattern, by), text);
}
