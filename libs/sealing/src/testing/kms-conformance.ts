import { describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import type { Kms } from '../kms/port.ts';
import { SecretBytes } from '../secret-bytes.ts';

const SECRET = Buffer.from(Array.from({ length: 32 }, (_, index) => index * 7));

/**
 * What every adapter of the KMS promises. `make` gives a new master key; `reopen` another client of the same one, as after a
 * restart.
 */
export function describeKmsConformance(
  name: string,
  make: () => Promise<{ readonly kms: Kms; readonly reopen: () => Promise<Kms> }>,
): void {
  describe(`${name} as the KMS`, () => {
    it('unwraps what it wrapped, also after a restart', async () => {
      const { kms, reopen } = await make();
      const wrapped = await kms.wrap(new SecretBytes(SECRET));
      expect(wrapped.version).toBe(1);
      expect((await kms.unwrap(wrapped)).expose()).toEqual(SECRET);
      expect((await (await reopen()).unwrap(wrapped)).expose()).toEqual(SECRET);
    });

    it('wraps under the newest version and still unwraps the ones before', async () => {
      const { kms, reopen } = await make();
      const first = await kms.wrap(new SecretBytes(SECRET));
      expect(await kms.rotate()).toBe(2);
      const second = await kms.wrap(new SecretBytes(SECRET));
      expect(second.version).toBe(2);
      const again = await reopen();
      for (const wrapped of [first, second]) expect((await again.unwrap(wrapped)).expose()).toEqual(SECRET);
    });

    it('opens nothing of a destroyed version, and everything of the kept one', async () => {
      const { kms, reopen } = await make();
      const first = await kms.wrap(new SecretBytes(SECRET));
      await kms.rotate();
      const second = await kms.wrap(new SecretBytes(SECRET));
      await kms.destroyBelow(2);
      await kms.destroyBelow(2);
      await kms.destroyBelow(1);
      for (const client of [kms, await reopen()]) {
        await expect(client.unwrap(first)).rejects.toMatchObject({ name: 'KmsError', code: 'KMS.UNWRAP_REFUSED' });
        expect((await client.unwrap(second)).expose()).toEqual(SECRET);
      }
      expect((await kms.wrap(new SecretBytes(SECRET))).version).toBe(2);
      expect(await kms.rotate()).toBe(3);
    });

    it('never destroys the newest version', async () => {
      const { kms } = await make();
      const wrapped = await kms.wrap(new SecretBytes(SECRET));
      await expect(kms.destroyBelow(2)).rejects.toThrow(RangeError);
      expect((await kms.unwrap(wrapped)).expose()).toEqual(SECRET);
    });

    it('refuses what another master key wrapped', async () => {
      const foreign = await (await make()).kms.wrap(new SecretBytes(SECRET));
      const { kms } = await make();
      await expect(kms.unwrap(foreign)).rejects.toMatchObject({ code: 'KMS.UNWRAP_REFUSED' });
    });

    it('shows neither key nor secret when it is inspected', async () => {
      const { kms } = await make();
      const shown = inspect(kms, { depth: 9, showHidden: true }) + JSON.stringify(kms);
      expect(shown).not.toMatch(/[0-9a-f]{32}|[A-Za-z0-9+/]{40}|Buffer/);
    });
  });
}
