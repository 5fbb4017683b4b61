import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareBirthDates } from './birth-date-match.ts';
import type { BirthDate, IdentityElements } from './identity-elements.ts';
import { judgeMatch } from './judge-match.ts';
import { readingsOf } from './name-reading.ts';

const NOBODY: IdentityElements = { names: [], dateOfBirth: null, sex: null, nationalities: [], documents: [] };
const born = (date: string, precision: BirthDate['precision'] = 'EXACT'): BirthDate => ({ date, precision });
const called = (name: string, date: BirthDate | null = null): IdentityElements => ({
  ...{ ...NOBODY, names: [name], dateOfBirth: date },
});
const holding = (number: string, rest: Partial<IdentityElements> = {}): IdentityElements => ({
  ...{ ...NOBODY, ...rest, documents: [{ type: 'PASSPORT', issuer: 'VE', number }] },
});

/** Pairs as registries of the region have them of one person. */
const SAME_PERSON: readonly (readonly [what: string, one: string, other: string])[] = [
  ['order of names', 'Pérez García, José Luis', 'José Luis Pérez García'],
  ['one family name of two', 'José Luis Pérez García', 'José Pérez'],
  ['particles', 'María de la Cruz Solís', 'Maria Cruz Solis'],
  ['particles in one word', 'Juana De La O', 'Juana Delao'],
  ['hyphen', 'Jean-Baptiste Dorvil', 'Jeanbaptiste Dorvil'],
  ['diacritics and case', 'ÁNGEL NÚÑEZ', 'angel nunez'],
  ['decomposed letters', 'Jose\u0301 Nun\u0303ez', 'José Núñez'],
  ['b and v, s and z', 'Vanesa Bargas', 'Banessa Vargas'],
  ['silent h', 'Hernández Elías', 'Elias Ernandes'],
  ['x, j and g', 'Ximena Giménez', 'Jimena Jiménez'],
  ['ll and y', 'Yolanda Castillo', 'Llolanda Castiyo'],
  ['Arabic, romanised twice', 'Mohammed Hussein', 'Muhamad Husayn'],
  ['Arabic by Spanish ears', 'Khaled Djamal', 'Jaled Yamal'],
  ['Arabic script', 'محمد حسين', 'Mohamed Hussein'],
  ['Arabic script, servant of', 'خالد عبد الرحمن', 'Khaled Abdurrahman'],
  ['Arabic, in one word or in three', 'Abdelkader Benali', 'Abd el-Kader Ben Ali'],
  ['West African form', 'Mamadou Diallo', 'Mohamed Diallo'],
  ['Hebrew script', 'יוסף כהן', 'Yosef Cohen'],
  ['Cyrillic, English and Spanish', 'Алексей Хрущёв', 'Alexei Jruschov'],
  ['Cyrillic script', 'Юрий Щербаков', 'Yuri Shcherbakov'],
  ['Han, in one word', '王小明', 'Wang Xiaoming'],
  ['Haitian Creole', 'Jan Batis Pyè', 'Jean Baptiste Pierre'],
  ['Haitian Creole w', 'Wobè Jozèf', 'Robert Joseph'],
  ['Haitian in a Spanish registry', 'Pierre Toussaint', 'Pedro Tusen'],
  ['Portuguese', 'João Gonçalves', 'Juan Gonsalves'],
  ['pet form', 'Pepe Mendoza', 'José Mendoza'],
  ['pet form of a woman', 'Lupe Ramírez', 'Guadalupe Ramires'],
  ['pet form with two names', 'Beto Salinas', 'Humberto Salinas'],
  ['English short form', 'Bill Johnson', 'William Johnson'],
  ['a letter typed wrongly', 'Fernanda Zambrano', 'Fernamda Zambrano'],
  ['two letters swapped', 'Wilmer Quintero', 'Wilmer Qiuntero'],
  ['initials', 'J. L. Villalobos', 'José Luis Villalobos'],
  ['one name alone', 'Guerline', 'Guerline Metellus'],
  ['apostrophes', "N'Diaye Awa", 'Ndiaye Awa'],
];

const OTHER_PERSONS: readonly (readonly [string, string])[] = [
  ['José Luis Pérez García', 'José Luis Mendoza Ríos'],
  ['María García', 'María Hernández'],
  ['Juan Carlos Rodríguez Mora', 'Juan Pablo González Mora'],
  ['Jean Pierre', 'Wilner Metellus'],
  ['Mohamed Hassan', 'Mohamed Warsame'],
  ['Mahmoud Ali', 'Mohamed Saleh'],
  ['Alberto Ruiz', 'Roberto Díaz'],
  ['Carlos Quispe', 'Carlota Mamani'],
  ['محمد حسين', 'Khaled Mansour'],
  ['Алексей Иванов', 'Dmitri Petrov'],
];

