import type { Clock, Ids, Instant, JsonObject } from '@acogida/core';
import {
  Answers,
  CLOCK,
  CommandAnswer,
  type CommandContext,
  CommandRunner,
  CurrentCommand,
  type DecidedCommand,
  IDS,
  ProcedureHolds,
  Roles,
  StaysHere,
  stepTaker,
} from '@acogida/service-kit';
import { Body, Controller, HttpCode, Inject, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { IsUUID } from 'class-validator';
import { caseIntake } from '../case-intake.procedure.ts';
import type { HoldChange } from '@acogida/safeguards';
import type { CaseIntakeCommand } from '../domain/case-intake-commands.ts';
import type { CaseIntakeEvent } from '../domain/case-intake-events.ts';
import type { CaseIntake } from '../domain/case-intake-state.ts';
import { holdsLiftedByScreening, holdsPlacedBy } from '../domain/holds-of-intake.ts';
import { AssignInterpreterBody, ProvideRightsInformationBody, RecordFirstContactBody } from './first-contact-bodies.ts';
import {
  FlagChildBody,
  FlagTraffickingIndicatorBody,
  ProvideEmergencyAssistanceBody,
  RecordAsylumIntentBody,
} from './protection-bodies.ts';
import { RegisterPersonBody, ScreenUrgentNeedsBody } from './registration-bodies.ts';

type Decided = DecidedCommand<CaseIntake, CaseIntakeEvent>;

/** Answer of `POST /v1/cases`. */
export class OpenedCaseAnswer extends CommandAnswer {
  @IsUUID()
  caseId!: string;
}

/** Records what happens from first contact to the screening of urgent needs (domain.md 2.1). */
@Roles('border-officer', 'caseworker', 'import')
@Controller('v1/cases')
export class CasesController {
  constructor(
    private readonly commands: CommandRunner,
    private readonly holds: ProcedureHolds,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  @Post()
  @StaysHere()
  @Answers(OpenedCaseAnswer, { status: 201 })
  open(@Body() body: RecordFirstContactBody, @CurrentCommand() context: CommandContext): Promise<JsonObject | null> {
    const caseId = this.ids.uuid();
    const { place, channel, contactedOn, entryMode, entryOn = null } = body;
    return this.commands.run({
      procedure: caseIntake,
      id: caseId,
      fresh: true,
      context,
      status: 201,
      location: `/v1/cases/${caseId}`,
      command: {
        type: 'RecordFirstContact',
        at: this.clock.now(),
        caseId,
        place,
        channel,
        contactedOn,
        entryMode,
        entryOn,
      },
      body: ({ version }) => ({ id: caseId, version, caseId }),
    });
  }

  @Post(':caseId/interpreter')
  @StaysHere()
  @HttpCode(200)
  assignInterpreter(
    @Param('caseId', ParseUUIDPipe) caseId: string,
    @Body() body: AssignInterpreterBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const { language, mode, interpreter, refusedByPerson } = body;
    return this.record(caseId, context, (at) => ({
      type: 'AssignInterpreter',
      at,
      language,
      mode,
      interpreter,
      refusedByPerson: refusedByPerson ?? false,
    }));
  }

  @Post(':caseId/rights-information')
  @StaysHere()
  @HttpCode(200)
  provideRightsInformation(
    @Param('caseId', ParseUUIDPipe) caseId: string,
    @Body() body: ProvideRightsInformationBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    return this.record(caseId, context, (at) => ({ type: 'ProvideRightsInformation', at, ...body }));
  }

  @Post(':caseId/registration')
  @StaysHere()
  @HttpCode(200)
  register(
    @Param('caseId', ParseUUIDPipe) caseId: string,
    @Body() body: RegisterPersonBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const { sex, ageBand, dobPrecision, nationalities, nationalityStatus, languages } = body;
    return this.record(caseId, context, (at) => ({
      type: 'RegisterPerson',
      at,
      sex,
      ageBand: ageBand && { fromYears: ageBand.fromYears, toYears: ageBand.toYears },
      ageDisputed: body.ageDisputed ?? false,
      dobPrecision,
      nationalities,
      nationalityStatus,
      languages,
      careStatus: body.careStatus ?? 'UNKNOWN',
    }));
  }

  @Post(':caseId/urgent-needs')
  @StaysHere()
  @HttpCode(200)
  screenUrgentNeeds(
    @Param('caseId', ParseUUIDPipe) caseId: string,
    @Body() body: ScreenUrgentNeedsBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const screening = (at: Instant) => ({ type: 'ScreenUrgentNeeds', at, needs: body.needs }) as const;
    return this.record(caseId, context, screening, {}, ({ state }) => holdsLiftedByScreening(state));
  }

  @Post(':caseId/emergency-assistance')
  @StaysHere()
  @HttpCode(200)
  provideEmergencyAssistance(
    @Param('caseId', ParseUUIDPipe) caseId: string,
    @Body() { kind, providedOn }: ProvideEmergencyAssistanceBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const assistanceId = this.ids.uuid();
    return this.record(
      caseId,
      context,
      (at) => ({ type: 'ProvideEmergencyAssistance', at, assistanceId, kind, providedOn }),
      { assistanceId },
    );
  }

  @Post(':caseId/asylum-intent')
  @StaysHere()
  @HttpCode(200)
  recordAsylumIntent(
    @Param('caseId', ParseUUIDPipe) caseId: string,
    @Body() { expressedOn, manner }: RecordAsylumIntentBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    return this.record(caseId, context, (at) => ({ type: 'RecordAsylumIntent', at, expressedOn, manner }));
  }

  @Post(':caseId/child-flag')
  @StaysHere()
  @HttpCode(200)
  flagChild(
    @Param('caseId', ParseUUIDPipe) caseId: string,
    @Body() { basis, careStatus }: FlagChildBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    return this.record(caseId, context, (at) => ({ type: 'FlagChild', at, basis, careStatus }));
  }

  @Post(':caseId/trafficking-flag')
  @StaysHere()
  @HttpCode(200)
  flagTraffickingIndicator(
    @Param('caseId', ParseUUIDPipe) caseId: string,
    @Body() { source, indicators }: FlagTraffickingIndicatorBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    return this.record(caseId, context, (at) => ({ type: 'FlagTraffickingIndicator', at, source, indicators }));
  }

  private record(
    caseId: string,
    context: CommandContext,
    commandAt: (at: Instant) => CaseIntakeCommand,
    more: JsonObject = {},
    holdsOf: (decided: Decided) => readonly HoldChange[] = ({ events }) => holdsPlacedBy(events),
  ): Promise<JsonObject | null> {
    const step = { procedure: caseIntake, id: caseId, by: stepTaker(context.actor) };
    return this.commands.run({
      beside: this.holds.beside(step, (decided: Decided) => ({ caseId, groundId: null, changes: holdsOf(decided) })),
      procedure: caseIntake,
      id: caseId,
      context,
      status: 200,
      command: commandAt(this.clock.now()),
      body: ({ version }) => ({ id: caseId, version, ...more }),
    });
  }
}
