// SPDX-License-Identifier: GPL-3.0-or-later
import { readFile } from 'node:fs/promises';
import { FR } from '../protocol/field.ts';
import { WitnessError } from './circuit-error.ts';
import type { CircuitInput } from './statement-kind.ts';
import { accelerate } from './witness/accelerate.ts';

const WORDS = 8; // 32-bit words of a field element

/** What circom 2 compiles a circuit into. */
interface WitnessProgram {
  init(sanityCheck: number): void;
  getInputSize(): number;
  getInputSignalSize(hashHigh: number, hashLow: number): number;
  setInputSignal(hashHigh: number, hashLow: number, position: number): void;
  getWitnessSize(): number;
  getWitness(index: number): void;
  getRawPrime(): void;
  getSharedRWMemoryStart(): number;
  getMessageChar(): number;
  readonly memory: WebAssembly.Memory;
}

/** circom names signals by the 64-bit FNV-1a hash of their name. */
function signalHash(name: string): [high: number, low: number] {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(name)) hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
  return [Number(hash >> 32n) | 0, Number(hash & 0xffffffffn) | 0];
}

function flatten(value: CircuitInput[string]): readonly bigint[] {
  return typeof value === 'bigint' ? [value] : value.flatMap((item) => item);
}

/** Make a program of what circom compiles a circuit into: once, for as many witnesses as wanted. */
export async function compileWitnessProgram(wasm: Uint8Array): Promise<WebAssembly.Module> {
  return WebAssembly.compile(new Uint8Array(accelerate(wasm)));
}

async function start(module: WebAssembly.Module): Promise<WitnessProgram> {
  let words = '';
  const read = (): string => {
    let text = '';
    for (let c = program.getMessageChar(); c !== 0; c = program.getMessageChar()) text += String.fromCharCode(c);
    return text;
  };
  const runtime = {
    // 4 is a failed constraint; the others can't happen once names and sizes are checked.
    exceptionHandler: (code = 0): never => {
      throw new WitnessError(
        code === 4 ? `constraint fails: ${words.trim()}` : `witness program stopped with ${code}`,
        { code },
      );
    },
    printErrorMessage: (): void => void (words += `${read()} `),
    writeBufferMessage: (): void => void read(),
    showSharedRWMemory: (): void => undefined,
  };
  const instance = await WebAssembly.instantiate(module, { runtime });
  // What circom exports is fixed by its code generator; WebAssembly has no types for it.
  const program = instance.exports as unknown as WitnessProgram;
  program.getRawPrime();
  const prime = new BigUint64Array(program.memory.buffer, program.getSharedRWMemoryStart(), 4);
  if (prime.some((word, i) => word !== BigInt.asUintN(64, FR >> BigInt(64 * i))))
    throw new WitnessError('the witness program is for another field');
  return program;
}

/**
 * Run a compiled circuit on its inputs.
 * @param wasm `CompiledCircuit.wasmPath`, or what `compileWitnessProgram` made of that file
 * @param input every input of the circuit and nothing else, each value in [0, r)
 * @returns the witness as snarkjs's .wtns file, version 2
 * @throws WitnessError when an input is missing, unknown, of the wrong size or range, or when a constraint fails
 */
export async function calculateWitness(wasm: string | WebAssembly.Module, input: CircuitInput): Promise<Uint8Array> {
  const program = await start(typeof wasm === 'string' ? await compileWitnessProgram(await readFile(wasm)) : wasm);
  const shared = program.getSharedRWMemoryStart();
  // Memory never grows while a witness is computed, but take a fresh view at each use: it would be detached if it did.
  const view = (): DataView => new DataView(program.memory.buffer, shared, 4 * WORDS);
  program.init(1);
  // The circuit runs when its last input arrives, so a count too low must be caught here.
  const values = Object.entries(input).map(([name, value]) => ({ name, list: flatten(value), hash: signalHash(name) }));
  for (const { name, list, hash } of values) {
    const size = program.getInputSignalSize(...hash);
    if (size !== list.length)
      throw new WitnessError(`${name}: ${list.length} values for ${Math.max(size, 0)}`, { signal: name });
    const bad = list.findIndex((value) => value < 0n || value >= FR);
    if (bad >= 0) throw new WitnessError(`${name}[${bad}] is not in [0, r)`, { signal: name });
  }
  const given = values.reduce((sum, { list }) => sum + list.length, 0);
  if (given !== program.getInputSize()) throw new WitnessError(`${given} input values for ${program.getInputSize()}`);
  for (const { list, hash } of values) {
    list.forEach((value, position) => {
      const words = view();
      for (let i = 0; i < 4; i++) words.setBigUint64(8 * i, (value >> BigInt(64 * i)) & 0xffffffffffffffffn, true);
      program.setInputSignal(...hash, position);
    });
  }
  return wtnsFile(program, shared);
}

/** .wtns: magic, version 2, two sections: (field size, r, count) and the values, little-endian. */
function wtnsFile(program: WitnessProgram, shared: number): Uint8Array {
  const count = program.getWitnessSize();
  const file = Buffer.from(new ArrayBuffer(76 + 32 * count));
  file.write('wtns', 0, 'latin1');
  file.writeUInt32LE(2, 4);
  file.writeUInt32LE(2, 8);
  file.writeUInt32LE(1, 12);
  file.writeBigUInt64LE(40n, 16);
  file.writeUInt32LE(32, 24);
  for (let i = 0; i < 4; i++) file.writeBigUInt64LE((FR >> BigInt(64 * i)) & 0xffffffffffffffffn, 28 + 8 * i);
  file.writeUInt32LE(count, 60);
  file.writeUInt32LE(2, 64);
  file.writeBigUInt64LE(BigInt(32 * count), 68);
  // Word by word: a view for each of half a million values takes longer than the values.
  const value = new Uint32Array(program.memory.buffer, shared, WORDS);
  const values = new Uint32Array(file.buffer, 76);
  for (let i = 0; i < count; i++) {
    program.getWitness(i);
    for (let word = 0; word < WORDS; word++) values[WORDS * i + word] = value[word] as number;
  }
  return file;
}

/** The values of a .wtns file that `calculateWitness` made. */
export function witnessValues(wtns: Uint8Array): bigint[] {
  const view = new DataView(wtns.buffer, wtns.byteOffset, wtns.byteLength);
  const values: bigint[] = [];
  for (let at = 76; at < wtns.byteLength; at += 32) {
    values.push(
      view.getBigUint64(at, true) |
        (view.getBigUint64(at + 8, true) << 64n) |
        (view.getBigUint64(at + 16, true) << 128n) |
        (view.getBigUint64(at + 24, true) << 192n),
    );
  }
  return values;
}
