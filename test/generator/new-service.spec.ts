import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newService, type NewServiceResult } from '@acogida/generator';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Run, WorkspaceCopy } from './workspace-copy.ts';

const MINUTES = 60_000;
const MADE_AT_MS = Date.parse('2026-11-22T00:00:00.000Z');
const PRETTIER = 'node_modules/prettier/bin/prettier.cjs';
const DOMAIN = 'services/shelter/src/domain/shelter-stay';

/** What `npm run contracts:generate` may write for a new event. */
const GENERATED = /^contracts\/(src\/generated\/|asyncapi\.yaml$|fixtures\/)/;

function succeeded({ exitCode, output }: Run): void {
  expect({ exitCode, output: exitCode === 0 ? '' : output.slice(-6_000) }).toEqual({ exitCode: 0, output: '' });
}

describe('npm run new:service', () => {
  let copy: WorkspaceCopy;
  let result: NewServiceResult;

  async function generate(...args: string[]): Promise<Run> {
    const lines: string[] = [];
    const hear = (line: string): void => void lines.push(line);
    const exitCode = await newService(args, copy.path, MADE_AT_MS, { out: hear, err: hear });
    return { exitCode, output: lines.join('\n') };
  }

  beforeAll(async () => {
    copy = await WorkspaceCopy.create();
  }, 2 * MINUTES);
  afterAll(() => copy?.remove());

  describe.each([
    ['no kind', ['--agency', 'cr-shelter'], 2, 'GENERATOR.USAGE'],
    ['no agency', ['shelter'], 2, 'GENERATOR.AGENCY_INVALID'],
    ['a path', ['../shelter', '--agency', 'cr-shelter'], 2, 'GENERATOR.KIND_INVALID'],
    ['capitals', ['Shelter', '--agency', 'cr-shelter'], 2, 'GENERATOR.KIND_INVALID'],
    [
      'a country that is none',
      ['shelter', '--agency', 'cr-shelter', '--jurisdiction', 'ZZ'],
      2,
      'GENERATOR.JURISDICTION_INVALID',
    ],
    [
      'a procedure in one word',
      ['shelter', '--agency', 'cr-shelter', '--procedure', 'stay'],
      2,
      'GENERATOR.PROCEDURE_INVALID',
    ],
    [
      'streams of the desk',
      ['shelter', '--agency', 'cr-shelter', '--procedure', 'referral-stay'],
      2,
      'GENERATOR.PROCEDURE_INVALID',
    ],
    [
      'a service that is none',
      ['shelter', '--agency', 'cr-shelter', '--provides', 'BED'],
      2,
      'GENERATOR.PROVIDES_INVALID',
    ],
    ['an option that is none', ['shelter', '--agency', 'cr-shelter', '--force'], 2, 'GENERATOR.USAGE'],
    ['a service that is there', ['asylum', '--agency', 'pa-onpar'], 1, 'GENERATOR.SERVICE_EXISTS'],
    ['the name of a lib', ['ledger', '--agency', 'cr-ledger'], 1, 'GENERATOR.KIND_RESERVED'],
    ['an agency that is there', ['shelter', '--agency', 'cr-conatt'], 1, 'GENERATOR.AGENCY_EXISTS'],
  ])('%s', (_, args, exitCode, code) => {
    it(`is refused with ${code}, and nothing is changed`, async () => {
      const refused = await generate(...args);
      expect(refused).toEqual({ exitCode, output: expect.stringMatching(new RegExp(`^${code}: \\S`)) });
      expect(copy.changes()).toEqual([]);
    });
  });

  it('says what it would write, and writes nothing, with --dry-run; and helps', async () => {
    const { exitCode, output } = await generate('shelter', '--agency', 'cr-national-shelter', '--dry-run');
    expect([exitCode, copy.changes()]).toEqual([0, []]);
    expect(output).toMatch(/new {6}services\/shelter\/src\/domain\/shelter-procedure\.ts/);
    expect(output).toMatch(/changed {2}docker-compose\.yml/);
    expect(await generate('--help')).toEqual({
      exitCode: 0,
      output: expect.stringMatching(/^Usage: npm run new:service/),
    });
  });

  it(
    'writes a service with its event, its agency and its entries, and says so',
    async () => {
      const named = ['shelter', '--agency', 'cr-national-shelter', '--procedure', 'shelter-stay', '--json'];
      const made = await generate(...named);
      succeeded(made);
      result = JSON.parse(made.output.split('\n').at(-1)!) as NewServiceResult;
      expect(result).toMatchObject({ event: 'ShelterStayOpened', written: true, agencyId: 'cr-national-shelter' });
      const written = copy.changes().filter((file) => !GENERATED.test(file));
      expect(written).toEqual([...result.created, ...result.changed].sort());
      const network = JSON.parse(
        await readFile(join(copy.path, 'deploy/local/sample-network.json'), 'utf8'),
      ) as object[];
      expect(network.at(-1)).toEqual({
        ...{ agencyId: 'cr-national-shelter', kind: 'shelter', jurisdiction: 'CR', name: 'Shelter stay, CR (sample)' },
        ...{ agencyKind: 'SERVICE_PROVIDER', provides: 'SHELTER', focalPoint: 'REFERRALS' },
      });
      const scraped = await readFile(join(copy.path, 'deploy/observability/prometheus.yml'), 'utf8');
      expect(scraped.trimEnd().split('\n').slice(-2)).toEqual([
        '          - cr-child-welfare:9464',
        '          - cr-national-shelter:9464',
      ]);
      expect((await generate(...named)).output).toMatch(/^GENERATOR\.SERVICE_EXISTS: /);
      const sameEvent = await generate('refuge', '--agency', 'cr-refuge', '--procedure', 'shelter-stay');
      expect(sameEvent).toEqual({ exitCode: 1, output: expect.stringMatching(/^GENERATOR\.EVENT_EXISTS: /) });
    },
    MINUTES,
  );

  it('keeps package-lock.json as npm would write it', async () => {
    const lock = JSON.parse(await readFile(join(copy.path, 'package-lock.json'), 'utf8')) as { packages: object };
    const keys = Object.keys(lock.packages);
    expect(keys).toEqual(keys.toSorted((a, b) => a.localeCompare(b, 'en')));
    expect(lock.packages).toMatchObject({
      'node_modules/@acogida/shelter': { resolved: 'services/shelter', link: true },
      'services/shelter': { name: '@acogida/shelter' },
    });
  });

  describe('makes what', () => {
    let checks: Readonly<Record<'specs' | 'format' | 'lint' | 'boundaries', Promise<Run>>>;
    beforeAll(() => {
      copy.commit();
      // side by side: each is one busy process
      checks = {
        specs: copy.jest(
          'services/shelter',
          'test/tidy/(tidy|contract)',
          'contracts/src',
          'deploy/local/src/launcher/ports',
        ),
        lint: copy.run('node_modules/eslint/bin/eslint.js', '--max-warnings=0', 'services/shelter'),
        format: copy.run(PRETTIER, '--check', 'services/shelter', 'contracts', 'deploy'),
        boundaries: copy.run(
          'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
          ...['--config', '.dependency-cruiser.cjs', 'services/shelter'],
        ),
      };
    });

    it(
      'passes its own specs, the tidy specs and those of the contracts',
      async () => {
        succeeded(await checks.specs);
      },
      4 * MINUTES,
    );

    it(
      'is formatted, lints, and crosses no boundary',
      async () => {
        succeeded(await checks.format);
        succeeded(await checks.lint);
        succeeded(await checks.boundaries);
      },
      4 * MINUTES,
    );
  });

  describe('then an event is added as CONTRIBUTING.md says', () => {
    let checks: readonly Promise<Run>[] = [];

    it(
      'a private one touches the procedure and its spec',
      async () => {
        copy.commit();
        await addPrivateEvent(copy);
        expect(copy.changes()).toEqual([`${DOMAIN}.spec.ts`, `${DOMAIN}.ts`]);
        succeeded(await copy.jest(`${DOMAIN}.spec`));
      },
      4 * MINUTES,
    );

    it(
      'a published one touches publish.ts and its schema besides; the rest is generated',
      async () => {
        await publishEvent(copy);
        succeeded(await copy.run('contracts/generate.mjs'));
        const changed = copy.changes();
        expect(changed.filter((file) => !GENERATED.test(file))).toEqual([
          'contracts/schemas/bed-assigned.v1.json',
          `${DOMAIN}.spec.ts`,
          `${DOMAIN}.ts`,
          'services/shelter/src/integration/publish.ts',
        ]);
        expect(changed).toContain('contracts/fixtures/bed-assigned.v1.json');
        checks = [
          copy.run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.json', '--noEmit'),
          copy.run(
            'node_modules/eslint/bin/eslint.js',
            ...['--max-warnings=0', 'services/shelter', 'services/timeline/src/domain'],
          ),
          copy.run(PRETTIER, '--check', 'services/shelter', 'contracts'),
        ];
        succeeded(
          await copy.jest(
            'services/shelter/src/(domain|integration|projections)',
            'contracts/src',
            'test/tidy/contract',
          ),
        );
      },
      4 * MINUTES,
    );

    it(
      'and the types of the whole workspace and the lint still hold',
      async () => {
        expect(checks.length).toBe(3);
        for (const check of checks) succeeded(await check);
      },
      5 * MINUTES,
    );
  });
});

