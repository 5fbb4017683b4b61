import type { Clock } from '@acogida/core';
import { receiptLanguageOf } from '@acogida/reference';
import { acknowledgementsOf, awaitedOf, type ConsentReceipt, consentReceipt } from '@acogida/referral';
import { Controller, Get, Headers, Inject, Param, ParseUUIDPipe, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type pg from 'pg';
import { CASE_STAFF, Roles } from '../auth/roles.ts';
import { LocalDirectory } from '../directory-view/local-directory.ts';
import { LeadsOut, StaysHere } from '../egress/ways-out.ts';
import { type PageOf, setVersion } from '../http/paging.ts';
import { Answers } from '../openapi/answers.ts';
import type { NodeContext } from '../node-definition.ts';
import { CLOCK, DATABASE_POOL, NODE_CONTEXT } from '../tokens.ts';
import { Consents } from './consent-register.ts';
import { ConsentListQuery, ReceiptQuery } from './consent-requests.ts';
import { ConsentView, consentViewOf, ReceiptView } from './consent-view.ts';
import { RECEIPT_PAGE_POLICY, receiptPage, wantsPage } from './receipt-page.ts';

/** Service kind whose agencies watch over the others: they take complaints. */
const OVERSIGHT_KIND = 'timeline';

/** Consents as this node knows them, and their receipts. */
@Controller('v1/consents')
export class ConsentQueriesController {
  constructor(
    private readonly consents: Consents,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(NODE_CONTEXT) private readonly node: NodeContext,
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
  ) {}

  /** The consents of a case, the latest first; those that were never given last. */
  @Get()
  @StaysHere()
  @Roles(...CASE_STAFF, 'import')
  @Answers(ConsentView, { page: true })
  async list(@Query() { caseId }: ConsentListQuery): Promise<PageOf<ConsentView>> {
    const found = await this.consents.ofCase(caseId.toLowerCase());
    const at = { ...found, now: this.clock.now(), agencyId: this.node.agencyId };
    const items = Object.values(found.register.consents).map((record) => consentViewOf(record, found.register, at));
    const keyOf = ({ grantedAt, id }: ConsentView): string => `${grantedAt ?? ''} ${id}`;
    return { items: items.sort((one, other) => (keyOf(one) > keyOf(other) ? -1 : 1)) };
  }

  @Get(':id')
  @StaysHere()
  @Roles(...CASE_STAFF, 'import')
  @Answers(ConsentView)
  async show(
    @Param('id', ParseUUIDPipe) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ConsentView> {
    const { record, register, caseId, version } = await this.consents.find(id);
    setVersion(reply, version);
    return consentViewOf(record, register, {
      ...{ caseId, version, now: this.clock.now(), agencyId: this.node.agencyId },
    });
  }

  /** What the person is handed: JSON, or with `Accept: text/html` a page to print. */
  @Get(':id/receipt')
  @LeadsOut('RECEIPT')
  @Roles(...CASE_STAFF)
  @Answers(ReceiptView)
  async receipt(
    @Param('id', ParseUUIDPipe) id: string,
    @Query() query: ReceiptQuery,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ReceiptView | string> {
    const { version, receipt } = await this.receiptOf(id, query);
    setVersion(reply, version);
    void reply.headers({ 'content-language': receipt.language, vary: 'Accept' });
    if (!wantsPage(accept)) return receipt;
    void reply.header('content-security-policy', RECEIPT_PAGE_POLICY).type('text/html; charset=utf-8');
    return receiptPage(receipt);
  }

  private async receiptOf(
    id: string,
    { language }: ReceiptQuery,
  ): Promise<{ readonly version: number; readonly receipt: ConsentReceipt }> {
    const { record, register, version } = await this.consents.find(id);
    const { node } = this;
    const names = await this.names();
    const oversight = node
      .members()
      .filter(({ kind, jurisdiction }) => kind === OVERSIGHT_KIND && jurisdiction === node.jurisdiction);
    const answered = { ...record, acknowledgements: acknowledgementsOf(register, record) };
    const receipt = consentReceipt(answered, language ?? receiptLanguageOf(record.facts?.language ?? null), {
      at: this.clock.now(),
      country: node.jurisdiction,
      nameOf: (agencyId) => names.get(agencyId) ?? agencyId,
      oversight: oversight.map(({ agencyId }) => agencyId),
      awaited: awaitedOf(register, record, node.agencyId),
    });
    return { version, receipt };
  }

  /** Agencies’ names as the roots admitted them; of one without a node, as the directory lists it. */
  private async names(): Promise<ReadonlyMap<string, string>> {
    const { agencies } = await new LocalDirectory(this.node, this.pool).view();
    return new Map([...agencies, ...this.node.members()].map(({ agencyId, name }) => [agencyId, name]));
  }
}
