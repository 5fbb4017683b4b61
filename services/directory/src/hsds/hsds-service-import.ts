import {
  CAPACITIES,
  isCode,
  isTimeZone,
  languageOfTwoLetters,
  type OpeningHours,
  PROFILE_STAGES,
  REFERRAL_SERVICES,
  type ServiceStatus,
  SEXES,
  WEEKDAYS,
} from '@acogida/reference';
import type { ServiceArea, ServiceCapacity, ServiceEntry } from '../domain/service-entry.ts';
import { valueOf, valuesOf } from './hsds-attributes.ts';
import type { HsdsSchedule, HsdsService } from './hsds-document.ts';
import { COUNTRY_EXTENT } from './hsds-export.ts';
import type { Read } from './hsds-import.ts';

/** A service of a document: its entry, and its capacity as told there. */
export interface ReadService {
  readonly entry: ServiceEntry;
  /** Null where the document says nothing of it. */
  readonly capacity: ServiceCapacity | null;
}

/** An organisation of the same document as it is known here. */
export interface ReadAgency {
  readonly agencyId: string;
  readonly jurisdiction: string | null;
}

/** Carries the code of why a service cannot be read. */
class Unreadable extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

const STATUSES: Readonly<Record<HsdsService['status'], ServiceStatus>> = {
  active: 'ACTIVE',
  inactive: 'INACTIVE',
  defunct: 'DEFUNCT',
  'temporarily closed': 'TEMPORARILY_CLOSED',
};

const TIME = /^([01]\d|2[0-4]):([0-5]\d)(?::[0-5]\d)?(Z|[+-](?:0\d|1[0-4]):[0-5]\d)?$/;
const UTC = 'UTC';

/** Hours and minutes, and the offset behind them. */
function timeOf(text: string | undefined): readonly [time: string, offset: string | undefined] {
  const [, hour, minute, offset] = TIME.exec(text ?? '') ?? [];
  if (hour === undefined || minute === undefined) throw new Unreadable('HSDS.HOURS_UNREADABLE');
  return [`${hour}:${minute}`, offset === 'Z' ? UTC : offset];
}

