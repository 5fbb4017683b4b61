import { birthDateKey } from './birth-date-match.ts';
import type { BirthDate, IdentityElements } from './identity-elements.ts';

/** Seeded numbers from 0 up to 1 (mulberry32): the same list each time. */
export function seededNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Community {
  readonly share: number;
  readonly given: readonly string[];
  readonly family: readonly string[];
  readonly twoFamilyNames: boolean;
}

// The commonest names first: they are drawn by rank, as they are borne.
const COMMUNITIES: readonly Community[] = [
  {
    ...{ share: 0.62, twoFamilyNames: true },
    given: (
      'José María Juan Luis Carlos Ana Jesús Miguel Rosa Antonio Carmen Francisco Manuel Jorge Pedro Alejandro Gabriela Daniel Andrea ' +
      'Fernando Patricia Rafael Guadalupe Ricardo Sofía Eduardo Laura Roberto Diana Víctor Claudia Alberto Karla Óscar Yolanda Héctor ' +
      'Silvia Mario Sandra Javier Verónica Raúl Adriana Sergio Mónica Enrique Leticia Ángel Martha Arturo Gloria Ramón Teresa Gustavo ' +
      'Valentina Santiago Camila Sebastián Isabella Yorleni Wilmer Yusmary Jhon Keyla Darwin Maikel Yadira Franklin Nelson Marisol ' +
      'Edwin Elmer Blanca Reina Wendy Kevin Brayan Josué Elías Noé Abel Saúl Rubén Hugo Esteban Marta Lucía Elena Julia Irma Norma'
    ).split(' '),
    family: (
      'Hernández García Rodríguez González Martínez López Pérez Sánchez Ramírez Torres Flores Rivera Gómez Díaz Cruz Morales Reyes ' +
      'Gutiérrez Ortiz Ramos Chávez Ruiz Mendoza Álvarez Castillo Jiménez Vásquez Romero Moreno Herrera Medina Aguilar Vargas Castro ' +
      'Méndez Guzmán Rojas Fernández Salazar Guerrero Contreras Silva Soto Delgado Ríos Peña Molina Ortega Mejía Suárez Núñez Cabrera ' +
      'Campos Vega Estrada Espinoza Fuentes León Carrillo Acosta Navarro Figueroa Sandoval Maldonado Salinas Lara Luna Valdez Pineda ' +
      'Zelaya Bonilla Paredes Escobar Alvarado Portillo Montoya Quintero Cárdenas Bermúdez Barrios Urdaneta Colmenares Arteaga Villalobos ' +
      'Zambrano Cevallos Quispe Mamani Huamán Choque Ajpacajá Tzoc Chub Pop Caal Choc Xol Ixcoy Tum'
    ).split(' '),
  },
  {
    ...{ share: 0.22, twoFamilyNames: false },
    given: (
      'Jean Marie Joseph Pierre Rose Wilner Michel Nadège Jacques Guerline Louis Mirlande Frantz Fabiola Ronald Widline Emmanuel Islande ' +
      'Jean-Baptiste Jean-Robert Marie-Ange Wadson Stanley Kettly Dieula Roseline Evens Junior Peterson Carline Lovely Wideline Woodson ' +
      'Jameson Esther Ruth Samuel Naomie Daphnée Jocelyne Yves Roody Mackenson Ketsia Rodeline'
    ).split(' '),
    family: (
      'Joseph Jean Pierre Louis Charles François Michel Baptiste Paul Jacques Saint-Louis Desir Etienne Augustin Laurent Antoine Dorvil ' +
      'Alexis Philippe Noël Cadet Exantus Toussaint Celestin Guerrier Fleurimond Jules Metellus Estimé Bien-Aimé Clervil Dieudonné ' +
      'Lafontant Mondésir Thelusma Petit-Frère Valcin Sainvil Auguste Duvert Florestal Casséus Ulysse Beauvoir'
    ).split(' '),
  },
  {
    ...{ share: 0.1, twoFamilyNames: false },
    given: (
      'Mohamed Ahmed Ali Ibrahim Fatima Abdullah Hassan Hussein Khadija Omar Mahmoud Aisha Yusuf Khaled Abdirahman Mamadou Fatoumata ' +
      'Ousmane Moussa Amina Maryam Zainab Mustafa Hamza Bilal Abdelkader Samira Nadia Rashid Karim Tariq Faisal Leila Ismail Sulaiman ' +
      'Habib Zahra Farhad Reza Noor Gul Jamal Walid'
    ).split(' '),
    family: (
      'Ali Ahmed Hassan Mohamed Diallo Traoré Khan Hussein Ibrahim Barry Bah Coulibaly Keita Camara Sow Rahman Hossain Islam Chowdhury ' +
      'Rahimi Ahmadi Karimi Noori Warsame Farah Abdi Osman Nur Saleh Mansour Haddad Khoury Benali Bouzid Zerrouki Mansouri Touré Ndiaye ' +
      'Diop Fall Cissé Sarr'
    ).split(' '),
  },
  {
    ...{ share: 0.06, twoFamilyNames: false },
    given: (
      'Aleksandr Yuri Dmitri Olga Natalia Sergei Elena Ivan Svetlana Andrei John Michael David Nguyen Thi Van Wei Li Xin Min Kumar Singh ' +
      'Priya Raj Grace Blessing Chinedu Emeka Samuel Kwame Ama Tesfaye Abebe Selam Yonas Bhim Ram Sita'
    ).split(' '),
    family: (
      'Ivanov Petrov Smirnov Kuznetsov Popova Volkov Smith Johnson Nguyen Tran Pham Wang Zhang Chen Liu Patel Sharma Gurung Tamang Okafor ' +
      'Adeyemi Mensah Boateng Tesfaye Gebre Haile Bekele Rai Thapa Osei'
    ).split(' '),
  },
];

