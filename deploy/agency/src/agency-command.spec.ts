import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createPrivateKey } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type AdmissionRequest, EMPTY_ROOT, type Genesis, genesisId, leafHash, verifyGenesis } from '@acogida/ledger';
import { runAgency } from './agency-command.ts';

const NOW = '2026-11-22T09:00:00.000Z';
const POST = 'cr-border-intake';

let folder: string;
/** Everything that the commands of a test said. */
let said: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'acogida-agency-'));
  said = [];
});

afterEach(async () => {
  const texts = [...said, ...(await publicTexts())].join('\n');
  for (const secret of await secrets()) expect(texts.includes(secret)).toBe(false);
  await rm(folder, { recursive: true, force: true });
});

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly result: Record<string, unknown>;
}

/** Runs `agency -- …` with --json; words with a slash at the start are files of the folder. */
async function agency(...words: readonly string[]): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const args = words.map((word) => (word.startsWith('/') ? join(folder, word) : word));
  const code = await runAgency(
    [...args, '--json'],
    { out: (line) => void out.push(line), err: (line) => void err.push(line) },
    NOW,
  );
  said.push(...out, ...err);
  const result = JSON.parse(out.at(-1)?.startsWith('{') === true ? (out.at(-1) as string) : '{}') as Ran['result'];
  return { code, out: out.join('\n'), err: err.join('\n'), result };
}

async function done(...words: readonly string[]): Promise<Ran> {
  const ran = await agency(...words);
  expect({ code: ran.code, err: ran.err }).toEqual({ code: 0, err: '' });
  return ran;
}

async function refused(code: string, ...words: readonly string[]): Promise<void> {
  const before = await contents();
  const ran = await agency(...words);
  expect({ exit: ran.code, code: ran.result['code'] }).toEqual({ exit: 1, code });
  expect(ran.err).toContain(`${code}: `);
  expect(await contents()).toEqual(before);
}

async function files(): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

async function contents(): Promise<Record<string, string>> {
  return Object.fromEntries(
    await Promise.all((await files()).map(async (file) => [file, await readFile(file, 'utf8')])),
  );
}

async function publicTexts(): Promise<string[]> {
  return Object.entries(await contents())
    .filter(([file]) => !file.endsWith('.pem'))
    .map(([, text]) => text);
}

/** Private parts of every key that was made, as PEM spells them and as JWK does. */
async function secrets(): Promise<string[]> {
  const pems = Object.entries(await contents()).filter(([file]) => file.endsWith('.pem'));
  return pems.flatMap(([, pem]) => [
    pem.split('\n')[1] as string,
    createPrivateKey(pem).export({ format: 'jwk' }).d as string,
  ]);
}

async function json<T>(file: string): Promise<T> {
  return JSON.parse(await readFile(join(folder, file), 'utf8')) as T;
}

async function change(file: string, from: string, to: string): Promise<void> {
  const text = await readFile(join(folder, file), 'utf8');
  expect(text).toContain(from);
  await writeFile(join(folder, file), text.replace(from, to));
}

const GENESIS = [
  'genesis',
  '--network',
  'Specs',
  '--roots',
  '3',
  '--threshold',
  '2',
  '--directory',
  'regional-directory',
];
const REQUEST = ['--directory-request', '/own/admission-request.json'];
const INIT = ['init', '--agency', POST, '--kind', 'intake', '--jurisdiction', 'CR', '--name', 'Border post'];
const ADMIT = ['admit', '--request', '/post/admission-request.json', '--genesis', '/ceremony/genesis.json'];
const VERIFY = ['verify', '--genesis', '/ceremony/genesis.json'];
const ROTATE = [
  'rotate-keys',
  '--agency',
  POST,
  '--keys',
  '/post',
  '--genesis',
  '/ceremony/genesis.json',
  '--out',
  '/next',
];
const TREE = ['--tree-size', '117', '--tree-head', leafHash('tree')];
const COUNTERSIGN = ['countersign', '--rotation', '/next/rotation.json', '--genesis', '/ceremony/genesis.json'];
const DIRECTORY_KEY = ['--directory-key', '/ceremony/regional-directory/signing.pem'];

