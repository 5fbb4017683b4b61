import { codesOf, type Label, type Labels } from './code-list.ts';

/** ISO 3166-1 alpha-2 country codes, assigned ones. */
export const COUNTRIES: readonly string[] = (
  'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ ' +
  'CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR ' +
  'GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP ' +
  'KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT ' +
  'MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW ' +
  'SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ ' +
  'UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW'
).split(' ');

const COUNTRY_SET: ReadonlySet<string> = new Set(COUNTRIES);

/** Whether a text is an assigned ISO 3166-1 alpha-2 code. */
export function isCountry(text: string): boolean {
  return COUNTRY_SET.has(text);
}

const SPANISH = new Intl.DisplayNames(['es'], { type: 'region', fallback: 'code' });
const ENGLISH = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'code' });

/** Name of a country, from the runtime's Unicode data: for display only, never compared or stored. */
export function countryLabel(code: string): Label {
  return isCountry(code) ? { es: SPANISH.of(code) ?? code, en: ENGLISH.of(code) ?? code } : { es: code, en: code };
}

/** Languages that are offered first, ISO 639-3. Any other well-formed code is accepted: a person's language is a fact. */
export const LANGUAGE_LABELS = {
  spa: { es: 'Español', en: 'Spanish' },
  eng: { es: 'Inglés', en: 'English' },
  por: { es: 'Portugués', en: 'Portuguese' },
  fra: { es: 'Francés', en: 'French' },
  hat: { es: 'Criollo haitiano', en: 'Haitian Creole' },
  quc: { es: 'Quiché', en: 'K’iche’' },
  kek: { es: 'Q’eqchi’', en: 'Q’eqchi’' },
  mam: { es: 'Mam', en: 'Mam' },
  miq: { es: 'Misquito', en: 'Mískito' },
  gym: { es: 'Ngäbere', en: 'Ngäbere' },
  que: { es: 'Quechua', en: 'Quechua' },
  aym: { es: 'Aimara', en: 'Aymara' },
  nah: { es: 'Náhuatl', en: 'Nahuatl' },
  ara: { es: 'Árabe', en: 'Arabic' },
  zho: { es: 'Chino', en: 'Chinese' },
  rus: { es: 'Ruso', en: 'Russian' },
  hin: { es: 'Hindi', en: 'Hindi' },
  urd: { es: 'Urdu', en: 'Urdu' },
  ben: { es: 'Bengalí', en: 'Bengali' },
  nep: { es: 'Nepalí', en: 'Nepali' },
  pan: { es: 'Panyabí', en: 'Punjabi' },
  tam: { es: 'Tamil', en: 'Tamil' },
  sin: { es: 'Cingalés', en: 'Sinhala' },
  fas: { es: 'Persa', en: 'Persian' },
  prs: { es: 'Darí', en: 'Dari' },
  pus: { es: 'Pastún', en: 'Pashto' },
  som: { es: 'Somalí', en: 'Somali' },
  amh: { es: 'Amárico', en: 'Amharic' },
  tir: { es: 'Tigriña', en: 'Tigrinya' },
  swa: { es: 'Suajili', en: 'Swahili' },
  lin: { es: 'Lingala', en: 'Lingala' },
  wol: { es: 'Wólof', en: 'Wolof' },
  hau: { es: 'Hausa', en: 'Hausa' },
  yor: { es: 'Yoruba', en: 'Yoruba' },
  tur: { es: 'Turco', en: 'Turkish' },
  ukr: { es: 'Ucraniano', en: 'Ukrainian' },
  vie: { es: 'Vietnamita', en: 'Vietnamese' },
  uzb: { es: 'Uzbeko', en: 'Uzbek' },
} as const satisfies Labels;
export const LANGUAGES = codesOf(LANGUAGE_LABELS);

/** Whether a text is a well-formed ISO 639-3 code: three lower-case letters. */
export function isLanguage(text: string): boolean {
  return /^[a-z]{3}$/.test(text);
}

