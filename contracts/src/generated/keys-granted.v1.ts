// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * Keys of cases, for one agency alone: sealed to its key pair of the case or to its offer key of the week (architecture.md §5). Each key commits to its id, so those of a third agency can be handed on. Of several cases where an auditor is given the keys of all that were opened together.
 */
export type KeysGrantedV1Data = {
  /**
   * The grant.
   */
  readonly grantId: string;
  /**
   * Cases, one entry for each agency whose keys are handed over.
   *
   * @minItems 1
   * @maxItems 100
   *
   * Items: Keys of one agency for one case.
   */
  readonly cases: readonly {
    /**
     * The case.
     */
    readonly caseId: string;
    /**
     * Agency that seals under these keys; mostly the one that grants.
     */
    readonly holder: string;
    /**
     * The keys.
     *
     * @minItems 1
     * @maxItems 200
     *
     * Items: A key.
     */
    readonly keys: readonly {
      /**
       * Pseudonym of the case in that epoch: what stands on the log.
       */
      readonly subject: string;
      /**
       * Circle that it is for.
       */
      readonly audience: 'coded' | 'care' | 'restricted';
      /**
       * Epoch of its holder, from 1.
       */
      readonly epoch: number;
      /**
       * Commitment of the key: the key id that stands on the log.
       */
      readonly keyId: string;
      /**
       * The key, 32 bytes as base64url.
       */
      readonly key: string;
    }[];
    /**
     * Members of the circle besides the two, for the receiver to seal for as far as consent goes.
     *
     * @maxItems 200
     *
     * Items: A member.
     */
    readonly roster: readonly {
      /**
       * The agency.
       */
      readonly agency: string;
      /**
       * Public half of the X25519 pair that it made for this case, base64url; null while it has told none.
       */
      readonly memberKeyX: string | null;
      /**
       * Audiences that it opens.
       *
       * @minItems 1
       * @maxItems 3
       *
       * Items: One of them.
       */
      readonly audiences: readonly ('coded' | 'care' | 'restricted')[];
    }[];
    /**
     * Where published chains of the holder begin for this reader, if not at their beginning.
     *
     * @maxItems 200
     *
     * Items: A chain.
     */
    readonly chains: readonly {
      /**
       * Name of the chain, as `stream` of its events has it.
       */
      readonly chain: string;
      /**
       * Version that the reader is to take as known.
       */
      readonly version: number;
      /**
       * Head of the chain at that version.
       */
      readonly head: string;
    }[];
  }[];
};

/** JSON Schema of `KeysGrantedV1Data`. */
export const keysGrantedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:keys-granted:v1',
  title: 'KeysGranted',
  description:
    'Keys of cases, for one agency alone: sealed to its key pair of the case or to its offer key of the week (architecture.md §5). Each key commits to its id, so those of a third agency can be handed on. Of several cases where an auditor is given the keys of all that were opened together.',
  'x-class': 'key',
  type: 'object',
  additionalProperties: false,
  required: ['grantId', 'cases'],
  properties: {
    grantId: { description: 'The grant.', type: 'string', format: 'uuid' },
    cases: {
      description: 'Cases, one entry for each agency whose keys are handed over.',
      type: 'array',
      minItems: 1,
      maxItems: 100,
      items: {
        description: 'Keys of one agency for one case.',
        type: 'object',
        additionalProperties: false,
        required: ['caseId', 'holder', 'keys', 'roster', 'chains'],
        properties: {
          caseId: { description: 'The case.', type: 'string', format: 'uuid' },
          holder: {
            description: 'Agency that seals under these keys; mostly the one that grants.',
            type: 'string',
            pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$',
            maxLength: 60,
          },
          keys: {
            description: 'The keys.',
            type: 'array',
            minItems: 1,
            maxItems: 200,
            items: {
              description: 'A key.',
              type: 'object',
              additionalProperties: false,
              required: ['subject', 'audience', 'epoch', 'keyId', 'key'],
              properties: {
                subject: {
                  description: 'Pseudonym of the case in that epoch: what stands on the log.',
                  type: 'string',
                  pattern: '^[0-9a-f]{32}$',
                },
                audience: {
                  description: 'Circle that it is for.',
                  type: 'string',
                  enum: ['coded', 'care', 'restricted'],
                },
                epoch: { description: 'Epoch of its holder, from 1.', type: 'integer', minimum: 1 },
                keyId: {
                  description: 'Commitment of the key: the key id that stands on the log.',
                  type: 'string',
                  pattern: '^[A-Za-z0-9_-]{43}$',
                },
                key: { description: 'The key, 32 bytes as base64url.', type: 'string', pattern: '^[A-Za-z0-9_-]{43}$' },
              },
            },
          },
          roster: {
            description: 'Members of the circle besides the two, for the receiver to seal for as far as consent goes.',
            type: 'array',
            maxItems: 200,
            items: {
              description: 'A member.',
              type: 'object',
              additionalProperties: false,
              required: ['agency', 'memberKeyX', 'audiences'],
              properties: {
                agency: {
                  description: 'The agency.',
                  type: 'string',
                  pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$',
                  maxLength: 60,
                },
                memberKeyX: {
                  description:
                    'Public half of the X25519 pair that it made for this case, base64url; null while it has told none.',
                  type: ['string', 'null'],
                  pattern: '^[A-Za-z0-9_-]{43}$',
                },
                audiences: {
                  description: 'Audiences that it opens.',
                  type: 'array',
                  minItems: 1,
                  maxItems: 3,
                  items: { description: 'One of them.', type: 'string', enum: ['coded', 'care', 'restricted'] },
                  uniqueItems: true,
                },
              },
            },
          },
          chains: {
            description: 'Where published chains of the holder begin for this reader, if not at their beginning.',
            type: 'array',
            maxItems: 200,
            items: {
              description: 'A chain.',
              type: 'object',
              additionalProperties: false,
              required: ['chain', 'version', 'head'],
              properties: {
                chain: {
                  description: 'Name of the chain, as `stream` of its events has it.',
                  type: 'string',
                  minLength: 1,
                  maxLength: 200,
                },
                version: { description: 'Version that the reader is to take as known.', type: 'integer', minimum: 0 },
                head: {
                  description: 'Head of the chain at that version.',
                  type: 'string',
                  pattern: '^([0-9a-f]{64})?$',
                },
              },
            },
          },
        },
      },
    },
  },
  examples: [
    {
      grantId: '00000000-0000-4000-8000-000000000001',
      cases: [
        {
          caseId: '00000000-0000-4000-8000-000000000002',
          holder: 'cr-border-intake',
          keys: [
            {
              subject: '0123456789abcdef0123456789abcdef',
              audience: 'care',
              epoch: 2,
              keyId: 'AJ4dXUSIUhoCRhTSxyYbQY2TBzzagtr9WFpPPp04fwg',
              key: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8',
            },
          ],
          roster: [
            {
              agency: 'cr-conatt',
              memberKeyX: 'hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo',
              audiences: ['coded', 'care'],
            },
          ],
          chains: [
            {
              chain: 'referral-00000000-0000-4000-8000-000000000003',
              version: 2,
              head: 'abababababababababababababababababababababababababababababababab',
            },
          ],
        },
      ],
    },
  ],
} as const;
