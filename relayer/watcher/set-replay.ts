// SPDX-License-Identifier: GPL-3.0-or-later
import { InvalidFieldError } from '../../protocol/errors.ts';
import {
  setCommitment,
  setRoot,
  validatorSet,
  type Capacity,
  type Validator,
  type ValidatorSet,
} from '../../protocol/validator-set.ts';

/** What the hub's Coalition emits about its slots. */
export interface LeafUpdate {
  readonly index: number;
  readonly keyX: bigint;
  readonly keyY: bigint;
  /** zero empties the slot */
  readonly stakeGwei: bigint;
}

export interface EpochSeal {
  readonly epoch: bigint;
  readonly commitment: bigint;
  readonly root: bigint;
  readonly capacity: Capacity;
  readonly sealedAt: bigint;
}

const SLOTS = 128;

/** The slots of the hub's tree, rebuilt from its events in order. */
export class SetReplay {
  private readonly slots: (Validator | undefined)[];

  constructor(slots: readonly (Validator | undefined)[] = []) {
    this.slots = Array.from({ length: SLOTS }, (_, i) => slots[i]);
  }

  get content(): readonly (Validator | undefined)[] {
    return this.slots;
  }

  /** @throws InvalidFieldError when there is no such slot */
  update({ index, keyX, keyY, stakeGwei }: LeafUpdate): void {
    if (index < 0 || index >= SLOTS) throw new InvalidFieldError('index', `a slot below ${SLOTS}`);
    this.slots[index] = stakeGwei === 0n ? undefined : { key: { x: keyX, y: keyY }, stakeGwei };
  }

  /**
   * The set as it stands, if it is the one that was sealed.
   * @returns undefined when root or commitment differ: events are missing
   * @throws InvalidFieldError when the slots are no validator set
   */
  sealed({ epoch, commitment, root, capacity }: EpochSeal): ValidatorSet | undefined {
    if (this.slots.slice(capacity).some(Boolean)) return undefined;
    const set = validatorSet(epoch, capacity, this.slots.slice(0, capacity));
    return setRoot(set) === root && setCommitment(set) === commitment ? set : undefined;
  }
}