describe('judging a match by names alone', () => {
  it.each(SAME_PERSON)('finds %s: %s, %s', (_, one, other) => {
    const { isPossible, grounds } = judgeMatch(called(one), called(other));
    expect(isPossible).toBe(true);
    expect(grounds.at(-1)).toBe('BIRTH_DATE_UNKNOWN');
  });

  it.each(OTHER_PERSONS)('tells %s from %s', (one, other) => {
    expect(judgeMatch(called(one), called(other)).isPossible).toBe(false);
  });

  it('looks at every name that somebody goes under', () => {
    const many = { ...NOBODY, names: ['Yadira Colmenares', 'La Negra', 'Rosa Urdaneta'] };
    expect(judgeMatch(called('Rosa Urdaneta'), many).isPossible).toBe(true);
    expect(judgeMatch(called('Rosa Colmenares'), many).isPossible).toBe(false);
  });

  it.each(['', '  ', 'N.N.', 'Desconocido', 'UNKNOWN', '???'])(
    'finds nobody by a name that says nothing: %j',
    (name) => {
      expect(judgeMatch(called(name, born('1990-03-14')), called(name, born('1990-03-14')))).toEqual({
        ...{ isPossible: false, points: 3, grounds: ['SAME_BIRTH_DATE'] },
      });
    },
  );
});

describe('dates of birth', () => {
  it.each([
    ['1990-03-14', 'EXACT', '1990-03-14', 'EXACT', 'SAME'],
    ['1990-03-04', 'EXACT', '1990-04-03', 'EXACT', 'SWAPPED'],
    ['1990-03-14', 'EXACT', '1990-03-15', 'EXACT', 'CLOSE'],
    ['1990-03-14', 'EXACT', '1980-03-14', 'EXACT', 'CLOSE'],
    ['1990-03-14', 'EXACT', '1992-07-02', 'EXACT', 'FEW_YEARS_APART'],
    ['1990-03-14', 'EXACT', '1994-07-02', 'EXACT', 'DIFFERENT'],
    ['1990-01-01', 'EXACT', '1990-07-02', 'EXACT', 'FITS'],
    ['1990-01-01', 'EXACT', '1991-07-02', 'EXACT', 'NOT_EXCLUDED'],
    ['1990', 'YEAR', '1990-07-02', 'EXACT', 'FITS'],
    ['1990-05', 'MONTH', '1990-07-02', 'EXACT', 'NOT_EXCLUDED'],
    ['1990', 'ESTIMATED', '1995-07-02', 'EXACT', 'NOT_EXCLUDED'],
    ['1990', 'ESTIMATED', '1996-07-02', 'EXACT', 'DIFFERENT'],
    ['1990', 'UNKNOWN', '1950-07-02', 'EXACT', 'UNKNOWN'],
  ] as const)('%s %s and %s %s: %s', (one, ofOne, other, ofOther, expected) => {
    expect(compareBirthDates(born(one, ofOne), born(other, ofOther))).toBe(expected);
    expect(compareBirthDates(born(other, ofOther), born(one, ofOne))).toBe(expected);
  });

  it('are enough with one name in common, and outweigh two names when they differ, but not three', () => {
    const date = born('1990-03-14');
    const judge = (one: string, other: string, then: BirthDate) =>
      judgeMatch(called(one, date), called(other, then)).isPossible;
    expect(judge('Rosa Urdaneta', 'Rosa Colmenares', date)).toBe(true);
    expect(judge('Rosa Urdaneta', 'Yadira Colmenares', date)).toBe(false);
    expect(judge('Rosa Urdaneta', 'Rosa Urdaneta', born('1961-11-02'))).toBe(false);
    expect(judge('Rosa Elena Urdaneta', 'Rosa Elena Urdaneta', born('1961-11-02'))).toBe(true);
  });

  it('that fit help two names out of three', () => {
    const [one, other] = ['Luis Alberto Salinas', 'Luis Salinas Vega'];
    expect(judgeMatch(called(one), called(other)).isPossible).toBe(false);
    expect(judgeMatch(called(one, born('1990', 'YEAR')), called(other, born('1990-03-14'))).isPossible).toBe(true);
  });
});

