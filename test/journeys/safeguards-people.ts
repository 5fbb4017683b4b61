/** Who somebody is, as a node takes it down. */
export interface Identity {
  readonly names: string;
  readonly dateOfBirth: { readonly date: string; readonly precision: 'EXACT' };
  readonly documents: readonly {
    readonly type: string;
    readonly issuer: string;
    readonly number: string;
    readonly state: 'HELD';
  }[];
}

/** Made-up names that no search takes for one another. */
const NAMES = [
  'Yesenia Quiroga Batista',
  'Wendell Okafor',
  'Ximena Zelaya Fonseca',
  'Tadeo Villagrán Huerta',
  'Gulnara Bekova',
  'Fritznel Desrosiers',
  'Milagros Pacheco Urbina',
  'Jonás Arrieta Cordero',
  'Habiba Noorzai',
  'Leovigildo Trujillo Espín',
  'Araceli Montes Ibarra',
  'Kwabena Asante',
  'Rosmery Guanipa Soto',
  'Evaristo Cuéllar Lobo',
  'Thuy Pham',
  'Dayana Echeverría Nava',
  'Bonifacio Marroquín Alas',
  'Salma Haddad',
  'Prudencio Ovalle Rivas',
  'Inés Colindres Funes',
  'Gaspar Yupanqui Mamani',
  'Farida Rahimi',
  'Otilia Bermúdez Cano',
  'Hipólito Zambrano Vera',
  'Noemí Saldívar Reyna',
  'Ulises Camargo Peña',
  'Jacinta Tzoc Ixcot',
  'Marwan Khoury',
  'Belkis Figueredo Lago',
  'Clodomiro Abreu Tineo',
  'Viviana Larreta Sosa',
  'Ezequiel Ponce Wolf',
] as const;

/** People of journeys, each another one: names, date of birth and document have nothing in common. */
export class People {
  #met = 0;

  /** @throws RangeError there are no names left */
  next(): Identity {
    const index = this.#met;
    this.#met += 1;
    const names = NAMES[index];
    if (names === undefined) throw new RangeError('a journey has more people than names');
    const [year, month, day] = [1961 + index, 1 + ((index * 5) % 12), 1 + ((index * 11) % 28)];
    const date = [year, month, day].map((part) => String(part).padStart(2, '0')).join('-');
    const number = `${String.fromCharCode(65 + (index % 26))}${7_310_467 + index * 83_291}`;
    return {
      ...{ names, dateOfBirth: { date, precision: 'EXACT' } },
      documents: [{ type: 'PASSPORT', issuer: 'NI', number, state: 'HELD' }],
    };
  }
}
