import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { Type } from 'class-transformer';
import {
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsDefined,
  IsInt,
  IsISO31661Alpha2,
  IsNotEmpty,
  IsObject,
  IsString,
  Matches,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { SERVICE_KIND_FORMAT, type ServiceKind } from '../node-definition.ts';

/** Form of an agency id: it stands in topic names, streams and token claims. */
export const AGENCY_ID_FORMAT = /^[a-z][a-z0-9-]{1,39}$/;

/** A public key that signs an agency's batches, from number `fromNumber` on. */
export class NetworkKey {
  @IsString()
  @IsNotEmpty()
  @MaxLength(100)
  keyId!: string;

  /** Ed25519 public key as JWK (RFC 8037). */
  @IsDefined()
  @IsObject()
  publicKeyJwk!: JsonWebKey;

  @IsInt()
  @Min(1)
  fromNumber!: number;
}

/** One agency of the network file. */
export class NetworkAgency {
  @Matches(AGENCY_ID_FORMAT)
  agencyId!: string;

  @Matches(SERVICE_KIND_FORMAT)
  @MaxLength(40)
  kind!: ServiceKind;

  @IsString()
  @IsNotEmpty()
  @MaxLength(120)
  name!: string;

  /** ISO 3166-1 alpha-2; null for a regional agency. */
  @ValidateIf((agency: NetworkAgency) => agency.jurisdiction !== null)
  @IsISO31661Alpha2()
  jurisdiction!: string | null;

  @IsDefined()
  @IsArray()
  @ArrayMinSize(1)
  @ValidateNested({ each: true })
  @Type(() => NetworkKey)
  signingKeys!: NetworkKey[];
}

/** The content of NETWORK_FILE: who takes part, and whose signatures count. */
export class Network {
  @IsString()
  @IsNotEmpty()
  @MaxLength(80)
  network!: string;

  @IsDefined()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique((agency: NetworkAgency | undefined) => agency?.agencyId)
  @ValidateNested({ each: true })
  @Type(() => NetworkAgency)
  agencies!: NetworkAgency[];
}

/** What is wrong with the keys of a network beyond its shape: unreadable, not Ed25519, or listed twice. */
export function networkKeyErrors(network: Network): string[] {
  const seen = new Set<string>();
  return network.agencies.flatMap((agency) =>
    agency.signingKeys.flatMap((key, index) => {
      const place = `NETWORK_FILE: ${agency.agencyId}.signingKeys[${index}]`;
      const found: string[] = [];
      if (seen.has(key.keyId)) found.push(`${place}: keyId is listed twice`);
      seen.add(key.keyId);
      if (!isEd25519(key.publicKeyJwk)) found.push(`${place}: publicKeyJwk is not an Ed25519 public key`);
      return found;
    }),
  );
}

function isEd25519(jwk: JsonWebKey): boolean {
  if (jwk.d !== undefined) return false; // a private key has no place in a file that everybody gets
  try {
    return createPublicKey({ key: jwk, format: 'jwk' }).asymmetricKeyType === 'ed25519';
  } catch {
    return false;
  }
}
