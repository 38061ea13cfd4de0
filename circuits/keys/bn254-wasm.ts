// SPDX-License-Identifier: GPL-3.0-or-later

/** Bytes of a field element, an affine and a Jacobian point in WebAssembly memory. */
export const FIELD_BYTES = 32;
export const POINT_BYTES = {
  g1: { affine: 64, jacobian: 96 },
  g2: { affine: 128, jacobian: 192 },
} as const;
export type Group = keyof typeof POINT_BYTES;

type Unary = (source: number, result: number) => void;
type Binary = (left: number, right: number, result: number) => void;

/**
 * The functions of ffjavascript's module that keys are made with. Arguments are addresses; field elements are in
 * Montgomery form.
 */
export interface Bn254Functions {
  readonly frm_add: Binary;
  readonly frm_sub: Binary;
  readonly frm_mul: Binary;
  readonly frm_square: Unary;
  readonly frm_one: (result: number) => void;
  readonly frm_isZero: (source: number) => number;
  readonly frm_eq: (left: number, right: number) => number;
  readonly frm_copy: Unary;
  readonly frm_inverse: Unary;
  readonly frm_toMontgomery: Unary;
  readonly frm_fromMontgomery: Unary;
  readonly frm_batchInverse: (source: number, step: number, count: number, result: number, resultStep: number) => void;
  readonly g1m_zero: (result: number) => void;
  readonly g1m_addMixed: Binary;
  readonly g1m_subMixed: Binary;
  readonly g1m_double: Unary;
  readonly g1m_copy: Unary;
  readonly g1m_toAffine: Unary;
  readonly g1m_batchToAffine: (source: number, count: number, result: number) => void;
  readonly g2m_zero: (result: number) => void;
  readonly g2m_addMixed: Binary;
  readonly g2m_subMixed: Binary;
  readonly g2m_double: Unary;
  readonly g2m_copy: Unary;
  readonly g2m_toAffine: Unary;
  readonly g2m_batchToAffine: (source: number, count: number, result: number) => void;
}

/**
 * ffjavascript's BN254 module as bytes, with the addresses of the two generators (Jacobian). Can be sent to a thread.
 */
export interface Bn254Code {
  readonly code: Uint8Array;
  readonly generator: Readonly<Record<Group, number>>;
  /** rootsOfUnity[k] has order 2^k, Montgomery form: the roots that snarkjs's prover transforms with */
  readonly rootsOfUnity: readonly Uint8Array[];
}

const PAGE = 65536;
/** The module asks for no less. */
const MINIMUM_PAGES = 25;
/** The module's batch functions take their scratch space from the address stored here, and never grow the memory. */
const FREE_POINTER = 0;

/** One instance with a memory of a fixed size, laid out by a bump allocator. */
export class Bn254Wasm {
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;
  private next: number;

  private constructor(
    readonly run: Bn254Functions,
    private readonly memory: WebAssembly.Memory,
  ) {
    this.bytes = new Uint8Array(memory.buffer);
    this.words = new Uint32Array(memory.buffer);
    this.next = align(this.words[FREE_POINTER] ?? 0);
  }

  /** @param capacity bytes that `allocate` can hand out, scratch space included */
  static async instantiate(code: Uint8Array, capacity: number): Promise<Bn254Wasm> {
    const memory = new WebAssembly.Memory({ initial: MINIMUM_PAGES + Math.ceil(capacity / PAGE) });
    const { instance } = await WebAssembly.instantiate(code, { env: { memory } });
    // The module's own exports; their shapes are those of wasmcurves, which has no typings.
    return new Bn254Wasm(instance.exports as unknown as Bn254Functions, memory);
  }

  /** Address of `length` fresh bytes, zero and aligned. */
  allocate(length: number): number {
    const address = this.next;
    this.next = align(address + length);
    if (this.next > this.memory.buffer.byteLength) throw new RangeError('WebAssembly memory exhausted');
    this.words[FREE_POINTER] = this.next;
    // The module's batch functions leave their scratch behind them.
    this.bytes.fill(0, address, this.next);
    return address;
  }

  /** Overwrite everything, constants included: the instance is of no use afterwards. */
  wipe(): void {
    this.bytes.fill(0);
  }
}

function align(address: number): number {
  return Math.ceil(address / 64) * 64;
}
