import type { Clock, Instant, JsonObject } from '@acogida/core';
import { type LinkDisregardCommand, linkDisregardProcedure, type LinkOfAnother } from '@acogida/safeguards';
import { Body, Controller, Get, HttpCode, Inject, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { Roles } from '../auth/roles.ts';
import { StaysHere } from '../egress/ways-out.ts';
import { type CommandContext, CurrentCommand } from '../http/command-context.ts';
import { CommandRunner } from '../http/command-runner.ts';
import { Answers } from '../openapi/answers.ts';
import { CLOCK } from '../tokens.ts';
import { LIFTING_ROLES } from './hold-roles.ts';
import { LinkDisregarding } from './link-disregarding.ts';
import { CaseLinksView, DisregardLinkBody, LinkAnswer, LinkOfBody } from './link-views.ts';

/**
 * Links of a case with others, and what officers do about those of other agencies: anybody is believed, since a link makes leaving harder, and
 * two officers of this agency disregard what is wrong.
 */
@Controller('v1/cases/:caseId/links')
export class LinksController {
  constructor(
    private readonly commands: CommandRunner,
    private readonly disregarding: LinkDisregarding,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Who says that the case is one person's with another one, as far as it counts here or was disregarded. */
  @Get()
  @StaysHere()
  @Roles(...LIFTING_ROLES)
  @Answers(CaseLinksView)
  async show(@Param('caseId', ParseUUIDPipe) id: string): Promise<CaseLinksView> {
    const caseId = id.toLowerCase();
    const links = (await this.disregarding.linksOf(caseId)).map(({ link, decided: { proposal, isDisregarded } }) => ({
      ...{ linkId: link.linkId, by: link.by, linkedCaseId: link.linkedCaseId, isLinked: link.isLinked, isDisregarded },
      ...{ proposedReason: proposal?.reason ?? null, proposedAt: proposal?.proposedAt ?? null },
    }));
    return { caseId, links };
  }

  /** The first of two officers: until the second one decides the link counts. */
  @Post(':linkId/disregard/proposal')
  @StaysHere()
  @HttpCode(200)
  @Roles(...LIFTING_ROLES)
  @Answers(LinkAnswer)
  async propose(
    @Param('caseId', ParseUUIDPipe) caseId: string,
    @Param('linkId', ParseUUIDPipe) linkId: string,
    @Body() { by, reason }: DisregardLinkBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    return this.decide({ caseId, by, linkId }, context, (acting, link) => ({
      type: 'ProposeDisregard',
      link,
      reason,
      ...acting,
    }));
  }

  /** The second one, never the same: at this agency the link counts no more, whatever its source says of it afterwards. */
  @Post(':linkId/disregard/confirmation')
  @StaysHere()
  @HttpCode(200)
  @Roles(...LIFTING_ROLES)
  @Answers(LinkAnswer)
  async confirm(
    @Param('caseId', ParseUUIDPipe) caseId: string,
    @Param('linkId', ParseUUIDPipe) linkId: string,
    @Body() { by }: LinkOfBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    return this.decide({ caseId, by, linkId }, context, (acting) => ({ type: 'DisregardLink', ...acting }));
  }

  /** The link goes on to count. */
  @Post(':linkId/disregard/refusal')
  @StaysHere()
  @HttpCode(200)
  @Roles(...LIFTING_ROLES)
  @Answers(LinkAnswer)
  async decline(
    @Param('caseId', ParseUUIDPipe) caseId: string,
    @Param('linkId', ParseUUIDPipe) linkId: string,
    @Body() { by }: LinkOfBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    return this.decide({ caseId, by, linkId }, context, (acting) => ({ type: 'DeclineDisregard', ...acting }));
  }

  private async decide(
    { caseId, ...named }: { readonly caseId: string; readonly by: string; readonly linkId: string },
    context: CommandContext,
    commandOf: (
      acting: { readonly officer: string; readonly now: Instant },
      link: LinkOfAnother,
    ) => LinkDisregardCommand,
  ): Promise<JsonObject | null> {
    const link = await this.disregarding.found(caseId.toLowerCase(), named);
    const command = commandOf({ officer: context.actor.subject, now: this.clock.now() }, link);
    return this.commands.run({
      ...{ procedure: linkDisregardProcedure, id: this.disregarding.idOf(link), context, command, status: 200 },
      beside: this.disregarding.beside(link),
      body: ({ version, state: { proposal, isDisregarded } }) => ({
        ...{ id: link.linkId, version, isDisregarded, isProposed: proposal !== null },
      }),
    });
  }
}
