import type { AgeStatus, ReferralService, Sex, Urgency } from '@acogida/reference';
import type { AnswerOption } from '../answer-options.ts';

/** All words of the pages for agencies without a node, in one language. `{…}` stands for what is put in. */
export interface PageTexts {
  /** Name of the language in itself. */
  readonly languageName: string;
  readonly chooseLanguage: string;
  readonly title: string;
  /** `{sender}` asks `{agency}`. */
  readonly intro: string;
  readonly privacy: string;
  readonly codeLabel: string;
  readonly codeHint: string;
  readonly continue: string;
  /** One text for whatever keeps a link from being used: it tells nobody which. */
  readonly refusedTitle: string;
  readonly refused: readonly string[];
  readonly tryAgain: string;
  readonly tooManyTitle: string;
  readonly tooMany: string;
  readonly laterTitle: string;
  readonly later: string;
  readonly requestTitle: string;
  readonly rows: Readonly<Record<'service' | 'urgency' | 'answerBy' | 'sex' | 'age' | 'nationalities', string>>;
  readonly factsHidden: string;
  readonly unknown: string;
  /** `{from}` to `{to}` years. */
  readonly ageBand: string;
  readonly services: Readonly<Record<ReferralService, string>>;
  readonly urgencies: Readonly<Record<Urgency, string>>;
  readonly sexes: Readonly<Record<Sex, string>>;
  readonly ageStatuses: Readonly<Record<AgeStatus, string>>;
  readonly legend: string;
  readonly options: Readonly<Record<AnswerOption, string>>;
  /** Whoever answers may do so for `{agency}`. */
  readonly confirm: string;
  readonly send: string;
  /** Before the title of a page with errors. */
  readonly errorPrefix: string;
  readonly errorTitle: string;
  readonly chooseAnswer: string;
  readonly confirmNeeded: string;
  readonly changedTitle: string;
  readonly changed: string;
  readonly thanksTitle: string;
  /** `{sender}` has the answer. */
  readonly thanks: string;
  readonly nextTitle: string;
  /** The address of the next answer, good until `{until}`, with the same code. */
  readonly next: string;
  readonly nothingMore: string;
}
