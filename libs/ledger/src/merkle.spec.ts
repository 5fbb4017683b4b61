import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  decodePath,
  EMPTY_ROOT,
  encodePath,
  type Hash,
  isHash,
  leafHash,
  merkleBatch,
  nodeHash,
  verifyInclusion,
} from './merkle.ts';

// The eight leaves and the roots of their prefixes that implementations of RFC 6962 are checked with.
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map(
  (hex) => leafHash(Buffer.from(hex, 'hex')),
);
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

/** The tree head as the RFC defines it, by recursion. */
function rootByDefinition(leaves: readonly Hash[]): Hash {
  if (leaves.length === 0) return EMPTY_ROOT;
  if (leaves.length === 1) return leaves[0] as Hash;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return nodeHash(rootByDefinition(leaves.slice(0, split)), rootByDefinition(leaves.slice(split)));
}

const leavesOf = fc.array(fc.uint8Array({ maxLength: 20 }).map(leafHash), { minLength: 1, maxLength: 70 });

describe('merkleBatch', () => {
  it.each(ROOTS.map((root, size) => [size, root] as const))('has the known root over %d leaves', (size, root) => {
    expect(merkleBatch(LEAVES.slice(0, size)).root).toBe(root);
  });

  it('gives the paths of RFC 6962 §2.1.3 over seven leaves', () => {
    const d = LEAVES;
    const [a, b, c, e, f, j] = [d[0], d[1], d[2], d[3], d[4], d[6]] as [Hash, Hash, Hash, Hash, Hash, Hash];
    const [g, h, i] = [nodeHash(a, b), nodeHash(c, e), nodeHash(f, d[5] as Hash)];
    const k = nodeHash(g, h);
    const { paths } = merkleBatch(d.slice(0, 7));
    expect(paths[0]).toEqual([b, h, nodeHash(i, j)]);
    expect(paths[3]).toEqual([c, g, nodeHash(i, j)]);
    expect(paths[4]).toEqual([d[5], j, k]);
    expect(paths[6]).toEqual([i, k]);
  });

  it('has no path for no leaves and an empty one for a single leaf', () => {
    expect(merkleBatch([])).toEqual({ root: EMPTY_ROOT, paths: [] });
    expect(merkleBatch([ROOTS[1] as Hash])).toEqual({ root: ROOTS[1], paths: [[]] });
  });

  it('agrees with the definition', () => {
    fc.assert(
      fc.property(leavesOf, (leaves) => {
        expect(merkleBatch(leaves).root).toBe(rootByDefinition(leaves));
      }),
    );
  });
});

describe('leafHash', () => {
  it('takes text as its UTF-8 bytes', () => {
    expect(leafHash('ñandú 日本')).toBe(leafHash(Buffer.from('ñandú 日本', 'utf8')));
  });

  it('never equals the hash of the bare bytes or of a node', () => {
    const [left, right] = [LEAVES[0] as Hash, LEAVES[1] as Hash];
    expect(leafHash('')).not.toBe(EMPTY_ROOT);
    expect(leafHash(Buffer.from(left + right, 'hex'))).not.toBe(nodeHash(left, right));
  });
});