/** AssignBed → BedAssigned: type, version, evolve and decide in the procedure's file, and its spec. */
async function addPrivateEvent(copy: WorkspaceCopy): Promise<void> {
  await copy.edit(
    `${DOMAIN}.ts`,
    [
      `  | Event<'ShelterStayClosed',`,
      `  | Event<'BedAssigned', { readonly room: string }>\n  | Event<'ShelterStayClosed',`,
    ],
    ['  ChildNoted: 1,\n', '  ChildNoted: 1,\n  BedAssigned: 1,\n'],
    [
      '  readonly closed: ClosedShelterStay | null;',
      '  readonly room: string | null;\n  readonly closed: ClosedShelterStay | null;',
    ],
    ['opened: null, closed: null };', 'opened: null, room: null, closed: null };'],
    [
      `    case 'ShelterStayClosed':\n      return`,
      `    case 'BedAssigned':\n      return { ...state, room: event.data.room };\n    case 'ShelterStayClosed':\n      return`,
    ],
    [
      '/** Ends the procedure. */',
      `/** Gives the person a bed. */\nexport interface AssignBed extends Command<'AssignBed'> {\n  readonly room: string;\n}\n\n/** Ends the procedure. */`,
    ],
    ['OpenShelterStay | NoteChild | CloseShelterStay;', 'OpenShelterStay | NoteChild | AssignBed | CloseShelterStay;'],
    [
      `    case 'CloseShelterStay':`,
      `    case 'AssignBed':\n      return state.room === command.room ? [] : [{ type: 'BedAssigned', data: { room: command.room } }];\n    case 'CloseShelterStay':`,
    ],
  );
  await copy.edit(
    `${DOMAIN}.spec.ts`,
    ['    opened: openedDirectly.data,\n', '    opened: openedDirectly.data,\n    room: null,\n'],
    [
      `describe('CloseShelterStay'`,
      `describe('AssignBed', () => {
  const assign = { type: 'AssignBed', room: '12' } as const;
  const assigned = { type: 'BedAssigned', data: { room: '12' } } as const;

  it('assigns a bed once', () => {
    given(openedDirectly).when(assign).then(assigned);
    given(openedDirectly, assigned).when(assign).thenNothing();
  });
});

describe('CloseShelterStay'`,
    ],
  );
}

/** The contract of BedAssigned, without the room, and its line in publish.ts. */
async function publishEvent(copy: WorkspaceCopy): Promise<void> {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:acogida:contract:bed-assigned:v1',
    title: 'BedAssigned',
    description: 'The person has a bed.',
    'x-class': 'procedure',
    type: 'object',
    additionalProperties: false,
    required: ['shelterStayId'],
    properties: { shelterStayId: { description: 'The stay.', type: 'string', format: 'uuid' } },
    examples: [{ shelterStayId: '00000000-0000-4000-8000-000000000007' }],
  };
  await copy.write('contracts/schemas/bed-assigned.v1.json', `${JSON.stringify(schema, null, 2)}\n`);
  succeeded(await copy.run(PRETTIER, '--write', 'contracts/schemas/bed-assigned.v1.json'));
  await copy.edit('services/shelter/src/integration/publish.ts', [
    '    default:',
    `    case 'BedAssigned':\n      return { type: 'BedAssigned', data: { shelterStayId } };\n    default:`,
  ]);
}