function pick<T>(items: readonly T[], number: number): T {
  const found = items[Math.min(items.length - 1, Math.floor(number * items.length))];
  if (found === undefined) throw new RangeError('nothing to pick from');
  return found;
}

/** By rank: the first of sixty is drawn eight times as often as the last third. */
function pickByRank<T>(items: readonly T[], number: number): T {
  return pick(items, number ** 1.8);
}

const twoDigits = (number: number): string => String(number).padStart(2, '0');

function birthDateOf(draw: () => number): BirthDate | null {
  const [year, kind] = [1950 + Math.floor(draw() ** 0.7 * 66), draw()];
  if (kind < 0.05) return null;
  if (kind < 0.12) return { date: `${year}`, precision: 'ESTIMATED' };
  if (kind < 0.2) return { date: `${year}-01-01`, precision: 'EXACT' };
  return {
    date: `${year}-${twoDigits(1 + Math.floor(draw() * 12))}-${twoDigits(1 + Math.floor(draw() * 28))}`,
    precision: 'EXACT',
  };
}

function communityOf(number: number): Community {
  let left = number;
  const found = COMMUNITIES.find(({ share }) => (left -= share) < 0);
  return found ?? pick(COMMUNITIES, 0);
}

/** Somebody made up: names, date and papers are drawn as they are met at a border of the region. For specs. */
export function syntheticPerson(draw: () => number): IdentityElements {
  const { given, family, twoFamilyNames } = communityOf(draw());
  const givenNames = Array.from({ length: draw() < 0.55 ? 2 : 1 }, () => pickByRank(given, draw()));
  const familyNames = Array.from({ length: twoFamilyNames && draw() < 0.8 ? 2 : 1 }, () => pickByRank(family, draw()));
  const number = String(10_000_000 + Math.floor(draw() * 89_999_999));
  return {
    names: [[...givenNames, ...familyNames].join(' ')],
    dateOfBirth: birthDateOf(draw),
    sex: draw() < 0.5 ? 'FEMALE' : 'MALE',
    nationalities: [],
    documents: draw() < 0.5 ? [{ type: 'PASSPORT', issuer: null, number }] : [],
  };
}

/** The same person as another office wrote them down: a name left out, a letter typed wrongly, another order, the day before the month. */
export function writtenDownElsewhere(person: IdentityElements, draw: () => number): IdentityElements {
  const words = (person.names[0] ?? '').split(' ');
  const kept = words.length > 2 && draw() < 0.5 ? words.toSpliced(Math.floor(draw() * words.length), 1) : words;
  const at = kept.findIndex(({ length }) => length >= 6);
  const mistyped = kept.map((word, index) =>
    index === at && draw() < 0.5 ? `${word.slice(0, 3)}${word.slice(4)}` : word,
  );
  const turned = draw() < 0.4 ? [...mistyped.slice(1), ...mistyped.slice(0, 1)] : mistyped;
  const plain =
    draw() < 0.5 ? turned.join(' ').normalize('NFD').replace(/\p{M}/gu, '').toUpperCase() : turned.join(' ');
  return { ...person, names: [plain], dateOfBirth: writtenDate(person.dateOfBirth, draw()), documents: [] };
}

function writtenDate(birth: BirthDate | null, number: number): BirthDate | null {
  if (birth === null || number < 0.15) return null;
  if (birthDateKey(birth) === null || number < 0.7) return birth;
  const [year = '', month = '', day = ''] = birth.date.split('-');
  if (number < 0.8) return { date: year, precision: 'YEAR' };
  return number < 0.9 && Number(day) <= 12 ? { date: `${year}-${day}-${month}`, precision: 'EXACT' } : birth;
}
