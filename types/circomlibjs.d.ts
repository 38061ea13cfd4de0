// SPDX-License-Identifier: GPL-3.0-or-later
declare module 'circomlibjs' {
  /** A field element in ffjavascript's internal (Montgomery) form. */
  export type FieldElement = Uint8Array & { readonly __ff: 'Fr' };
  export type FieldPoint = [FieldElement, FieldElement];
  export interface PrimeField {
    e(value: bigint | string): FieldElement;
    toObject(value: FieldElement): bigint;
    eq(a: FieldElement, b: FieldElement): boolean;
  }
  export interface BabyJub {
    readonly F: PrimeField;
    readonly Base8: FieldPoint;
    readonly order: bigint;
    readonly subOrder: bigint;
    addPoint(a: FieldPoint, b: FieldPoint): FieldPoint;
    mulPointEscalar(base: FieldPoint, scalar: bigint): FieldPoint;
    inCurve(point: FieldPoint): boolean;
    inSubgroup(point: FieldPoint): boolean;
  }
  export interface PoseidonFunction {
    (inputs: readonly (bigint | FieldElement)[]): FieldElement;
    /** all places wanted of the state, at least two */
    (inputs: readonly (bigint | FieldElement)[], initialState: bigint, outputs: number): FieldElement[];
    readonly F: PrimeField;
  }
  export interface EddsaSignature {
    R8: FieldPoint;
    S: bigint;
  }
  export interface Eddsa {
    readonly babyJub: BabyJub;
    readonly F: PrimeField;
    prv2pub(privateKey: Uint8Array): FieldPoint;
    signPoseidon(privateKey: Uint8Array, message: FieldElement): EddsaSignature;
    verifyPoseidon(message: FieldElement, signature: EddsaSignature, publicKey: FieldPoint): boolean;
  }
  export function buildBabyjub(): Promise<BabyJub>;
  export function buildEddsa(): Promise<Eddsa>;
  export function buildPoseidon(): Promise<PoseidonFunction>;
  export function buildPoseidonReference(): Promise<PoseidonFunction>;
}
