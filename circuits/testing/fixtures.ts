// SPDX-License-Identifier: GPL-3.0-or-later
import { createHash } from 'node:crypto';
import { publicKey, sign, type Point, type Signature } from '../../protocol/eddsa.ts';
import { toFr, type Fr } from '../../protocol/field.ts';
import type { Capacity } from '../../protocol/validator-set.ts';
import { findCircuit } from '../registry.ts';
import type { CircuitInput } from '../statement-kind.ts';
import { refPoseidon, refRoot } from './reference.ts';
import { buildQuorumInputs, noSignature, type OccupiedSlot, type QuorumInput } from '../statements/quorum/inputs.ts';

/** Deterministic secret number n. */
export function secret(n: number): Uint8Array {
  return createHash('sha256').update(`test validator ${n}`).digest();
}

/** Deterministic field element. */
export function fr(label: string): Fr {
  return toFr(BigInt(`0x${createHash('sha256').update(label).digest('hex').slice(0, 62)}`), label);
}

/** A message that validators sign. */
export const MESSAGE = fr('message');

/** Key of secret n. Keys and signatures are remembered: they take most of a test's time otherwise. */
export function keyOf(n: number): Point {
  return remember(keys, `${n}`, () => publicKey(secret(n)));
}

/** Signature by secret n. */
export function signBy(n: number, message: Fr): Signature {
  return remember(signatures, `${n}:${message}`, () => sign(secret(n), message));
}

const keys = new Map<string, Point>();
const signatures = new Map<string, Signature>();

function remember<T>(known: Map<string, T>, name: string, make: () => T): T {
  const value = known.get(name) ?? make();
  known.set(name, value);
  return value;
}

/** Validator i (secret i) at slot i, for each stake given; undefined leaves a slot empty. */
function slotsOf(stakes: readonly (bigint | undefined)[]): OccupiedSlot[] {
  return stakes.flatMap((stakeGwei, index) =>
    stakeGwei === undefined ? [] : [{ index, key: keyOf(index), stakeGwei }],
  );
}

/** The input in which the validators of `signers` (slot = secret's number) sign MESSAGE. */
export function quorumInput(
  stakes: readonly (bigint | undefined)[],
  signers: readonly number[],
  more: Partial<QuorumInput> = {},
): QuorumInput {
  return {
    epoch: 7n,
    slots: slotsOf(stakes),
    message: MESSAGE,
    share: 20_000,
    signatures: signers.map((index) => ({ index, signature: signBy(index, MESSAGE) })),
    ...more,
  };
}

/** Every third slot empty, stakes unequal, a little over two thirds sign. */
export function typicalQuorum(capacity: Capacity): QuorumInput {
  const stakes = Array.from({ length: capacity }, (_, i) => (i % 3 === 2 ? undefined : BigInt(32e9 + i * 1e9)));
  const total = stakes.reduce<bigint>((sum, stake) => sum + (stake ?? 0n), 0n);
  const signers: number[] = [];
  let signed = 0n;
  for (let i = 0; i < capacity && signed * 3n <= total * 2n; i++) {
    const stake = stakes[i];
    if (stake === undefined) continue;
    signers.push(i);
    signed += stake;
  }
  return quorumInput(stakes, signers);
}

/** Circuit inputs that a test may spoil. */
export class RawInput {
  readonly #signals: Record<string, bigint | bigint[] | bigint[][]>;

  constructor(input: CircuitInput) {
    this.#signals = structuredClone(input) as Record<string, bigint | bigint[] | bigint[][]>;
  }

  get input(): CircuitInput {
    return this.#signals;
  }

  get(name: string, index?: number): bigint {
    const value = this.#signals[name];
    const one = index === undefined || !Array.isArray(value) ? value : value[index];
    if (typeof one !== 'bigint') throw new TypeError(`${name}: not a number`);
    return one;
  }

  set(name: string, value: bigint, index?: number): this {
    const old = this.#signals[name];
    if (index === undefined) this.#signals[name] = value;
    else if (Array.isArray(old)) (old as bigint[])[index] = value;
    else throw new TypeError(`${name}: not an array`);
    return this;
  }

  /** The whole of an array signal of one dimension. */
  array(name: string): bigint[] {
    const value = this.#signals[name];
    if (!Array.isArray(value) || Array.isArray(value[0])) throw new TypeError(`${name}: not an array`);
    return value as bigint[];
  }

  /** Put an array signal of one or two dimensions. */
  put(name: string, value: bigint[] | bigint[][]): this {
    this.#signals[name] = value;
    return this;
  }
}

/** Inputs of a quorum circuit to spoil; `recommit` makes the commitment follow a changed set. */
export class RawQuorum extends RawInput {
  /** Put what a signature check would refuse or take into slot i. */
  sign(i: number, { r8, s }: Signature): this {
    const bit = 1n << BigInt(i);
    return this.set('signers', this.get('signers') | bit)
      .set('r8x', r8.x, i)
      .set('r8y', r8.y, i)
      .set('s', s, i);
  }

  /** Make slot i unsigned. */
  unsign(i: number): this {
    return this.sign(i, noSignature(this.get('message') as Fr)).set(
      'signers',
      this.get('signers') & ~(1n << BigInt(i)),
    );
  }

  key(i: number): Point {
    return { x: this.get('keyX', i), y: this.get('keyY', i) };
  }

  setKey(i: number, { x, y }: Point): this {
    return this.set('present', 1n, i).set('keyX', x, i).set('keyY', y, i);
  }

  recommit(): this {
    const present = this.array('present');
    const leaves = present.map((flag, i) =>
      flag === 0n ? 0n : refPoseidon([this.get('keyX', i), this.get('keyY', i), this.get('stake', i)]),
    );
    return this.set('setCommitment', refPoseidon([refRoot(leaves), BigInt(present.length), this.get('epoch')]));
  }
}

/** Circuit inputs of `quorum-16` for `input`. */
export function rawQuorum(input: QuorumInput): RawQuorum {
  return new RawQuorum(buildQuorumInputs(findCircuit('quorum-16').circuit, input));
}
