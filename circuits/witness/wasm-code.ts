// SPDX-License-Identifier: GPL-3.0-or-later

/** Bytes of WebAssembly code, nested as the expressions are (core specification 2.0, section 5.4). */
export type Code = readonly (number | Code)[];

export function bytesOf(code: Code): number[] {
  return code.flatMap((part) => (typeof part === 'number' ? [part] : bytesOf(part)));
}

/** Unsigned LEB128, for numbers below 2^32. */
export function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(Math.floor(value / 0x80))];
}

/** Signed LEB128. */
function signed(value: bigint): number[] {
  const low = Number(value & 0x7fn);
  const rest = value >> 7n;
  const last = low & 0x40 ? rest === -1n : rest === 0n;
  return last ? [low] : [low | 0x80, ...signed(rest)];
}

const binary =
  (opcode: number) =>
  (a: Code, b: Code): Code => [a, b, opcode];

export const i64 = {
  const: (value: bigint | number): Code => [0x42, signed(BigInt(value))],
  /** @param address an i32, 8-byte words counted from there */
  load: (address: Code, word: number): Code => [address, 0x29, 3, unsigned(8 * word)],
  store: (address: Code, word: number, value: Code): Code => [address, value, 0x37, 3, unsigned(8 * word)],
  eqz: (a: Code): Code => [a, 0x50],
  lessSigned: binary(0x53),
  ctz: (a: Code): Code => [a, 0x7a],
  add: binary(0x7c),
  sub: binary(0x7d),
  mul: binary(0x7e),
  and: binary(0x83),
  or: binary(0x84),
  shl: binary(0x86),
  shrSigned: binary(0x87),
  shrUnsigned: binary(0x88),
};

/** Parameter of a function. */
export const param = (index: number): Code => [0x20, unsigned(index)];

/** A local variable; parameters are counted first. */
export class Local {
  readonly get: Code;
  constructor(readonly index: number) {
    this.get = [0x20, unsigned(index)];
  }
  set(value: Code): Code {
    return [value, 0x21, unsigned(this.index)];
  }
}

const VOID = 0x40;
const END = 0x0b;
/** What `branch(0)` inside leaves. */
export const block = (...body: Code): Code => [0x02, VOID, body, END];
/** What `branch(0)` inside starts again. */
export const loop = (...body: Code): Code => [0x03, VOID, body, END];
export const when = (condition: Code, ...body: Code): Code => [condition, 0x04, VOID, body, END];
export const branch = (depth: number): Code => [0x0c, depth];
export const branchIf = (depth: number, condition: Code): Code => [condition, 0x0d, depth];
/** The one of two i64 values. */
export const select = (condition: Code, yes: Code, no: Code): Code => [yes, no, condition, 0x1b];

/** A function's entry in the code section, without its length: `count` i64 locals after the parameters. */
export function functionBody(count: number, ...body: Code): number[] {
  return bytesOf([1, unsigned(count), 0x7e, body, END]);
}