/** A network with an admitted agency. */
async function network(): Promise<void> {
  await done(...GENESIS, '--out', '/ceremony');
  await done(...INIT, '--out', '/post');
  await done(...ADMIT, '--root-key', '/ceremony/root-1.pem', '--root-key', '/ceremony/root-3.pem');
}

interface Listed {
  readonly agencyId: string;
  readonly keySets: readonly {
    readonly sequence: number;
    readonly fromNumber: number;
    readonly throughNumber?: number;
  }[];
}

/** `1:1-117 2:118-` of the agency, as `verify` has it. */
async function verified(...statements: readonly string[]): Promise<string> {
  const { result } = await done(...VERIFY, ...statements);
  const listed = (result['agencies'] as readonly Listed[]).find(({ agencyId }) => agencyId === POST);
  const sets = listed?.keySets ?? [];
  return sets.map((set) => `${set.sequence}:${set.fromNumber}-${set.throughNumber ?? ''}`).join(' ');
}

describe('agency -- genesis', () => {
  it('makes root keys that only their owner reads, and a genesis that all signed', async () => {
    const { result } = await done(...GENESIS, '--out', '/ceremony');
    const genesis = verifyGenesis(await json('ceremony/genesis.json'));
    expect(result).toEqual({
      genesis: genesisId(genesis),
      network: 'Specs',
      roots: 3,
      threshold: 2,
      directory: 'regional-directory',
    });
    expect(genesis.statement).toMatchObject({ threshold: 2, createdAt: NOW, directory: { kind: 'directory' } });
    const made = (await files()).map((file) => file.slice(folder.length));
    const pems = ['root-1', 'root-2', 'root-3'].map((name) => `/ceremony/${name}.pem`);
    const directory = ['sealing', 'signing', 'transport'].map((use) => `/ceremony/regional-directory/${use}.pem`);
    expect(made).toEqual(['/ceremony/genesis.json', ...directory, ...pems]);
    for (const pem of [...pems, ...directory]) expect((await stat(join(folder, pem))).mode & 0o777).toBe(0o600);
  });

  it('leaves the directory’s keys where they were made', async () => {
    await done('init', '--agency', 'regional-directory', '--kind', 'directory', '--name', 'D', '--out', '/own');
    await done(...GENESIS.slice(0, -2), ...REQUEST, '--out', '/ceremony');
    const { statement } = await json<Genesis>('ceremony/genesis.json');
    const { admission } = await json<{ admission: object }>('own/admission-request.json');
    expect(statement.directory).toEqual(admission);
    expect((await readdir(join(folder, 'ceremony'))).sort()).toEqual([
      'genesis.json',
      'root-1.pem',
      'root-2.pem',
      'root-3.pem',
    ]);
  });

  it('writes over nothing', async () => {
    await done(...GENESIS, '--out', '/ceremony');
    await refused('FILE_EXISTS', ...GENESIS, '--out', '/ceremony');
    await rm(join(folder, 'ceremony/genesis.json'));
    await refused('FILE_EXISTS', ...GENESIS, '--out', '/ceremony');
  });
});

describe('agency -- init', () => {
  it('makes three keys and a request without any', async () => {
    const { result } = await done(...INIT, '--out', '/post');
    expect(result).toMatchObject({ agency: POST, request: 'admission-request.json' });
    const names = (await readdir(join(folder, 'post'))).sort();
    expect(names).toEqual(['admission-request.json', 'sealing.pem', 'signing.pem', 'transport.pem']);
    for (const name of names.slice(1)) expect((await stat(join(folder, 'post', name))).mode & 0o777).toBe(0o600);
    expect(await json('post/admission-request.json')).toMatchObject({
      admission: { agency: POST, kind: 'intake', jurisdiction: 'CR', name: 'Border post', sequence: 1, fromNumber: 1 },
    });
  });

  it('writes over nothing', async () => {
    await done(...INIT, '--out', '/post');
    await refused('FILE_EXISTS', ...INIT, '--out', '/post');
    await rm(join(folder, 'post/signing.pem'));
    await refused('FILE_EXISTS', ...INIT, '--out', '/post');
  });

  it('does not write where it cannot', async () => {
    await writeFile(join(folder, 'file.json'), '');
    await refused('FILE_UNWRITABLE', ...INIT, '--out', '/file.json/post');
  });
});

