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
    const text = `${MARKER}${this.#canaries.length + 10_000}q`;
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

/** How a text may be written down: as it is, in hexadecimal, in base64 at any alignment. */
function spellingsOf(text: string): readonly string[] {
  const encoded = [0, 1, 2].map((offset) => {
    const bytes = offset + Buffer.byteLength(text);
    const all = Buffer.from(' '.repeat(offset) + text).toString('base64');
    return all.slice(Math.ceil((offset * 8) / 6), Math.floor((bytes * 8) / 6)); // what stands before and after it left out
  });
  return [text, Buffer.from(text).toString('hex'), ...encoded];
}

/** Any of these texts, however it is written down, in any case. */
function anyOf(texts: readonly string[]): RegExp {
  const spelt = texts.flatMap(spellingsOf).map((spelling) => spelling.replaceAll(/[+/.]/g, String.raw`\$&`));
  return new RegExp(spelt.join('|'), 'i');
}

/** What no text and no file may hold that is not for a canary's own agency. */
export const CANARY_MARKS = anyOf([MARKER, CANARY_BIRTHDAY]);
const BIRTHDAY = anyOf([CANARY_BIRTHDAY]);

/** Every canary that is found where it must not be: `<place> in <name>`. */
export function sightings(canaries: readonly Canary[], collected: readonly Collected[]): readonly string[] {
  return collected
    .filter(({ text }) => CANARY_MARKS.test(text))
    .flatMap(({ name, text, databaseOf }) => {
      const found = canaries
        .filter(({ allowedAt }) => databaseOf === undefined || allowedAt !== databaseOf)
        .filter((canary) => anyOf([canary.text]).test(text))
        .map(({ place }) => `${place} in ${name}`);
      return BIRTHDAY.test(text) ? [...found, `date of birth in ${name}`] : found;
    });
}
