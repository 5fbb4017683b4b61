import { Buffer } from 'node:buffer';

/** A made-up name that stands for what people type, where it was put, and where it may be found. */
export interface Canary {
  readonly text: string;
  readonly place: string;
  /** Only in the database of the agency that it was given to; null: nowhere at all. */
  readonly allowedAt: string | null;
}

/** What every canary begins with, so that one look tells whether any is there. */
const MARKER = 'zoilaquispe';
/** The date of birth of all made-up people: a date cannot carry the marker. */
export const CANARY_BIRTHDAY = '1907-08-17';

/** Makes canaries, each of its own text, so that one that sang says where it was put. */
export class Aviary {
  readonly #canaries: Canary[] = [];

  get canaries(): readonly Canary[] {
    return this.#canaries;
  }

  /** A canary that must be found nowhere. */
  refused(place: string): string {
    return this.#add(place, null);
  }

  /** A canary that an agency may keep for itself. */
  privateTo(agencyId: string, place: string): string {
    return this.#add(place, agencyId);
  }

  #add(place: string, allowedAt: string | null): string {
    const text = `${MARKER}${this.#canaries.length + 10_000}mamani`;
    this.#canaries.push({ text, place, allowedAt });
    return text;
  }
}

/** Where canaries are looked for: a name, and what was found there. */
export interface Collected {
  readonly name: string;
  readonly text: string;
  /** The agency whose database it is. */
  readonly databaseOf?: string;
}

/** How a text may be written down: as it is in any case, in hexadecimal, in base64 at any alignment. */
function* spellings(text: string): Generator<{ readonly spelling: string; readonly foldCase: boolean }> {
  yield { spelling: text, foldCase: true };
  yield { spelling: Buffer.from(text).toString('hex'), foldCase: true };
  for (const offset of [0, 1, 2]) {
    const encoded = Buffer.from(' '.repeat(offset) + text).toString('base64');
    yield { spelling: encoded.slice(offset === 0 ? 0 : 4, -4), foldCase: false };
  }
}

const MARKS = [MARKER, CANARY_BIRTHDAY].flatMap((mark) => [...spellings(mark)]);

function isWritten(marks: readonly { readonly spelling: string; readonly foldCase: boolean }[], text: string): boolean {
  const folded = text.toLowerCase();
  return marks.some(({ spelling, foldCase }) => (foldCase ? folded : text).includes(spelling));
}

/** Every canary that is found where it must not be: `<place> in <name>`. */
export function sightings(canaries: readonly Canary[], collected: readonly Collected[]): readonly string[] {
  return collected
    .filter(({ text }) => isWritten(MARKS, text))
    .flatMap(({ name, text, databaseOf }) => {
      const found = canaries
        .filter(({ allowedAt }) => databaseOf === undefined || allowedAt !== databaseOf)
        .filter((canary) => isWritten([...spellings(canary.text)], text))
        .map(({ place }) => `${place} in ${name}`);
      return isWritten([...spellings(CANARY_BIRTHDAY)], text) ? [...found, `date of birth in ${name}`] : found;
    });
}

/** What to look for in bytes that may be of anything: the marks as they were typed, in hexadecimal and in base64. */
export const MARKED_BYTES: readonly Buffer[] = MARKS.map(({ spelling }) => Buffer.from(spelling));