describe('agency -- admit', () => {
  const out = '/post/admission.json';

  beforeEach(async () => {
    await done(...GENESIS, '--out', '/ceremony');
    await done(...INIT, '--out', '/post');
  });

  it('is valid with k roots, each on its own', async () => {
    const first = await done(...ADMIT, '--root-key', '/ceremony/root-2.pem');
    expect(first.result).toMatchObject({ agency: POST, signatures: 1, threshold: 2, valid: false });
    expect((await done(...ADMIT, '--root-key', '/ceremony/root-2.pem')).result).toMatchObject({ signatures: 1 });
    await refused('ROOT_THRESHOLD', ...VERIFY, out);
    const second = await done(...ADMIT, '--root-key', '/ceremony/root-1.pem');
    expect(second.result).toMatchObject({ signatures: 2, valid: true });
    expect(await verified(out)).toBe('1:1-');
  });

  it('shows each root the keys themselves: a request may give them any name', async () => {
    const { admission } = await json<AdmissionRequest>('post/admission-request.json');
    const { out: shown, result } = await done(...ADMIT, '--root-key', '/ceremony/root-1.pem');
    for (const { keyId, x } of Object.values(admission.keys)) expect(shown).toContain(`  ${keyId}  ${x}\n`);
    expect(result).toMatchObject({ keys: admission.keys });
  });

  it('touches no file beside the one that it signs', async () => {
    await writeFile(join(folder, 'post/admission.json.new'), 'of somebody');
    const before = await readdir(join(folder, 'post'));
    await done(...ADMIT, '--root-key', '/ceremony/root-1.pem');
    expect((await readdir(join(folder, 'post'))).sort()).toEqual([...before, 'admission.json'].sort());
    expect(await readFile(join(folder, 'post/admission.json.new'), 'utf8')).toBe('of somebody');
  });

  it('is signed by several roots at once, where one says', async () => {
    const keys = ['1', '2', '3'].flatMap((number) => ['--root-key', `/ceremony/root-${number}.pem`]);
    const { result } = await done(...ADMIT, ...keys, '--out', '/elsewhere/signed.json');
    expect(result).toMatchObject({ signatures: 3, valid: true });
    expect(await verified('/elsewhere/signed.json')).toBe('1:1-');
  });

  it('refuses a key that is no root’s, and what is no key', async () => {
    await refused('ROOT_UNKNOWN', ...ADMIT, '--root-key', '/post/signing.pem');
    await refused('KEY_UNREADABLE', ...ADMIT, '--root-key', '/post/sealing.pem');
    await refused('KEY_UNREADABLE', ...ADMIT, '--root-key', '/ceremony/genesis.json');
    await refused('FILE_UNREADABLE', ...ADMIT, '--root-key', '/ceremony/none.pem');
  });

  it('refuses a request that its keys did not sign', async () => {
    await change('post/admission-request.json', 'Border post', 'Border past');
    await refused('POSSESSION', ...ADMIT, '--root-key', '/ceremony/root-1.pem');
    await change('post/admission-request.json', '"sequence": 1', '"sequence": 0');
    await refused('STATEMENT_MALFORMED', ...ADMIT, '--root-key', '/ceremony/root-1.pem');
  });

  it('adds no signature to another statement', async () => {
    await done(...ADMIT, '--root-key', '/ceremony/root-1.pem');
    await change('post/admission.json', 'Border post', 'Border past');
    await refused('STATEMENT_DIFFERS', ...ADMIT, '--root-key', '/ceremony/root-2.pem');
  });

  it('drops a signature that is nobody’s', async () => {
    await done(...ADMIT, '--root-key', '/ceremony/root-1.pem');
    await change('post/admission.json', '"root-1"', '"root-2"');
    expect((await done(...ADMIT, '--root-key', '/ceremony/root-3.pem')).result).toMatchObject({ signatures: 1 });
  });

  it('refuses a genesis that is changed, or not the one that was pinned', async () => {
    await refused('PIN_DIFFERS', ...ADMIT, '--root-key', '/ceremony/root-1.pem', '--genesis-id', leafHash('other'));
    await change('ceremony/genesis.json', '"threshold": 2', '"threshold": 1');
    await refused('GENESIS_SIGNATURES', ...ADMIT, '--root-key', '/ceremony/root-1.pem');
  });
});

