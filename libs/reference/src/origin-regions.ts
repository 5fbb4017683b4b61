import { codesOf, type Labels } from './code-list.ts';

/** Regions of origin of extra-continental flows (domain.md §2.8). */
export const ORIGIN_REGION_LABELS = {
  AFRICA: { es: 'África', en: 'Africa' },
  ASIA: { es: 'Asia', en: 'Asia' },
  EUROPE: { es: 'Europa', en: 'Europe' },
  MIDDLE_EAST: { es: 'Oriente Medio', en: 'Middle East' },
  OCEANIA: { es: 'Oceanía', en: 'Oceania' },
} as const satisfies Labels;
/** One of `ORIGIN_REGION_LABELS`. */
export type OriginRegion = keyof typeof ORIGIN_REGION_LABELS;
export const ORIGIN_REGIONS = codesOf(ORIGIN_REGION_LABELS);

// M49 macro regions; the Middle East is its Western Asia without the Caucasus, Cyprus and Türkiye, which stay with Asia.
const COUNTRIES_OF: Readonly<Record<OriginRegion, string>> = {
  AFRICA:
    'AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW IO KE KM LR LS LY MA MG ML MR MU MW MZ NA NE NG ' +
    'RE RW SC SD SH SL SN SO SS ST SZ TD TF TG TN TZ UG YT ZA ZM ZW',
  ASIA: 'AF AM AZ BD BN BT CN CY GE HK ID IN IR JP KG KH KP KR KZ LA LK MM MN MO MV MY NP PH PK SG TH TJ TL TM TR TW UZ VN',
  EUROPE:
    'AD AL AT AX BA BE BG BY CH CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI LT LU LV MC MD ME MK MT NL NO ' +
    'PL PT RO RS RU SE SI SJ SK SM UA VA',
  MIDDLE_EAST: 'AE BH IL IQ JO KW LB OM PS QA SA SY YE',
  OCEANIA: 'AS AU CC CK CX FJ FM GU HM KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TO TV UM VU WF WS',
};

const REGION_OF: ReadonlyMap<string, OriginRegion> = new Map(
  ORIGIN_REGIONS.flatMap((region) => COUNTRIES_OF[region].split(' ').map((country) => [country, region] as const)),
);

/** The region of origin of a country (ISO 3166-1 alpha-2); null in the Americas and Antarctica, and for what is no country. */
export function originRegionOf(country: string): OriginRegion | null {
  return REGION_OF.get(country) ?? null;
}
