import { type DepartureAct, DepartureGate } from '@acogida/service-kit';
import type { Type } from '@nestjs/common';
import type { RaceTime } from './race-time.ts';

/** Somebody who went through the door, and when by the time of the world, in milliseconds. */
export interface DoorOpened {
  readonly caseId: string;
  readonly departureId: string;
  readonly atMs: number;
}

/** Who goes through the door of a gate, whatever its node writes of it. */
export class WatchedDoor {
  readonly opened: DoorOpened[] = [];
  /** Opens without a second look at the warrant: for a spec that wants it noticed. */
  isUnlocked = false;
  readonly #time: RaceTime;

  constructor(time: RaceTime) {
    this.#time = time;
  }

  /** The gate as it is, with somebody beside it who looks. */
  gate(): Type<DepartureGate> {
    const note = ({ caseId, departureId }: DepartureAct): void =>
      void this.opened.push({ caseId, departureId, atMs: this.#time.nowMs });
    const isUnlocked = (): boolean => this.isUnlocked;
    return class WatchedGate extends DepartureGate {
      override async openDoor(act: DepartureAct, isOurs: boolean): Promise<void> {
        if (!isUnlocked()) await super.openDoor(act, isOurs);
        note(act);
      }
    };
  }
}
