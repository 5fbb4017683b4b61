import { parseArgs } from 'node:util';
import { REFERRAL_SERVICES, type ReferralService } from '@acogida/reference';
import { isISO31661Alpha2 } from 'class-validator';
import { usage } from './refusal.ts';

/** What `npm run new:service` is asked for. */
export interface ServiceRequest {
  /** Folder in `services/`, package `@acogida/<kind>`: kebab case. */
  readonly kind: string;
  /** The agency of the sample network that will run it. */
  readonly agencyId: string;
  /** ISO 3166-1 alpha-2, null for a regional agency. */
  readonly jurisdiction: string | null;
  /** Name of its procedure, kebab case, two words or more: streams, routes, table and event are named after it. */
  readonly procedure: string;
  /** The service that others refer people here for; null when there is none of its own. */
  readonly provides: ReferralService | null;
}

/** The command line as read. */
export interface GeneratorOptions {
  readonly request: ServiceRequest;
  readonly dryRun: boolean;
  readonly json: boolean;
}

/** `npm run new:service -- --help`. */
export const GENERATOR_HELP = `Usage: npm run new:service -- KIND --agency AGENCY-ID [options]

Makes a working agency service in services/KIND: decider, HTTP, read model, publishing, a policy, the referral desk, specs and
README; its first contract event; an agency of the sample network that runs it; and its block in docker-compose.yml.

  KIND               kebab case: shelter, legal-aid
  --agency ID        the agency that runs it: cr-national-shelter
  --jurisdiction CC  its country; default: what the agency id begins with, else none (a regional agency)
  --procedure NAME   its procedure, in two words or more: shelter-stay; default KIND-procedure
  --provides CODE    what others refer people here for; default: KIND as a code when there is such a service
  --dry-run          say what would be written, and write nothing
  --json             last line of standard output: what was written, as JSON
  --help             this text

Exit code: 0 done, 1 refused because of what is there, 2 usage. A refusal changes nothing.`;

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const LONGEST_NAME = 40;

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        agency: { type: 'string' },
        jurisdiction: { type: 'string' },
        procedure: { type: 'string' },
        provides: { type: 'string' },
        'dry-run': { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw usage('GENERATOR.USAGE', (error as Error).message);
  }
}

function named(value: string | undefined, code: string, what: string): string {
  if (value !== undefined && value.length >= 2 && value.length <= LONGEST_NAME && NAME.test(value)) return value;
  throw usage(code, `${what} is lower-case words joined by hyphens, 2 to ${LONGEST_NAME} characters`);
}

/** Streams of the referral desk begin with `referral-`; names with the other beginnings are words of SQL. */
const TAKEN_BEGINNINGS = /^(referral|current|session|system)-/;

function procedureOf(value: string): string {
  const name = named(value, 'GENERATOR.PROCEDURE_INVALID', 'the procedure');
  if (!name.includes('-') || TAKEN_BEGINNINGS.test(name)) {
    const message = 'a procedure is named in two words or more, and not referral-, current-, session- or system-';
    throw usage('GENERATOR.PROCEDURE_INVALID', message);
  }
  return name;
}

function jurisdictionOf(value: string | undefined, agencyId: string): string | null {
  if (value === undefined) {
    const begins = agencyId.split('-')[0]?.toUpperCase() ?? '';
    return isISO31661Alpha2(begins) ? begins : null;
  }
  if (/^[A-Z]{2}$/.test(value) && isISO31661Alpha2(value)) return value;
  throw usage('GENERATOR.JURISDICTION_INVALID', '--jurisdiction takes an ISO 3166-1 alpha-2 code: CR');
}

function isReferralService(code: string): code is ReferralService {
  return (REFERRAL_SERVICES as readonly string[]).includes(code);
}

function providesOf(value: string | undefined, kind: string): ReferralService | null {
  const code = value ?? kind.toUpperCase().replaceAll('-', '_');
  if (isReferralService(code)) return code;
  if (value === undefined) return null;
  throw usage('GENERATOR.PROVIDES_INVALID', `--provides takes one of ${REFERRAL_SERVICES.join(', ')}`);
}

/** Reads the command line; null when help was asked. @throws GeneratorRefusal with `EXIT.usage` */
export function parseGeneratorOptions(args: readonly string[]): GeneratorOptions | null {
  const { values, positionals } = parse(args);
  if (values.help === true) return null;
  if (positionals.length !== 1) throw usage('GENERATOR.USAGE', 'name one kind of service');
  const kind = named(positionals[0], 'GENERATOR.KIND_INVALID', 'the kind');
  const agencyId = named(values.agency, 'GENERATOR.AGENCY_INVALID', '--agency');
  return {
    request: {
      kind,
      agencyId,
      jurisdiction: jurisdictionOf(values.jurisdiction, agencyId),
      procedure: procedureOf(values.procedure ?? `${kind}-procedure`),
      provides: providesOf(values.provides, kind),
    },
    dryRun: values['dry-run'] === true,
    json: values.json === true,
  };
}