describe('agency -- rotate-keys and countersign', () => {
  const admission = '/post/admission.json';

  beforeEach(network);

  it('make a rotation that counts from the number after its event', async () => {
    const { result } = await done(...ROTATE, ...TREE, admission);
    expect(result).toMatchObject({ agency: POST, sequence: 2 });
    for (const use of ['signing', 'sealing', 'transport']) {
      expect((await stat(join(folder, 'next', `${use}.pem`))).mode & 0o777).toBe(0o600);
    }
    await refused('DIRECTORY_SIGNATURE', ...VERIFY, admission, '/next/rotation.json');
    await done(...COUNTERSIGN, ...DIRECTORY_KEY, admission);
    expect(await verified(admission, '/next/rotation.json')).toBe('1:1-118 2:119-');
    expect(await verified(admission, '/next/rotation.json@200')).toBe('1:1-200 2:201-');
    await refused('SEQUENCE', ...VERIFY, admission, '/next/rotation.json@117');
  });

  it('go on from a rotation', async () => {
    await done(...ROTATE, ...TREE, admission);
    await done(...COUNTERSIGN, ...DIRECTORY_KEY, admission);
    const later = ['--tree-size', '300', '--tree-head', leafHash('later'), admission, '/next/rotation.json@200'];
    const again = ROTATE.map((word) => ({ '/post': '/next', '/next': '/third' })[word] ?? word);
    expect((await done(...again, ...later)).result).toMatchObject({ sequence: 3 });
  });

  it('refuse a key that is not the one in use', async () => {
    const elsewhere = ROTATE.map((word) => (word === '/post' ? '/ceremony/regional-directory' : word));
    await refused('KEY_DIFFERS', ...elsewhere, ...TREE, admission);
    await refused('NO_KEY_IN_USE', ...ROTATE, ...TREE);
    await done(...ROTATE, ...TREE, admission);
    await refused('KEY_DIFFERS', ...COUNTERSIGN, '--directory-key', '/post/signing.pem', admission);
    await refused('UNKNOWN_AGENCY', ...COUNTERSIGN, ...DIRECTORY_KEY);
    await refused('FILE_EXISTS', ...ROTATE, ...TREE, admission);
  });

  it('refuse a rotation that is not the agency’s', async () => {
    await done(...ROTATE, ...TREE, admission);
    await change('next/rotation.json', '"treeSize": 117', '"treeSize": 118');
    await refused('OLD_KEY', ...COUNTERSIGN, ...DIRECTORY_KEY, admission);
    await refused('FILE_MALFORMED', ...COUNTERSIGN.with(2, admission), ...DIRECTORY_KEY, admission);
  });
});

