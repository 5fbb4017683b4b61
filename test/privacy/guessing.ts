/** Something to be guessed, by what is known of it. */
export interface Riddle {
  /** What is known to everybody and no secret: guesses are compared within it. */
  readonly stratum: string;
  /** What may or may not help. */
  readonly marks: readonly string[];
  readonly answer: string;
}

/** How well guesses did, from 0 to 1. */
export interface Guesses {
  readonly judged: number;
  /** Right ones of somebody who always says the commonest answer of the stratum. */
  readonly byStratum: number;
  /** Right ones of somebody who goes by the marks besides. */
  readonly byMarks: number;
  /** What the marks add. */
  readonly gain: number;
}

/** Counts of answers, and of marks under an answer, within one stratum. */
class Learnt {
  readonly #answers = new Map<string, number>();
  readonly #marks = new Map<string, number>();
  #total = 0;

  learn({ marks, answer }: Riddle): void {
    this.#total += 1;
    this.#answers.set(answer, (this.#answers.get(answer) ?? 0) + 1);
    marks.forEach((mark, place) => {
      const key = `${answer}\n${place}\n${mark}`;
      this.#marks.set(key, (this.#marks.get(key) ?? 0) + 1);
    });
  }

  commonest(): string | undefined {
    return best(this.#answers, ([, count]) => count);
  }

  /** Naive Bayes, each mark counted once more than it was seen. */
  likeliest(marks: readonly string[]): string | undefined {
    return best(this.#answers, ([answer, count]) => {
      const prior = Math.log(count / this.#total);
      return marks.reduce((sum, mark, place) => {
        const seen = this.#marks.get(`${answer}\n${place}\n${mark}`) ?? 0;
        return sum + Math.log((seen + 1) / (count + MARKS_AT_A_PLACE));
      }, prior);
    });
  }
}

/** How many different marks a place is taken to have: the letters of a random text, or somewhat fewer sizes and gaps. */
const MARKS_AT_A_PLACE = 32;

/** Which half a riddle falls into; not every other one, as events may take turns. */
function halfOf(index: number): number {
  return (Math.imul(index + 1, 0x9e_37_79_b1) >>> 16) & 1;
}

function best(answers: ReadonlyMap<string, number>, weigh: (entry: [string, number]) => number): string | undefined {
  let found: { readonly answer: string; readonly weight: number } | undefined;
  for (const entry of answers) {
    const weight = weigh(entry);
    if (found === undefined || weight > found.weight) found = { answer: entry[0], weight };
  }
  return found?.answer;
}

/**
 * Learns from one half of a stratum and guesses the rest, then the other way round: what can be told from marks by somebody
 * who knows the truth of half of all.
 */
export function guess(riddles: readonly Riddle[]): Guesses {
  const strata = new Map<string, Riddle[]>();
  for (const riddle of riddles) strata.set(riddle.stratum, [...(strata.get(riddle.stratum) ?? []), riddle]);
  let [judged, byStratum, byMarks] = [0, 0, 0];
  for (const members of strata.values()) {
    for (const half of [0, 1]) {
      const learnt = new Learnt();
      members.forEach((riddle, index) => halfOf(index) === half && learnt.learn(riddle));
      const asked = members.filter((_, index) => halfOf(index) !== half);
      judged += asked.length;
      byStratum += asked.filter(({ answer }) => learnt.commonest() === answer).length;
      byMarks += asked.filter(({ answer, marks }) => learnt.likeliest(marks) === answer).length;
    }
  }
  const share = (count: number): number => (judged === 0 ? 0 : count / judged);
  return { judged, byStratum: share(byStratum), byMarks: share(byMarks), gain: share(byMarks) - share(byStratum) };
}
