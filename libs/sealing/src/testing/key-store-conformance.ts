import { beforeEach, describe } from '@jest/globals';
import type { KeyRows } from '../key-rows.ts';
import { AGENCY, type KeyStoreBench } from './key-store-bench.ts';
import {
  describeBegunEpochs,
  describeCaseKeys,
  describeClaims,
  describeContradictingGrants,
  describeKeysOfCase,
  describeWordsOnOwnKeys,
} from './key-store-conformance-case-keys.ts';
import {
  describeEnds,
  describeErasedCases,
  describeHeldCases,
  describeForgetting,
  describeForgettingAgain,
} from './key-store-conformance-forgetting.ts';
import { describeChannelsAndPairs, describeMovedSecrets } from './key-store-conformance-pairs.ts';
import { describeDisturbedRenewal, describeRenewal, describeRenewalByOthers } from './key-store-conformance-renewal.ts';
import { MemoryKms } from '../kms/memory-kms.ts';
import { openSpecStore } from './spec-sealing.ts';

/**
 * What every adapter of `KeyRows` promises, shown through the key store that stands on it. `makeRows` gives empty rows each time.
 */
export function describeKeyStoreConformance(name: string, makeRows: () => Promise<KeyRows>): void {
  describe(`${name} as the storage of keys`, () => {
    let rows: KeyRows;
    let kms: MemoryKms;
    let opened: Awaited<ReturnType<typeof openSpecStore>>;

    beforeEach(async () => {
      rows = await makeRows();
      kms = new MemoryKms();
      opened = await openSpecStore(AGENCY, { rows, kms });
    });

    const bench: KeyStoreBench = {
      rows: () => rows,
      store: () => opened.store,
      ring: () => opened.ring,
      restart: () => openSpecStore(AGENCY, { rows, kms }),
      write: (work) => rows.inTransaction(work),
      insert: (...secrets) => rows.inTransaction((transaction) => opened.store.insert(transaction, secrets)),
    };
    describeCaseKeys(bench);
    describeBegunEpochs(bench);
    describeKeysOfCase(bench);
    describeContradictingGrants(bench);
    describeClaims(bench);
    describeWordsOnOwnKeys(bench);
    describeChannelsAndPairs(bench);
    describeMovedSecrets(bench);
    describeForgetting(bench);
    describeForgettingAgain(bench);
    describeErasedCases(bench);
    describeHeldCases(bench);
    describeEnds(bench);
    describeRenewal(bench);
    describeRenewalByOthers(bench);
    describeDisturbedRenewal(bench);
  });
}
