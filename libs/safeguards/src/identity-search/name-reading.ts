import anyAscii from 'any-ascii';

/** One name of a person, as it is compared. */
export interface NameWord {
  /** Lower-case ASCII letters, at least one. */
  readonly text: string;
  /** Written without vowels: in Arabic, Hebrew or Syriac script. */
  readonly isConsonantal: boolean;
}

/** A whole name, taken apart. */
export type NameReading = readonly NameWord[];

interface ReadWord extends NameWord {
  /** Goes with the word after it: a hyphen or a particle. */
  readonly isJoined: boolean;
  readonly isParticle: boolean;
}

/** Words that come and go between one paper and the next. */
const PARTICLES = new Set(
  (
    'de del la las los el y e da do das dos di du des le les van von der den ter al ul el bin ibn ben bint bent ould uld wuld ' +
    'bar bat af av'
  ).split(' '),
);

/** Abd el-Kader is Abdelkader. */
const ARTICLES = new Set(['al', 'el', 'ul']);

/** What stands where nobody knew the name. */
const PLACEHOLDERS = new Set(
  'desconocido desconocida unknown inconnu inconnue enkoni nn na sinnombre noname indocumentado anonimo anonima'.split(
    ' ',
  ),
);

/** Most words of a name that are compared, far more than anybody has. */
const MAX_WORDS = 12;

const CONSONANTAL = /\p{Script=Arabic}|\p{Script=Hebrew}|\p{Script=Syriac}/u;
const HAN = /\p{Script=Han}/u;
const ARTICLE = /^ال(?=\p{L}{3})/u;
const APOSTROPHES = /['’‘`´ʻʼʿʾ]/g;
/** Abdelkader, Abdurrahman: a servant of …, written in one word. */
const SERVANT_OF = /^(abd)[aeiou]+(?:l|([rnsdtz])(?=\2))([a-z]{3,})$/;

function lettersOf(text: string): string {
  return anyAscii(text)
    .toLowerCase()
    .replace(/[^a-z]/g, '');
}

function readWord(text: string, isJoined: boolean): readonly ReadWord[] {
  const isConsonantal = CONSONANTAL.test(text);
  const parts = HAN.test(text) ? [text.slice(0, 1), text.slice(1)] : [text.replace(ARTICLE, '')]; // family name first
  return parts.flatMap((part) => {
    const letters = lettersOf(part);
    if (letters === '') return [];
    const isParticle = !isConsonantal && PARTICLES.has(letters);
    return [{ text: letters, isConsonantal, isJoined: isJoined || isParticle, isParticle }];
  });
}

function wordsOf(name: string): readonly ReadWord[] {
  const pieces = name
    .normalize('NFKC')
    .replace(APOSTROPHES, '')
    .replace(/[çÇ]/g, 's')
    .split(/[^\p{L}\p{M}\p{Pd}]+/u)
    .map((piece) => piece.split(/\p{Pd}+/u).filter((part) => part !== ''));
  const words = pieces.flatMap((parts) => parts.flatMap((part, index) => readWord(part, index < parts.length - 1)));
  return words.filter(({ text }, index) => !(ARTICLES.has(text) && words[index - 1]?.text === 'abd'));
}

function apart({ text, isConsonantal }: NameWord): NameReading {
  const [, servant, , of] = SERVANT_OF.exec(text) ?? [];
  if (servant === undefined || of === undefined || isConsonantal) return [{ text, isConsonantal }];
  return [servant, of].map((part) => ({ text: part, isConsonantal }));
}

/** Without what comes and goes; initials say too little. */
function withoutParticles(words: readonly ReadWord[]): NameReading {
  const said = words.filter(({ text, isParticle, isConsonantal }) => !isParticle && (text.length > 1 || isConsonantal));
  return (said.length > 0 ? said : words).flatMap(apart);
}

/** With what belongs together in one word: De la Cruz as Delacruz, Jean-Baptiste as Jeanbaptiste, Ben Ali as Benali. */
function joined(words: readonly ReadWord[]): NameReading {
  const read: NameWord[] = [];
  let before: ReadWord | null = null;
  for (const word of words) {
    const { isConsonantal } = word;
    if (before?.isJoined === true) read.push({ text: `${read.pop()?.text ?? ''}${word.text}`, isConsonantal });
    else read.push({ text: word.text, isConsonantal });
    before = word;
  }
  return read.filter(({ text, isConsonantal }) => text.length > 1 || isConsonantal);
}

/**
 * The ways in which a whole name can be taken apart; none where it says nothing (`N.N.`, `Desconocido`).
 *
 * @param name in any script and order
 */
export function readingsOf(name: string): readonly NameReading[] {
  const words = wordsOf(name);
  if (words.length === 0 || PLACEHOLDERS.has(words.map(({ text }) => text).join(''))) return [];
  const plain = withoutParticles(words).slice(0, MAX_WORDS);
  const whole = words.some(({ isJoined }) => isJoined) ? joined(words).slice(0, MAX_WORDS) : [];
  return whole.length === 0 ? [plain] : [plain, whole];
}