describe('agency -- revoke', () => {
  const admission = '/post/admission.json';
  const order = async (...words: readonly string[]) => {
    const { admission: asked } = await json<{ admission: { keys: { signing: { keyId: string } } } }>(
      'post/admission-request.json',
    );
    return [
      ...['revoke', '--genesis', '/ceremony/genesis.json', '--agency', POST, '--key-id', asked.keys.signing.keyId],
      ...['--reason', 'KEY_COMPROMISED', '--out', '/revocation.json', ...words],
    ];
  };
  const lastGood = ['--last-good', '40', '--tree-head', leafHash('forty')];

  beforeEach(network);

  it('ends a key at its last good number, with k roots; then the agency can be admitted again', async () => {
    const first = await done(...(await order(...lastGood, '--root-key', '/ceremony/root-1.pem')));
    expect(first.result).toMatchObject({ agency: POST, lastGoodNumber: 40, signatures: 1, valid: false });
    await refused('ROOT_THRESHOLD', ...VERIFY, admission, '/revocation.json');
    await done(...(await order(...lastGood, '--root-key', '/ceremony/root-2.pem')));
    expect(await verified(admission, '/revocation.json')).toBe('1:1-40');
    await done(...INIT, '--sequence', '2', '--from-number', '41', '--out', '/again');
    const roots = ['--root-key', '/ceremony/root-1.pem', '--root-key', '/ceremony/root-2.pem'];
    await done(...ADMIT.with(2, '/again/admission-request.json'), ...roots);
    const since = [admission, '/revocation.json', '/again/admission.json'];
    expect(await verified(...since)).toBe('1:1-40 2:41-');
    const early = ['--tree-size', '30', '--tree-head', leafHash('thirty')];
    await done(...ROTATE.map((word) => (word === '/post' ? '/again' : word)), ...early, ...since);
    await done(...COUNTERSIGN, ...DIRECTORY_KEY, ...since);
    expect(await verified(...since, '/next/rotation.json')).toBe('1:1-40 2:41-41 3:42-');
  });

  it('adds no signature to another order', async () => {
    await done(...(await order(...lastGood, '--root-key', '/ceremony/root-1.pem')));
    const other = ['--last-good', '41', '--tree-head', leafHash('forty')];
    await refused('STATEMENT_DIFFERS', ...(await order(...other, '--root-key', '/ceremony/root-2.pem')));
  });

  it('refuses a number and a tree that contradict one another', async () => {
    const none = ['--last-good', '0', '--tree-head', leafHash('forty')];
    await refused('STATEMENT_MALFORMED', ...(await order(...none, '--root-key', '/ceremony/root-1.pem')));
    await done(...(await order('--last-good', '0', '--tree-head', EMPTY_ROOT, '--root-key', '/ceremony/root-1.pem')));
  });
});

describe('agency -- succeed', () => {
  const heir = 'regional-directory';
  const order = (by: string, root: number): readonly string[] => [
    ...['succeed', '--genesis', '/ceremony/genesis.json', '--agency', POST, '--by', by, '--out', '/succession.json'],
    ...['--last-good', '40', '--tree-head', leafHash('forty'), '--root-key', `/ceremony/root-${root}.pem`],
  ];

  beforeEach(network);

  it('ends the agency at its last good number, with k roots, and names who takes over', async () => {
    const first = await done(...order(heir, 1));
    const said = { agency: POST, successor: heir, lastGoodNumber: 40 };
    expect(first.result).toEqual({ ...said, signatures: 1, threshold: 2, valid: false });
    await refused('ROOT_THRESHOLD', ...VERIFY, '/post/admission.json', '/succession.json');
    await done(...order(heir, 2));
    expect(await verified('/post/admission.json', '/succession.json')).toBe('1:1-40');
    const { result } = await done(...VERIFY, '/post/admission.json', '/succession.json');
    expect(result['agencies']).toContainEqual(expect.objectContaining({ agencyId: POST, successor: heir }));
  });

  it('adds no signature to an order for another successor', async () => {
    await done(...order(heir, 1));
    await refused('STATEMENT_DIFFERS', ...order('cr-conatt', 2));
  });
});

