// SPDX-License-Identifier: GPL-3.0-or-later
import { Bn254Wasm, FIELD_BYTES, POINT_BYTES, type Bn254Code, type Bn254Functions, type Group } from './bn254-wasm.ts';

/** Scalars a call to `multiply` takes at most: their accumulators stay in the processor's cache. */
export const BATCH = 2048;

/**
 * Bits of a window. A wider one costs a larger table and saves additions; these are the fastest for about 10^5 points.
 * Windows must cover 255 bits: a scalar below r has 254, and the signed digits carry once.
 */
export const WINDOW_BITS = { g1: 15, g2: 13 } as const;

interface GroupFunctions {
  readonly zero: (result: number) => void;
  readonly addMixed: (left: number, right: number, result: number) => void;
  readonly subMixed: (left: number, right: number, result: number) => void;
  readonly double: (source: number, result: number) => void;
  readonly copy: (source: number, result: number) => void;
  readonly toAffine: (source: number, result: number) => void;
  readonly batchToAffine: (source: number, count: number, result: number) => void;
}

/**
 * Multiples of a group's generator by a table: row k holds j * 2^(k*bits) * G for 1 <= j <= 2^(bits-1), affine.
 * A scalar is recoded to one signed digit a row, so that a product is one addition a row.
 */
export class FixedBase {
  static windows(bits: number): number {
    return Math.ceil(255 / bits);
  }

  static tableBytes(group: Group, bits: number): number {
    return FixedBase.windows(bits) * (1 << (bits - 1)) * POINT_BYTES[group].affine;
  }

  private readonly group: GroupFunctions;
  private readonly affine: number;
  private readonly jacobian: number;
  private readonly windows: number;
  private readonly rowLength: number;
  private readonly digits: Int16Array;

  private constructor(
    private readonly wasm: Bn254Wasm,
    group: Group,
    private readonly bits: number,
    private readonly table: number,
    private readonly scalars: number,
    private readonly points: number,
  ) {
    this.group = groupFunctions(wasm.run, group);
    this.affine = POINT_BYTES[group].affine;
    this.jacobian = POINT_BYTES[group].jacobian;
    this.windows = FixedBase.windows(bits);
    this.rowLength = 1 << (bits - 1);
    this.digits = new Int16Array(this.windows * BATCH);
  }

  /** An instance with room for its table, which `build` or `load` fills. */
  static async create(code: Bn254Code, group: Group, bits: number): Promise<FixedBase> {
    const size = POINT_BYTES[group];
    const rowLength = 1 << (bits - 1);
    const points = Math.max(BATCH, rowLength);
    const tableBytes = FixedBase.tableBytes(group, bits);
    // Scratch of batchToAffine: one field element of G2's field a point.
    const scratch = points * 2 * FIELD_BYTES + 4096;
    const wasm = await Bn254Wasm.instantiate(
      code.code,
      tableBytes + BATCH * FIELD_BYTES + points * size.jacobian + scratch + 65536,
    );
    const table = wasm.allocate(tableBytes);
    const scalars = wasm.allocate(BATCH * FIELD_BYTES);
    return new FixedBase(wasm, group, bits, table, scalars, wasm.allocate(points * size.jacobian));
  }

  /** Compute the table from the generator, which lies at `generator` in the instance. */
  build(generator: number): Uint8Array {
    const { group, affine, jacobian, points } = this;
    const base = this.wasm.allocate(jacobian);
    const baseAffine = this.wasm.allocate(affine);
    group.copy(generator, base);
    for (let window = 0; window < this.windows; window++) {
      group.toAffine(base, baseAffine);
      group.copy(base, points);
      for (let index = 1; index < this.rowLength; index++) {
        group.addMixed(points + (index - 1) * jacobian, baseAffine, points + index * jacobian);
      }
      group.batchToAffine(points, this.rowLength, this.table + window * this.rowLength * affine);
      for (let bit = 0; bit < this.bits; bit++) group.double(base, base);
    }
    return this.wasm.bytes.subarray(this.table, this.table + this.windows * this.rowLength * affine);
  }

  /** Take a table that another instance has built. */
  load(table: Uint8Array): void {
    this.wasm.bytes.set(table, this.table);
  }

  /**
   * Multiply the generator.
   * @param scalars at most BATCH integers below r, 32 bytes little-endian each
   * @returns a view, valid until the next call, of the affine products; infinity is all zero bytes, as in snarkjs's
   * files
   */
  multiply(scalars: Uint8Array): Uint8Array {
    const count = scalars.length / FIELD_BYTES;
    if (!Number.isInteger(count) || count > BATCH)
      throw new RangeError(`at most ${BATCH} scalars of ${FIELD_BYTES} bytes`);
    const { group, affine, jacobian, points, digits } = this;
    const bytes = this.wasm.bytes;
    bytes.set(scalars, this.scalars);
    for (let index = 0; index < count; index++) {
      this.recode(index);
      group.zero(points + index * jacobian);
    }
    const { addMixed, subMixed } = group;
    for (let window = 0; window < this.windows; window++) {
      // Entry j of the row lies at row + j * affine; there is no entry 0.
      const row = this.table + (window * this.rowLength - 1) * affine;
      for (let index = 0; index < count; index++) {
        const digit = digits[window * BATCH + index] ?? 0;
        const point = points + index * jacobian;
        if (digit > 0) addMixed(point, row + digit * affine, point);
        else if (digit < 0) subMixed(point, row - digit * affine, point);
      }
    }
    group.batchToAffine(points, count, points);
    // Scalars are evaluations at a secret point: they stay in no buffer of ours.
    bytes.fill(0, this.scalars, this.scalars + scalars.length);
    digits.fill(0);
    return bytes.subarray(points, points + count * affine);
  }

  wipe(): void {
    this.wasm.wipe();
    this.digits.fill(0);
  }

  /**
   * Signed digits in [-2^(bits-1), 2^(bits-1)] whose weighted sum is the scalar; the last window takes the last carry.
   */
  private recode(index: number): void {
    const { bits, rowLength, digits } = this;
    const words = this.wasm.words;
    const start = (this.scalars + index * FIELD_BYTES) >>> 2;
    const mask = (1 << bits) - 1;
    let carry = 0;
    for (let window = 0; window < this.windows; window++) {
      const bit = window * bits;
      const word = bit >>> 5;
      const shift = bit & 31;
      let value = word < 8 ? (words[start + word] ?? 0) >>> shift : 0;
      if (shift + bits > 32 && word + 1 < 8) value |= (words[start + word + 1] ?? 0) << (32 - shift);
      let digit = (value & mask) + carry;
      carry = digit > rowLength ? 1 : 0;
      if (carry) digit -= 1 << bits;
      digits[window * BATCH + index] = digit;
    }
  }
}

function groupFunctions(run: Bn254Functions, group: Group): GroupFunctions {
  return group === 'g1'
    ? {
        zero: run.g1m_zero,
        addMixed: run.g1m_addMixed,
        subMixed: run.g1m_subMixed,
        double: run.g1m_double,
        copy: run.g1m_copy,
        toAffine: run.g1m_toAffine,
        batchToAffine: run.g1m_batchToAffine,
      }
    : {
        zero: run.g2m_zero,
        addMixed: run.g2m_addMixed,
        subMixed: run.g2m_subMixed,
        double: run.g2m_double,
        copy: run.g2m_copy,
        toAffine: run.g2m_toAffine,
        batchToAffine: run.g2m_batchToAffine,
      };
}
