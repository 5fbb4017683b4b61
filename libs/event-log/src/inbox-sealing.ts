import { MissingKeyError, type Sealer, type SealHeader, type SealReading } from '@acogida/sealing';
import type { Envelope } from './envelope.ts';
import type { InboxSealing } from './inbox-port.ts';

/** How an event reads that is sealed for others, or under a key that is gone. */
export type SealedReading = Exclude<SealReading, { readonly kind: 'opened' | 'wanting' }>;

/** To this agency, whatever it said: for it or for all of the network, under a key that is not here. */
const SEALED_FOR_US: SealedReading = { kind: 'sealed', addressed: true };

/** Opens with a sealer that has all of its keys at hand. */
export function readingOf(sealer: Pick<Sealer, 'open'>): InboxSealing {
  return {
    prepare: async () => {},
    load: async () => {},
    read: (header, data) => {
      try {
        return { kind: 'opened', text: sealer.open(header, data), lane: null, via: { under: 'development' } };
      } catch (error) {
        // One secret is everybody's: another one is a mistake in a configuration, or a node that seals otherwise.
        if (error instanceof MissingKeyError) return SEALED_FOR_US;
        throw error;
      }
    },
  };
}

/** What is bound to the seal of an event; null for one that is not sealed. */
export function sealHeaderOf({ id, source, class: clearClass, subject, keyId }: Envelope): SealHeader | null {
  return keyId === null ? null : { id, source, class: clearClass, subject, keyId };
}

/** Fetches the keys of a page. */
export async function prepareFor(
  sealing: InboxSealing,
  records: readonly { readonly envelope: Envelope }[],
): Promise<void> {
  const headers = records.flatMap(({ envelope }) => sealHeaderOf(envelope) ?? []);
  if (headers.length > 0) await sealing.prepare(headers);
}

/** What was opened; a text that is not sealed stands in the clear. */
export type OpenedText =
  Extract<SealReading, { readonly kind: 'opened' }> | { readonly kind: 'clear'; readonly text: string };

/** Opens an event, whose keys are prepared. @throws BrokenSealError nobody can ever open it */
export async function openEnvelope(sealing: InboxSealing, envelope: Envelope): Promise<OpenedText | SealedReading> {
  const { data } = envelope;
  const header = sealHeaderOf(envelope);
  if (header === null) return { kind: 'clear', text: data };
  const reading = sealing.read(header, data);
  if (reading.kind !== 'wanting') return reading;
  await sealing.load(reading.wanted);
  const again = sealing.read(header, data);
  return again.kind === 'wanting' ? SEALED_FOR_US : again;
}
