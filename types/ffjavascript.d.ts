// SPDX-License-Identifier: GPL-3.0-or-later
declare module 'ffjavascript' {
  /** An element of a prime field in Montgomery form, little-endian, 32 bytes. */
  export type WasmFieldElement = Uint8Array;

  export interface WasmField {
    readonly n8: number;
    /** w[k] is a primitive root of unity of order 2^k. */
    readonly w: readonly WasmFieldElement[];
    /** Two-adicity: the largest k of `w`. */
    readonly s: number;
    readonly one: WasmFieldElement;
    e(value: bigint | number | string): WasmFieldElement;
    toObject(value: WasmFieldElement): bigint;
  }

  /** A group whose points are affine bytes (little-endian, Montgomery) or Jacobian triples. */
  export interface WasmGroup {
    readonly g: Uint8Array;
    readonly zero: Uint8Array;
    add(a: Uint8Array, b: Uint8Array): Uint8Array;
    sub(a: Uint8Array, b: Uint8Array): Uint8Array;
    neg(a: Uint8Array): Uint8Array;
    eq(a: Uint8Array, b: Uint8Array): boolean;
    isZero(a: Uint8Array): boolean;
    isValid(a: Uint8Array): boolean;
    toAffine(a: Uint8Array): Uint8Array;
    toJacobian(a: Uint8Array): Uint8Array;
    timesScalar(a: Uint8Array, scalar: bigint | Uint8Array): Uint8Array;
    toObject(a: Uint8Array): readonly unknown[];
    fromObject(a: readonly unknown[]): Uint8Array;
  }

  export interface WasmCurve {
    readonly name: string;
    readonly q: bigint;
    readonly r: bigint;
    readonly Fr: WasmField;
    readonly G1: WasmGroup;
    readonly G2: WasmGroup;
    /** The target group: the field Fq12 */
    readonly Gt: {
      readonly one: Uint8Array;
      mul(a: Uint8Array, b: Uint8Array): Uint8Array;
      eq(a: Uint8Array, b: Uint8Array): boolean;
    };
    /** Both take a Jacobian point and give what `millerLoop` takes. */
    prepareG1(point: Uint8Array): Uint8Array;
    prepareG2(point: Uint8Array): Uint8Array;
    millerLoop(preparedG1: Uint8Array, preparedG2: Uint8Array): Uint8Array;
    finalExponentiation(value: Uint8Array): Uint8Array;
    /** Arguments: G1, G2 repeated; whether the product of the pairings is one. */
    pairingEq(...points: Uint8Array[]): Promise<boolean>;
    /** Present on single-threaded curves: the WebAssembly module and where its constants lie. */
    readonly tm: {
      readonly code: Uint8Array;
      readonly pG1gen: number;
      readonly pG2gen: number;
    };
    terminate(): Promise<void>;
  }

  export function buildBn128(singleThread?: boolean): Promise<WasmCurve>;
}