describe('documents', () => {
  it('decide by themselves, however the number is written', () => {
    const one = holding('PA-773 3110', called('Rosa Urdaneta', born('1961-11-02')));
    const other = holding('pa7733110', called('Wilner Metellus', born('2001-05-30')));
    expect(judgeMatch(one, other)).toMatchObject({ isPossible: true, grounds: ['SAME_DOCUMENT', 'OTHER_BIRTH_DATE'] });
    expect(judgeMatch(holding('O1234'), holding('01234')).isPossible).toBe(true);
  });

  it('that are nearly the same help a name', () => {
    const judge = (number: string) =>
      judgeMatch(
        holding('PA7733110', called('Rosa Urdaneta')),
        holding(number, called('Rosa Urdaneta Vega', born('1990'))),
      );
    expect(judge('PA7733101').grounds).toContain('SIMILAR_DOCUMENT');
    expect(judge('PA9999999').grounds).not.toContain('SIMILAR_DOCUMENT');
    expect(judgeMatch(holding('PA7733110'), holding('PA7733101')).isPossible).toBe(false);
  });

  it('without a number in them say nothing', () => {
    expect(judgeMatch(holding('---'), holding('///')).isPossible).toBe(false);
  });
});

it('shows sex and nationality and counts neither', () => {
  const one = { ...called('Rosa Urdaneta'), sex: 'FEMALE', nationalities: ['VE', 'CO'] } as const;
  const other = { ...called('Rosa Urdaneta'), sex: 'MALE', nationalities: ['CO'] } as const;
  const bare = judgeMatch(called('Rosa Urdaneta'), called('Rosa Urdaneta'));
  expect(judgeMatch(one, other)).toEqual({ ...bare, grounds: [...bare.grounds, 'OTHER_SEX', 'SAME_NATIONALITY'] });
  expect(judgeMatch(one, { ...one, nationalities: ['HT'] }).grounds.slice(-2)).toEqual([
    'SAME_SEX',
    'OTHER_NATIONALITY',
  ]);
});

const word = fc.constantFrom(
  ...[
    'José',
    'María',
    'Pepe',
    'Jean',
    'Batis',
    'محمد',
    'حسين',
    'Husayn',
    'Юрий',
    'Abdelkader',
    'de',
    'la',
    'Cruz',
    'Delacruz',
    'N.',
    'Ng',
  ],
);
const name = fc.array(word, { minLength: 1, maxLength: 5 }).map((words) => words.join(' '));
const date = fc.option(
  fc.record({
    date: fc.constantFrom('1990', '1990-03', '1990-03-04', '1990-04-03', '1991-01-01', '1970-07-07'),
    precision: fc.constantFrom('EXACT', 'MONTH', 'YEAR', 'ESTIMATED', 'UNKNOWN'),
  }),
);
const documents = fc.array(
  fc.record({
    type: fc.constant('ID'),
    issuer: fc.constant(null),
    number: fc.constantFrom('A1234567', 'A1234576', '0', 'X9'),
  }),
  { maxLength: 2 },
);
const person: fc.Arbitrary<IdentityElements> = fc.record({
  ...{ names: fc.array(name, { maxLength: 2 }), dateOfBirth: date, documents },
  ...{ sex: fc.constantFrom(null, 'FEMALE', 'MALE'), nationalities: fc.constantFrom([], ['VE'], ['HT', 'CL']) },
});

describe('whoever is compared', () => {
  it('is judged the same from both sides', () => {
    fc.assert(
      fc.property(person, person, (one, other) => expect(judgeMatch(one, other)).toEqual(judgeMatch(other, one))),
    );
  });

  it('is never ruled out with the same document', () => {
    const property = fc.property(person, person, fc.stringMatching(/^[A-Z0-9]{1,12}$/), (one, other, number) => {
      const [with1, with2] = [one, other].map((who) => ({
        ...who,
        documents: [...who.documents, { type: 'ID', issuer: null, number }],
      }));
      expect(judgeMatch(with1!, with2!).isPossible).toBe(true);
    });
    fc.assert(property);
  });

  it('is never ruled out with equal names that no date of birth speaks against', () => {
    const property = fc.property(person, person, name, (one, other, said) => {
      fc.pre(readingsOf(said).length > 0); // N. N. is nobody's name
      fc.pre(!['FEW_YEARS_APART', 'DIFFERENT'].includes(compareBirthDates(one.dateOfBirth, other.dateOfBirth)));
      const turned = said.split(' ').reverse().join(' ').toUpperCase();
      const pair = [
        { ...one, names: [...one.names, said] },
        { ...other, names: [...other.names, turned] },
      ] as const;
      expect(judgeMatch(...pair).isPossible).toBe(true);
    });
    fc.assert(property);
  });
});