describe('agency -- verify', () => {
  it('prints agencies, keys and numbers', async () => {
    await network();
    const { out } = await done(...VERIFY, '/post/admission.json');
    const { keyId } = (
      await json<{ signed: { statement: { keys: { signing: { keyId: string } } } } }>('post/admission.json')
    ).signed.statement.keys.signing;
    expect(out).toMatch(/^network Specs, genesis [0-9a-f]{64}, 2 of 3 roots$/m);
    expect(out).toMatch(new RegExp(`^${POST}\\s+intake\\s+CR\\s+1\\s+${keyId}\\s+1\\s+-$`, 'm'));
    expect(out).toMatch(
      /^regional-directory\s+directory\s+-\s+1\s+regional-directory\.signing\.[0-9a-f]{12}\s+1\s+-$/m,
    );
  });

  it('names the file that does not hold', async () => {
    await network();
    await writeFile(join(folder, 'note.json'), '{"type":"admission","signed":{}}');
    const { result } = await agency(...VERIFY, '/post/admission.json', '/note.json');
    expect(result).toEqual({ file: join(folder, 'note.json'), code: 'FILE_MALFORMED' });
    await refused('FILE_UNREADABLE', ...VERIFY, '/none.json');
    await refused('FILE_MALFORMED', ...VERIFY, '/post/signing.pem');
    await refused('FILE_MALFORMED', ...VERIFY, '/post/admission-request.json');
    await writeFile(join(folder, 'huge.json'), `${' '.repeat(2 ** 20)}{}`);
    await refused('FILE_MALFORMED', ...VERIFY, '/huge.json');
    await refused('FILE_UNREADABLE', ...VERIFY, '/post');
    await refused('GENESIS_MALFORMED', 'verify', '--genesis', '/post/admission.json');
  });
});

describe('agency', () => {
  it.each<[string, readonly string[]]>([
    ['without an action', []],
    ['with an action that there is not', ['toString']],
    ['genesis without roots', ['genesis', '--network', 'N', '--threshold', '1', '--directory', 'dd', '--out', '/x']],
    ['genesis with ten roots', [...GENESIS.with(4, '10'), '--out', '/x']],
    ['genesis with a threshold above its roots', [...GENESIS.with(6, '4'), '--out', '/x']],
    ['genesis with two directories', [...GENESIS, '--directory-request', '/y', '--out', '/x']],
    ['genesis with a name beside a request', [...GENESIS.slice(0, -2), ...REQUEST, '--name', 'D', '--out', '/x']],
    ['genesis without a folder', GENESIS],
    ['init of an agency with capitals', [...INIT.with(2, 'CR'), '--out', '/x']],
    ['init of a kind with a path', [...INIT.with(4, '../x'), '--out', '/x']],
    ['init in a country in words', [...INIT.with(6, 'Costa Rica'), '--out', '/x']],
    ['init with a name that turns the line', [...INIT.with(8, 'a\u202eb'), '--out', '/x']],
    ['init from number 0', [...INIT, '--from-number', '0', '--out', '/x']],
    ['admit without a root key', ADMIT],
    ['admit with a word more', [...ADMIT, '--root-key', '/x', 'more']],
    ['rotate-keys without a tree', ROTATE],
    ['rotate-keys with a head that is none', [...ROTATE, '--tree-size', '1', '--tree-head', 'x']],
    ['revoke for a reason in words', ['revoke', '--key-id', 'k', '--reason', 'stolen']],
    ['succeed by itself', ['succeed', '--agency', POST, '--by', POST]],
    ['verify without a genesis', ['verify']],
    ['verify with an option that there is not', [...VERIFY, '--force']],
  ])('%s is a wrong use', async (_what, words) => {
    const { code, err } = await agency(...words);
    expect({ code, files: await files() }).toEqual({ code: 2, files: [] });
    expect(err).toContain('--help shows how');
  });

  it.each(['genesis', 'init', 'admit', 'verify', 'rotate-keys', 'countersign', 'revoke', 'succeed'])(
    'says how %s is used',
    async (action) => {
      expect((await done(action, '--help')).out).toContain(`npm run agency -- ${action} `);
      expect((await done('--help')).out).toContain(`  ${action} `);
    },
  );
});