function offsetOfHours(hours: number): string {
  const minutes = Math.round(Math.abs(hours) * 60);
  const two = (count: number): string => String(count).padStart(2, '0');
  return `${hours < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** Weekly hours; of others we could not say when it is open. */
function hoursOf({ freq, byday, timezone, attributes, ...schedule }: HsdsSchedule): OpeningHours {
  const days = (byday ?? '').split(',').map((day) => day.trim());
  if (freq === 'MONTHLY' || !days.every((day) => isCode(WEEKDAYS, day))) throw new Unreadable('HSDS.HOURS_UNREADABLE');
  const [opens_at, offset] = timeOf(schedule.opens_at);
  const [closes_at] = timeOf(schedule.closes_at);
  const zone = valueOf(attributes, 'timezone') ?? offset ?? (timezone === undefined ? UTC : offsetOfHours(timezone));
  if (!isTimeZone(zone)) throw new Unreadable('HSDS.HOURS_UNREADABLE');
  return {
    byday: days,
    ...{ opens_at, closes_at, timezone: zone },
    valid_from: schedule.valid_from ?? null,
    valid_to: schedule.valid_to ?? null,
  };
}

/** A text, or null where there is none in it. */
function said(text: string | undefined): string | null {
  return text === undefined || text.trim() === '' ? null : text;
}

function areaOf({ name, extent, extent_type }: NonNullable<HsdsService['service_areas']>[number]): ServiceArea {
  if (extent_type !== COUNTRY_EXTENT || extent === undefined) throw new Unreadable('HSDS.AREA_WITHOUT_COUNTRY');
  return { country: extent, name: said(name) };
}

/** All of them known: a condition that was left out would let people in whom the service does not take. */
function codesOf<C extends string>(codes: readonly C[], values: readonly string[]): readonly C[] {
  if (!values.every((value) => isCode(codes, value))) throw new Unreadable('HSDS.CODE_UNKNOWN');
  return values;
}

/** Who says nothing of it neither fills nor frees a place. */
function capacityOf({ capacities, attributes }: HsdsService): ServiceCapacity | null {
  const [status] = codesOf(CAPACITIES, valuesOf(attributes, 'capacity_status'));
  const told = valueOf(attributes, 'capacity_updated');
  const [counted] = capacities ?? [];
  if (status === undefined && counted === undefined) return null;
  const usual = counted !== undefined && counted.available === 0 ? 'FULL' : 'AVAILABLE';
  const updated = counted?.updated ?? told;
  const instant = updated === undefined ? undefined : new Date(updated);
  if (instant !== undefined && Number.isNaN(instant.getTime())) throw new Unreadable('HSDS.CAPACITY_UNREADABLE');
  return {
    status: status ?? usual,
    available: counted?.available ?? null,
    maximum: counted?.maximum ?? null,
    unit: counted?.unit.name ?? null,
    updated: instant?.toISOString() ?? null,
  };
}

/** Who says nothing of areas serves the organisation's own country. */
function areasOf({ service_areas }: HsdsService, jurisdiction: string | null): readonly ServiceArea[] {
  if (service_areas === undefined && jurisdiction !== null) return [{ country: jurisdiction, name: null }];
  return (service_areas ?? []).map(areaOf);
}

function entryOf(service: HsdsService, { agencyId, jurisdiction }: ReadAgency): ServiceEntry {
  const { attributes } = service;
  const type = valueOf(attributes, 'service_type') ?? '';
  if (!isCode(REFERRAL_SERVICES, type)) throw new Unreadable('HSDS.SERVICE_TYPE_MISSING');
  const languages = (service.languages ?? []).map(({ code }) => code);
  if (languages.some((code) => code === undefined)) throw new Unreadable('HSDS.LANGUAGE_WITHOUT_CODE');
  return {
    ...{ serviceId: service.id.toLowerCase(), agencyId, type, name: service.name },
    description: said(service.description),
    status: STATUSES[service.status],
    languages: [...new Set((languages as readonly string[]).map(languageOfTwoLetters))],
    service_areas: areasOf(service, jurisdiction),
    eligibility: {
      minimum_age: service.minimum_age ?? null,
      maximum_age: service.maximum_age ?? null,
      sexes: codesOf(SEXES, valuesOf(attributes, 'sex')),
      nationalities: valuesOf(attributes, 'nationality'),
      excluded_nationalities: valuesOf(attributes, 'excluded_nationality'),
      stages: codesOf(PROFILE_STAGES, valuesOf(attributes, 'stage')),
      eligibility_description: said(service.eligibility_description),
    },
    schedules: (service.schedules ?? []).map(hoursOf),
  };
}

/**
 * Reads a service.
 *
 * @param agencies the document's organisations by HSDS id in lower case
 * @returns the entry, or one of HSDS.ORGANIZATION_UNKNOWN, SERVICE_TYPE_MISSING, CODE_UNKNOWN, LANGUAGE_WITHOUT_CODE,
 * AREA_WITHOUT_COUNTRY, HOURS_UNREADABLE, CAPACITY_UNREADABLE
 */
export function readHsdsService(
  service: HsdsService,
  pointer: string,
  agencies: ReadonlyMap<string, ReadAgency>,
): Read<ReadService> {
  const agency = agencies.get((service.organization_id ?? service.organization?.id ?? '').toLowerCase());
  if (agency === undefined) return { pointer, refusal: 'HSDS.ORGANIZATION_UNKNOWN' };
  try {
    return { pointer, entry: { entry: entryOf(service, agency), capacity: capacityOf(service) } };
  } catch (error) {
    if (error instanceof Unreadable) return { pointer, refusal: error.code };
    throw error;
  }
}
