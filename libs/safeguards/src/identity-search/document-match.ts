import anyAscii from 'any-ascii';
import type { IdentityDocument } from './identity-elements.ts';

/** Characters from which on a number that is one off may be a typing error. */
const MIN_LENGTH_OF_TYPING_ERROR = 7;

/** A number without what papers and hands write differently: case, separators, leading zeros, O for 0, I for 1. */
function bare(number: string): string {
  return anyAscii(number)
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '')
    .replace(/O/g, '0')
    .replace(/I/g, '1')
    .replace(/^0+(?=.)/, '');
}

/** Keys of the documents; kind and issuer are not in them: one paper is written down under many kinds. */
export interface DocumentKeys {
  readonly same: ReadonlySet<string>;
  readonly similar: ReadonlySet<string>;
}

/** Keys of the numbers of all documents. */
export function keysOfDocuments(documents: readonly IdentityDocument[]): DocumentKeys {
  const numbers = documents.map(({ number }) => bare(number)).filter((number) => number !== '');
  const similar = numbers
    .filter(({ length }) => length >= MIN_LENGTH_OF_TYPING_ERROR)
    .flatMap((number) => [number, ...Array.from(number, (_, at) => number.slice(0, at) + number.slice(at + 1))]);
  return {
    same: new Set(numbers.map((number) => `n:${number}`)),
    similar: new Set(similar.map((number) => `m:${number}`)),
  };
}
