import type { Transaction } from '@acogida/event-store';
import { type ConsentRecord, type ConsentRegister, consentOf, consentProcedure } from '@acogida/referral';
import { Inject, Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { notFound } from '../http/problem.ts';
import type { ProcedureHandler } from '../procedure-handler.ts';
import { PROCEDURE_HANDLER } from '../tokens.ts';
import { ConsentEntity } from './consent.entity.ts';

/** All consents of a case as they stand. */
export interface CaseConsents {
  readonly caseId: string;
  readonly version: number;
  readonly register: ConsentRegister;
}

/** Whose case a consent is of, and whether that was said by an agency that recorded it. */
export interface CaseOfConsent {
  readonly caseId: string;
  readonly isSure: boolean;
}

/** `known_by` from which on the case is the word of an agency that recorded the consent. */
const RECORDED = 2;

/** Reads the consents of this node. */
@Injectable()
export class Consents {
  constructor(
    @InjectRepository(ConsentEntity) private readonly consents: Repository<ConsentEntity>,
    @Inject(PROCEDURE_HANDLER) private readonly handler: ProcedureHandler,
  ) {}

  /** The case of a consent; null where nothing is known of it. */
  async caseOf(consentId: string): Promise<CaseOfConsent | null> {
    const row = await this.consents.findOneBy({ consentId });
    return row === null ? null : { caseId: row.caseId, isSure: row.knownBy >= RECORDED };
  }

  /** The consents of a case; none where it is not known. */
  async ofCase(caseId: string): Promise<CaseConsents> {
    const { version, state } = await this.handler.load(consentProcedure, caseId);
    return { caseId, version, register: state };
  }

  /** As `ofCase`, for a transaction until whose end nobody gives or withdraws one: its first statement. */
  async heldOfCase(transaction: Transaction, caseId: string): Promise<CaseConsents> {
    const stream = `${consentProcedure.name}-${caseId}`;
    await transaction.query({
      name: 'consents-hold',
      text: 'SELECT FROM es.stream WHERE name = $1 FOR SHARE',
      values: [stream],
    });
    const { version, state } = await this.handler.load(consentProcedure, caseId, transaction);
    return { caseId, version, register: state };
  }

  /** @throws Problem 404 CONSENT.UNKNOWN */
  async find(consentId: string): Promise<CaseConsents & { readonly record: ConsentRecord }> {
    const known = await this.caseOf(consentId);
    const consents = known === null ? null : await this.ofCase(known.caseId);
    const record = consents === null ? undefined : consentOf(consents.register, consentId.toLowerCase());
    if (consents === null || record === undefined) throw notFound('CONSENT.UNKNOWN', 'there is no such consent here');
    return { ...consents, record };
  }
}
