import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { checkMapping, loadMapping, MappingInvalidError } from './load-mapping.ts';
import { MAPPING_SCHEMA } from './mapping-schema.ts';

const folder = new URL('..', import.meta.url).pathname;

/** The object at a path of keys, to be broken on purpose. */
function at(mapping: Record<string, unknown>, ...path: string[]): Record<string, unknown> {
  return path.reduce((found, key) => found[key] as Record<string, unknown>, mapping);
}

async function broken(change: (mapping: Record<string, unknown>) => void): Promise<readonly string[]> {
  const mapping = JSON.parse(await readFile(`${folder}sample/caseload.json`, 'utf8')) as Record<string, unknown>;
  change(mapping);
  try {
    checkMapping(mapping);
  } catch (error) {
    return (error as MappingInvalidError).problems;
  }
  return [];
}

describe('loadMapping', () => {
  it.each(['ctdc.json', 'sample/caseload.json'])('accepts %s', async (file) => {
    expect((await loadMapping(`${folder}${file}`)).formatVersion).toBe(1);
  });

  it('refuses a file that is missing or no JSON', async () => {
    await expect(loadMapping(`${folder}none.json`)).rejects.toThrow(MappingInvalidError);
    await expect(loadMapping(`${folder}README.md`)).rejects.toThrow(MappingInvalidError);
  });

  it('lists all problems at once', async () => {
    const problems = await broken((mapping) => {
      delete mapping['intake'];
      at(mapping, 'contact', 'channel', 'codes')['BORDER'] = 'BOAT';
      mapping['more'] = 1;
    });
    expect(problems).toHaveLength(3);
    expect(problems).toContainEqual(expect.stringContaining("required property 'intake'"));
    expect(problems).toContainEqual(
      expect.stringContaining('/contact/channel/codes/BORDER must be one of BORDER, AIRPORT'),
    );
    expect(problems).toContainEqual('/ has the unknown key "more"');
  });

  it('wants to be told what unknown codes mean', async () => {
    const problems = await broken((mapping) => delete at(mapping, 'person', 'sex')['unknownCodes']);
    expect(problems).toEqual(["/person/sex must have required property 'unknownCodes'"]);
  });

  it.each(['first', '-1', '1'.repeat(41)])('refuses the package version %s, as intake would', async (version) => {
    const problems = await broken((mapping) => {
      at(mapping, 'rightsInformation')['packageVersion'] = version;
    });
    expect(problems).toEqual([expect.stringContaining('/rightsInformation/packageVersion must match pattern')]);
  });

  it.each([
    ['trafficking', 'adult'],
    ['trafficking', 'child'],
    ['asylum', 'adult'],
    ['asylum', 'child'],
  ])('wants to be told on what basis a referral for %s shares the facts of a row: %s', async (way, person) => {
    const problems = await broken((mapping) => delete at(mapping, way, 'consent', person)['basis']);
    expect(problems).toEqual([`/${way}/consent/${person} must have required property 'basis'`]);
  });

  it('refuses a basis that no referral could state: for whom, by whom, in which language', async () => {
    const problems = await broken((mapping) => {
      at(mapping, 'asylum', 'consent', 'adult')['basis'] = 'BEST_INTERESTS_OF_CHILD';
      at(mapping, 'trafficking', 'consent', 'adult')['givenBy'] = 'NOT_APPLICABLE';
      at(mapping, 'trafficking', 'consent')['child'] = {
        ...{ basis: 'CONSENT', form: 'THUMBPRINT', givenBy: 'GUARDIAN', language: null },
      };
    });
    expect(problems).toEqual([
      expect.stringContaining('/trafficking/consent/adult/givenBy must be one of SELF'),
      '/trafficking/consent/child/language must be string',
      expect.stringContaining('/asylum/consent/adult/basis must be one of CONSENT'),
    ]);
  });

  it.each([
    ['an old consent whose form is not on record', { form: 'NOT_RECORDED', givenBy: 'SELF', language: null }],
    [
      'a basis that nobody gave',
      { basis: 'VITAL_INTEREST', form: 'NOT_RECORDED', givenBy: 'NOT_APPLICABLE', language: null },
    ],
  ])('takes %s', async (_what, rule) => {
    const problems = await broken((mapping) => {
      at(mapping, 'trafficking', 'consent')['adult'] = { basis: 'CONSENT', ...rule };
    });
    expect(problems).toEqual([]);
  });

  it('refuses a column that it does not require, and an indicator that no list has', async () => {
    const problems = await broken((mapping) => {
      at(mapping, 'person', 'sex')['column'] = 'gender';
      at(mapping, 'trafficking', 'indicators', '0', 'codes')['DEBT'] = [{ dimension: 'DR', code: 'VIOLENCE' }];
    });
    expect(problems).toEqual([
      '/person/sex names the column "gender", which /columns lacks',
      '/trafficking/indicators/0 names DR.VIOLENCE, no known indicator',
    ]);
  });
});

describe('mapping.schema.json', () => {
  it('is the printed copy of the schema in use', async () => {
    expect(JSON.parse(await readFile(`${folder}mapping.schema.json`, 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(MAPPING_SCHEMA)),
    );
  });
});
