import { GENERATOR_HELP, parseGeneratorOptions } from './options.ts';
import { EXIT, GeneratorRefusal } from './refusal.ts';
import { planService, type ServicePlan } from './service-plan.ts';
import { writeService } from './write-service.ts';

/** Where the command speaks: results to `out`, refusals to `err`. */
export interface Speech {
  out(line: string): void;
  err(line: string): void;
}

/** Last line with `--json`. Paths from the workspace. */
export interface NewServiceResult {
  readonly kind: string;
  readonly agencyId: string;
  readonly procedure: string;
  readonly event: string;
  readonly port: number;
  readonly written: boolean;
  readonly created: readonly string[];
  readonly changed: readonly string[];
}

function tell({ names, created, changed, port }: ServicePlan, written: boolean, speech: Speech): void {
  speech.out(written ? `services/${names.kind} is made` : 'Nothing is written (--dry-run). It would be:');
  for (const file of created.keys()) speech.out(`  new      ${file}`);
  for (const file of changed.keys()) speech.out(`  changed  ${file}`);
  speech.out('  changed  what `npm run contracts:generate` writes: fixture, types, AsyncAPI');
  if (!written) return;
  speech.out(`Next: npm test -- services/${names.kind}, then npm start: ${names.agencyId} listens on ${port}`);
}

/**
 * `npm run new:service`. Resolves to the exit code.
 *
 * @param nowMs milliseconds since 1970: the place of its migration
 */
export async function newService(
  args: readonly string[],
  workspace: string,
  nowMs: number,
  speech: Speech,
): Promise<number> {
  try {
    const options = parseGeneratorOptions(args);
    if (options === null) {
      speech.out(GENERATOR_HELP);
      return EXIT.ok;
    }
    const plan = await planService(workspace, options.request, nowMs);
    if (!options.dryRun) await writeService(workspace, plan);
    tell(plan, !options.dryRun, speech);
    const { kind, agencyId, procedure, Name } = plan.names;
    const result: NewServiceResult = {
      ...{ kind, agencyId, procedure, event: `${Name}Opened`, port: plan.port, written: !options.dryRun },
      created: [...plan.created.keys()],
      changed: [...plan.changed.keys()],
    };
    if (options.json) speech.out(JSON.stringify(result));
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof GeneratorRefusal)) throw error;
    speech.err(`${error.code}: ${error.message}${error.exitCode === EXIT.usage ? ' (--help shows how)' : ''}`);
    return error.exitCode;
  }
}
