import type { ExportedDirectory } from './hsds-export.ts';
import type { HsdsDocument } from './hsds-document.ts';

/** A directory in which every member says something somewhere, and is left out elsewhere. */
export const SAMPLE: ExportedDirectory = {
  agencies: [
    {
      ...{ agencyId: 'cr-conatt', name: 'Coalición contra la trata', kind: 'COUNTER_TRAFFICKING', jurisdiction: 'CR' },
      ...{ status: 'ACTIVE', nature: 'PUBLIC_AUTHORITY', authorityOf: 'CR', participation: 'NODE' },
      ...{ successor: 'cr-pani', languages: ['spa', 'eng'] },
    },
    {
      ...{ agencyId: 'ht-consulate', name: 'Consulado de Haití', kind: 'SERVICE_PROVIDER', jurisdiction: 'CR' },
      ...{ status: 'SUSPENDED', nature: 'CONSULATE', authorityOf: 'HT', participation: 'LINK' },
      ...{ successor: null, languages: [] },
    },
    {
      ...{ agencyId: 'regional-directory', name: 'Directorio', kind: 'DIRECTORY', jurisdiction: null },
      ...{ status: 'ACTIVE', nature: 'INTERNATIONAL', authorityOf: null, participation: 'NODE' },
      ...{ successor: null, languages: [] },
    },
  ],
  focalPoints: [
    { agencyId: 'cr-conatt', role: 'TRAFFICKING', contact: '+506 2586 4000', originRegion: null, languages: [] },
    {
      ...{ agencyId: 'cr-conatt', role: 'EXTRA_CONTINENTAL', contact: 'xc@conatt.example', originRegion: 'AFRICA' },
      languages: ['spa', 'fra'],
    },
  ],
  services: [
    {
      ...{
        serviceId: '4e1f2b1c-1a58-4f3a-9c3e-0d6c2f6a7b10',
        agencyId: 'cr-conatt',
        type: 'SHELTER',
        name: 'Casa segura',
      },
      ...{ description: 'Casa segura para mujeres', status: 'TEMPORARILY_CLOSED', languages: ['spa', 'qqq'] },
      service_areas: [
        { country: 'CR', name: null },
        { country: 'PA', name: 'Chiriquí' },
      ],
      eligibility: {
        ...{ minimum_age: 18, maximum_age: 60, sexes: ['FEMALE', 'OTHER'], nationalities: ['HT', 'CU'] },
        ...{ excluded_nationalities: ['CR'], stages: ['FIRST_CONTACT', 'IN_PROCEDURE'] },
        eligibility_description: 'Con sus hijas e hijos',
      },
      schedules: [
        {
          ...{ byday: ['MO', 'FR'], opens_at: '08:00', closes_at: '24:00', timezone: 'America/New_York' },
          ...{ valid_from: '2026-01-01', valid_to: '2026-12-31' },
        },
        {
          ...{ byday: ['SU'], opens_at: '20:00', closes_at: '06:00', timezone: 'UTC' },
          ...{ valid_from: null, valid_to: null },
        },
      ],
      capacity: {
        ...{ status: 'AVAILABLE', available: 3, maximum: 12, unit: 'beds', updated: '2026-11-22T08:00:00.000Z' },
      },
    },
    {
      ...{ serviceId: '7a0c2b1c-1a58-4f3a-9c3e-0d6c2f6a7b11', agencyId: 'ht-consulate', type: 'DOCUMENTATION' },
      ...{ name: 'Documentos', description: null, status: 'ACTIVE', languages: [], service_areas: [], schedules: [] },
      eligibility: {
        ...{
          minimum_age: null,
          maximum_age: null,
          sexes: [],
          nationalities: [],
          excluded_nationalities: [],
          stages: [],
        },
        eligibility_description: null,
      },
      capacity: { status: 'WAITLIST', available: null, maximum: null, unit: null, updated: '2026-11-21T08:00:00.000Z' },
    },
  ],
};

/** What a system that knows nothing of us may send: an organisation with a named person, and a service of a type it told us. */
export const FOREIGN: HsdsDocument = {
  version: '3.0',
  organizations: [
    {
      id: '11111111-1111-4111-8111-111111111111',
      name: 'Casa del Migrante “Niño Jesús”',
      description: 'Food and legal advice',
      email: 'casa@migrante.example',
      contacts: [{ id: '11111111-1111-4111-8111-111111111112', email: 'maria@migrante.example' }],
      locations: [
        {
          id: '11111111-1111-4111-8111-111111111113',
          addresses: [{ id: '11111111-1111-4111-8111-111111111114', country: 'GT' }],
        },
      ],
    },
  ],
  services: [
    {
      id: '22222222-2222-4222-8222-222222222222',
      organization_id: '11111111-1111-4111-8111-111111111111',
      name: 'Comedor',
      status: 'active',
      schedules: [
        {
          id: '22222222-2222-4222-8222-222222222223',
          ...{ freq: 'WEEKLY', byday: 'MO, TU', opens_at: '09:00-06:00', closes_at: '14:30:00-06:00' },
        },
        {
          id: '22222222-2222-4222-8222-222222222224',
          byday: 'WE',
          opens_at: '09:00',
          closes_at: '14:00',
          timezone: -5.5,
        },
      ],
      capacities: [
        {
          id: '22222222-2222-4222-8222-222222222225',
          unit: { id: '22222222-2222-4222-8222-222222222226', name: 'meals' },
          ...{ available: 0, updated: '2026-11-22T02:00:00-06:00' },
        },
      ],
      attributes: [
        {
          id: '22222222-2222-4222-8222-222222222227',
          value: 'FOOD',
          taxonomy_term: {
            id: '22222222-2222-4222-8222-222222222228',
            ...{ code: 'service_type', name: 'Type', description: 'Type', taxonomy: 'acogida' },
          },
        },
      ],
    },
  ],
};
