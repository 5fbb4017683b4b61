import type { RootSignature, RotationSigned } from '@acogida/ledger';
import { IsArray, IsIn, IsObject } from 'class-validator';

/** Kinds of statement that the roots sign. */
export const ROOT_STATEMENTS = ['admission', 'revocation', 'succession'] as const;

/** Body of `POST /v1/trust/statements`: a file of `npm run agency`, as the roots signed it. */
export class RootStatementBody {
  @IsIn(ROOT_STATEMENTS)
  type!: (typeof ROOT_STATEMENTS)[number];

  /** `statement` and `signatures`. */
  @IsObject()
  signed!: object;
}

/** Body of `POST /v1/trust/countersignatures`: a rotation that its agency signed. */
export class CountersignBody {
  @IsObject()
  statement!: object;

  @IsObject()
  signatures!: object;
}

/** Answer of `POST /v1/trust/countersignatures`: the rotation with the directory's signature. */
export class CountersignedView {
  @IsObject()
  statement!: RotationSigned['statement'];

  @IsObject()
  signatures!: RotationSigned['signatures'];
}

/** A statement as the roots signed it. */
export class RootStatementView {
  @IsIn(ROOT_STATEMENTS)
  type!: string;

  @IsObject()
  statement!: object;

  @IsArray()
  @IsObject({ each: true })
  signatures!: RootSignature[];
}