/** ISO 639-3 codes by those of ISO 639-1, which other systems write. */
const OF_TWO_LETTERS: ReadonlyMap<string, string> = new Map(
  (
    'aa:aar ab:abk ae:ave af:afr ak:aka am:amh an:arg ar:ara as:asm av:ava ay:aym az:aze ba:bak be:bel bg:bul bi:bis bm:bam ' +
    'bn:ben bo:bod br:bre bs:bos ca:cat ce:che ch:cha co:cos cr:cre cs:ces cu:chu cv:chv cy:cym da:dan de:deu dv:div dz:dzo ' +
    'ee:ewe el:ell en:eng eo:epo es:spa et:est eu:eus fa:fas ff:ful fi:fin fj:fij fo:fao fr:fra fy:fry ga:gle gd:gla gl:glg ' +
    'gn:grn gu:guj gv:glv ha:hau he:heb hi:hin ho:hmo hr:hrv ht:hat hu:hun hy:hye hz:her ia:ina id:ind ie:ile ig:ibo ii:iii ' +
    'ik:ipk io:ido is:isl it:ita iu:iku ja:jpn jv:jav ka:kat kg:kon ki:kik kj:kua kk:kaz kl:kal km:khm kn:kan ko:kor kr:kau ' +
    'ks:kas ku:kur kv:kom kw:cor ky:kir la:lat lb:ltz lg:lug li:lim ln:lin lo:lao lt:lit lu:lub lv:lav mg:mlg mh:mah mi:mri ' +
    'mk:mkd ml:mal mn:mon mr:mar ms:msa mt:mlt my:mya na:nau nb:nob nd:nde ne:nep ng:ndo nl:nld nn:nno no:nor nr:nbl nv:nav ' +
    'ny:nya oc:oci oj:oji om:orm or:ori os:oss pa:pan pi:pli pl:pol ps:pus pt:por qu:que rm:roh rn:run ro:ron ru:rus rw:kin ' +
    'sa:san sc:srd sd:snd se:sme sg:sag si:sin sk:slk sl:slv sm:smo sn:sna so:som sq:sqi sr:srp ss:ssw st:sot su:sun sv:swe ' +
    'sw:swa ta:tam te:tel tg:tgk th:tha ti:tir tk:tuk tl:tgl tn:tsn to:ton tr:tur ts:tso tt:tat tw:twi ty:tah ug:uig uk:ukr ' +
    'ur:urd uz:uzb ve:ven vi:vie vo:vol wa:wln wo:wol xh:xho yi:yid yo:yor za:zha zh:zho zu:zul'
  )
    .split(' ')
    .map((pair): [string, string] => [pair.slice(0, 2), pair.slice(3)]),
);

/** The ISO 639-3 code of a language that another system writes in two letters (ISO 639-1); any other text as it is. */
export function languageOfTwoLetters(text: string): string {
  return OF_TWO_LETTERS.get(text) ?? text;
}

/** Sections of ISIC Rev. 4: the sector of work. */
export const ISIC_SECTION_LABELS = {
  A: { es: 'Agricultura, ganadería, silvicultura y pesca', en: 'Agriculture, forestry and fishing' },
  B: { es: 'Minas y canteras', en: 'Mining and quarrying' },
  C: { es: 'Industria manufacturera', en: 'Manufacturing' },
  D: { es: 'Electricidad, gas y vapor', en: 'Electricity, gas and steam' },
  E: { es: 'Agua, saneamiento y desechos', en: 'Water supply, sewerage and waste' },
  F: { es: 'Construcción', en: 'Construction' },
  G: { es: 'Comercio y reparación de vehículos', en: 'Trade and repair of vehicles' },
  H: { es: 'Transporte y almacenamiento', en: 'Transport and storage' },
  I: { es: 'Alojamiento y comidas', en: 'Accommodation and food service' },
  J: { es: 'Información y comunicaciones', en: 'Information and communication' },
  K: { es: 'Finanzas y seguros', en: 'Finance and insurance' },
  L: { es: 'Actividades inmobiliarias', en: 'Real estate' },
  M: { es: 'Actividades profesionales y científicas', en: 'Professional and scientific activities' },
  N: { es: 'Servicios administrativos y de apoyo', en: 'Administrative and support services' },
  O: { es: 'Administración pública y defensa', en: 'Public administration and defence' },
  P: { es: 'Enseñanza', en: 'Education' },
  Q: { es: 'Salud y asistencia social', en: 'Health and social work' },
  R: { es: 'Arte, entretenimiento y recreación', en: 'Arts, entertainment and recreation' },
  S: { es: 'Otros servicios', en: 'Other services' },
  T: { es: 'Hogares como empleadores', en: 'Households as employers' },
  U: { es: 'Organizaciones extraterritoriales', en: 'Extraterritorial organisations' },
} as const satisfies Labels;
/** One of `ISIC_SECTION_LABELS`. */
export type IsicSection = keyof typeof ISIC_SECTION_LABELS;
export const ISIC_SECTIONS = codesOf(ISIC_SECTION_LABELS);