describe('verifyInclusion', () => {
  it('accepts the path of every leaf', () => {
    fc.assert(
      fc.property(leavesOf, (leaves) => {
        const { root, paths } = merkleBatch(leaves);
        const proven = leaves.map((leaf, index) =>
          verifyInclusion({ leaf, index, size: leaves.length, path: paths[index] as Hash[], root }),
        );
        expect(proven).toEqual(leaves.map(() => true));
      }),
    );
  });

  // Leaves that differ from each other: with equal ones another index can be a true statement.
  const proofs = fc.tuple(fc.integer({ min: 1, max: 70 }), fc.nat(), fc.string()).map(([size, place, salt]) => {
    const leaves = Array.from({ length: size }, (_, index) => leafHash(`${salt}:${index}`));
    const index = place % size;
    const { root, paths } = merkleBatch(leaves);
    return { leaf: leaves[index] as Hash, index, size, path: paths[index] as readonly Hash[], root };
  });

  function altered(hash: Hash, digit: number): Hash {
    const at = digit % 64;
    return hash.slice(0, at) + (hash[at] === '0' ? '1' : '0') + hash.slice(at + 1);
  }

  it('refuses any altered digit of leaf, root or path', () => {
    fc.assert(
      fc.property(proofs, fc.nat(), fc.nat(), (proof, digit, place) => {
        expect(verifyInclusion({ ...proof, leaf: altered(proof.leaf, digit) })).toBe(false);
        expect(verifyInclusion({ ...proof, root: altered(proof.root, digit) })).toBe(false);
        const path = proof.path.map((hash, at) => (at === place % proof.path.length ? altered(hash, digit) : hash));
        if (path.length > 0) expect(verifyInclusion({ ...proof, path })).toBe(false);
      }),
    );
  });

  it('refuses any other index', () => {
    fc.assert(
      fc.property(proofs, fc.integer({ min: -3, max: 80 }), (proof, index) => {
        fc.pre(index !== proof.index);
        expect(verifyInclusion({ ...proof, index })).toBe(false);
      }),
    );
  });

  it('refuses a path with a hash more, a hash less, or in another order', () => {
    fc.assert(
      fc.property(proofs, (proof) => {
        const { path } = proof;
        expect(verifyInclusion({ ...proof, path: [...path, leafHash('more')] })).toBe(false);
        if (path.length > 0) expect(verifyInclusion({ ...proof, path: path.slice(1) })).toBe(false);
        if (path.length > 0) expect(verifyInclusion({ ...proof, path: path.slice(0, -1) })).toBe(false);
        if (path.length > 1) expect(verifyInclusion({ ...proof, path: path.toReversed() })).toBe(false);
      }),
    );
  });

  it('refuses a size that asks for a path of another shape', () => {
    fc.assert(
      fc.property(proofs, fc.integer({ min: 0, max: 300 }), (proof, size) => {
        // A larger size can leave this leaf's path as it is; the signed statement binds the size together with the root.
        const shapeOf = (of: number): number[] => {
          const shape: number[] = [];
          let [node, last] = [proof.index, of - 1];
          for (; last > 0; node = Math.floor(node / 2), last = Math.floor(last / 2)) {
            if (node % 2 === 1) shape.push(1);
            else if (node < last) shape.push(0);
          }
          return shape;
        };
        fc.pre(size <= proof.index || shapeOf(size).join() !== shapeOf(proof.size).join());
        expect(verifyInclusion({ ...proof, size })).toBe(false);
      }),
    );
  });

  it.each([
    ['an upper-case hash', { leaf: (LEAVES[0] as Hash).toUpperCase() }],
    ['a fraction as index', { index: 0.5 }],
    ['a size that is no number', { size: Number.NaN }],
    ['a root that is no hash', { root: '' }],
    ['a path that holds no hash', { path: ['00'] }],
  ])('refuses %s', (_case, change) => {
    const { root, paths } = merkleBatch(LEAVES);
    const proof = { leaf: LEAVES[0] as Hash, index: 0, size: 8, path: paths[0] as Hash[], root };
    expect(verifyInclusion(proof)).toBe(true);
    expect(verifyInclusion({ ...proof, ...change })).toBe(false);
  });
});

describe('a path as text', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array().map(leafHash), { maxLength: 20 }), (path) => {
        expect(decodePath(encodePath(path))).toEqual(path);
      }),
    );
  });

  it('is 43 characters for one hash and nothing for none', () => {
    expect(encodePath([LEAVES[0] as Hash])).toHaveLength(43);
    expect(encodePath([])).toBe('');
  });

  it.each(['AAAA', '=', 'é', `${encodePath([EMPTY_ROOT])}=`, ` ${encodePath([EMPTY_ROOT])}`])('is not %j', (text) => {
    expect(decodePath(text)).toBeUndefined();
  });
});

describe('isHash', () => {
  it.each([
    [EMPTY_ROOT, true],
    [EMPTY_ROOT.slice(1), false],
    [`${EMPTY_ROOT}\n`, false],
    [7, false],
    [null, false],
  ])('of %j is %j', (value, answer) => {
    expect(isHash(value)).toBe(answer);
  });
});
