import { Buffer } from 'node:buffer';

/** A made-up name that stands for what people type, where it was put, and where it may be found. */
export interface Canary {
  readonly text: string;
  readonly place: string;
  /** Only in the database of the agency that it was given to; null: nowhere at all. */
  readonly allowedAt: string | null;
}

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
    const text = `zoila${this.#canaries.length + 100}quispe`;
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

/** Every canary that is found where it must not be: `<place> in <name>`. */
export function sightings(canaries: readonly Canary[], collected: readonly Collected[]): readonly string[] {
  return collected.flatMap(({ name, text, databaseOf }) => {
    const folded = text.toLowerCase();
    return canaries
      .filter(({ allowedAt }) => databaseOf === undefined || allowedAt !== databaseOf)
      .filter((canary) =>
        [...spellings(canary.text)].some(({ spelling, foldCase }) => (foldCase ? folded : text).includes(spelling)),
      )
      .map(({ place }) => `${place} in ${name}`);
  });
}
