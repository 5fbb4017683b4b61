import type { Clock, Ids, JsonObject } from '@acogida/core';
import { referralProcedure, referralThatLeadsHere } from '@acogida/referral';
import {
  Answers,
  CLOCK,
  type CommandContext,
  CommandRunner,
  CurrentCommand,
  type DecidedCommand,
  IDS,
  NODE_CONTEXT,
  type NodeContext,
  ProcedureHolds,
  Roles,
  StaysHere,
  stepTaker,
} from '@acogida/service-kit';
import { Body, Controller, HttpCode, Inject, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { asylumApplication } from '../asylum-application.procedure.ts';
import type {
  AsylumApplication,
  AsylumApplicationCommand,
  AsylumApplicationEvent,
} from '../domain/asylum-application.ts';
import { holdsPlacedBy } from '../domain/holds-of-application.ts';
import {
  JustifyLateFilingBody,
  LodgeApplicationBody,
  RatifyApplicationBody,
  RegisterApplicationBody,
} from './application-bodies.ts';
import { LodgedAnswer, RegisteredAnswer } from './application-view.ts';

type Decided = DecidedCommand<AsylumApplication, AsylumApplicationEvent>;

/** Lodging and registration of asylum applications, by the parameters of the agency's own country (domain.md 2.3). */
@Roles('eligibility-officer', 'import')
@Controller('v1/applications')
export class ApplicationsController {
  constructor(
    private readonly commands: CommandRunner,
    private readonly holds: ProcedureHolds,
    @Inject(NODE_CONTEXT) private readonly node: NodeContext,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  @Post()
  @StaysHere()
  @Answers(LodgedAnswer, { status: 201 })
  async lodge(
    @Body() body: LodgeApplicationBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const { form, lodgedBy, lodgedOn, enteredOn } = body;
    // UUIDs are the same in either case of letters, the names of streams are not
    const caseId = body.caseId.toLowerCase();
    const referralId = body.referralId?.toLowerCase() ?? null;
    const referredBy = referralId === null ? {} : { referredBy: await this.senderOf(referralId, caseId) };
    const applicationId = this.ids.uuid();
    const step = { procedure: asylumApplication, id: applicationId, by: stepTaker(context.actor) };
    return this.commands.run({
      procedure: asylumApplication,
      id: applicationId,
      fresh: true,
      beside: this.holds.beside(step, ({ events }: Decided) => {
        return { caseId, groundId: applicationId, ...referredBy, changes: holdsPlacedBy(events) };
      }),
      context,
      status: 201,
      location: `/v1/applications/${applicationId}`,
      command: {
        type: 'LodgeApplication',
        at: this.clock.now(),
        country: this.node.jurisdiction,
        ...{ applicationId, caseId, referralId, form, lodgedBy, lodgedOn, enteredOn },
      },
      body: ({ version, state: { lodged } }) => ({
        id: applicationId,
        version,
        applicationId,
        caseId,
        late: lodged?.late ?? false,
        fileBy: lodged?.fileBy ?? null,
        ratifyBy: lodged?.ratifyBy ?? null,
      }),
    });
  }

  @Post(':id/ratification')
  @StaysHere()
  @HttpCode(200)
  @Roles('eligibility-officer')
  ratify(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() { ratifiedOn }: RatifyApplicationBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    return this.record(
      id,
      context,
      { type: 'RatifyApplication', at: this.clock.now(), ratifiedOn },
      ({ ratified }) => ({
        late: ratified?.late ?? false,
      }),
    );
  }

  @Post(':id/late-filing-justification')
  @StaysHere()
  @HttpCode(200)
  @Roles('eligibility-officer')
  justifyLateFiling(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() { reason, accepted }: JustifyLateFilingBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    return this.record(
      id,
      context,
      { type: 'JustifyLateFiling', at: this.clock.now(), reason, accepted },
      ({ lateFiling }) => ({ lateFiling }),
    );
  }

  @Post(':id/registration')
  @StaysHere()
  @HttpCode(200)
  @Answers(RegisteredAnswer)
  register(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() { fileNumber, registeredOn }: RegisterApplicationBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    return this.record(
      id,
      context,
      { type: 'RegisterApplication', at: this.clock.now(), fileNumber, registeredOn },
      ({ registration }) => ({ decideBy: registration?.decideBy ?? null }),
    );
  }

  /** Whoever sent the referral that leads to an application. @throws DomainError ASYLUM.REFERRAL_… */
  private async senderOf(referralId: string, caseId: string): Promise<string> {
    const { state } = await this.node.handler.load(referralProcedure, referralId);
    return referralThatLeadsHere(state, { caseId, service: 'ASYLUM', codePrefix: 'ASYLUM' }).request.sender;
  }

  private record(
    id: string,
    context: CommandContext,
    command: AsylumApplicationCommand,
    more: (state: AsylumApplication) => JsonObject,
  ): Promise<JsonObject | null> {
    return this.commands.run({
      procedure: asylumApplication,
      id,
      context,
      status: 200,
      command,
      body: ({ version, state }) => ({ id, version, ...more(state) }),
    });
  }
}
