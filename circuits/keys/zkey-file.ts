// SPDX-License-Identifier: GPL-3.0-or-later
import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { toHex, type Hex } from '../../protocol/bytes.ts';
import { FQ, FR } from '../../protocol/field.ts';
import type { VerificationKey } from '../../protocol/verification-key.ts';
import { KeyError } from './errors.ts';
import { ZKEY_SECTION } from './zkey-writer.ts';

/** One party's step of the second phase, as recorded in the key. */
export interface Contribution {
  readonly kind: 'contribution' | 'beacon';
  readonly name: string;
  /** BLAKE2b-512 that snarkjs prints to the party; who took part compares it with theirs */
  readonly hash: Hex;
  readonly beacon?: { readonly value: Hex; readonly iterationsExponent: number };
}

/** What a Groth16 key file says about itself; its long lists of points are not read. */
export interface ZkeyFile {
  readonly wires: number;
  readonly publicSignals: number;
  readonly domainSize: number;
  readonly verificationKey: VerificationKey;
  /** snarkjs's hash of the circuit, 64 bytes */
  readonly circuitHash: Hex;
  readonly contributions: readonly Contribution[];
}

const G1 = 64;
const G2 = 128;
/** 2^-256 mod q: from Montgomery form */
const INVERSE_R = inverse(2n ** 256n % FQ, FQ);

/**
 * Read the header, the verification key and the contributions of a `.zkey`.
 * @throws KeyError when it is no complete Groth16 key on BN254
 */
export async function readZkeyFile(path: string): Promise<ZkeyFile> {
  const file = await open(path, 'r');
  try {
    const refuse = (why: string): KeyError => new KeyError(`${path} ${why}`, { path });
    const sections = await readSections(file, refuse);
    const section = async (id: number): Promise<Cursor> => {
      const found = sections.get(id);
      if (!found) throw refuse(`lacks section ${id}`);
      return new Cursor(await readExactly(file, found.offset, found.length, refuse), refuse);
    };
    if ((await section(ZKEY_SECTION.protocol)).word() !== 1) throw refuse('is no Groth16 key');
    const header = await section(ZKEY_SECTION.header);
    for (const prime of [FQ, FR]) {
      if (header.word() !== 32 || header.integer() !== prime) throw refuse('is not on BN254');
    }
    const [wires, publicSignals, domainSize] = [header.word(), header.word(), header.word()];
    const alpha = header.g1();
    header.g1(); // beta in G1 serves the prover only
    const [beta, gamma] = [header.g2(), header.g2()];
    header.g1();
    const delta = header.g2();
    const ic = await section(ZKEY_SECTION.ic);
    const points = Array.from({ length: publicSignals + 1 }, () => ic.g1());

    const expected: readonly [number, number][] = [
      [ZKEY_SECTION.a, wires * G1],
      [ZKEY_SECTION.b1, wires * G1],
      [ZKEY_SECTION.b2, wires * G2],
      [ZKEY_SECTION.c, (wires - publicSignals - 1) * G1],
      [ZKEY_SECTION.h, domainSize * G1],
    ];
    for (const [id, length] of expected) {
      const found = sections.get(id);
      if (found?.length !== length)
        throw refuse(`has ${found?.length ?? 0} bytes in section ${id}, expected ${length}`);
    }
    const record = await section(ZKEY_SECTION.contributions);
    const circuitHash = toHex(record.take(64));
    const contributions = Array.from({ length: record.word() }, () => readContribution(record, refuse));
    return {
      wires,
      publicSignals,
      domainSize,
      verificationKey: {
        protocol: 'groth16',
        curve: 'bn128',
        nPublic: publicSignals,
        vk_alpha_1: jsonG1(alpha),
        vk_beta_2: jsonG2(beta),
        vk_gamma_2: jsonG2(gamma),
        vk_delta_2: jsonG2(delta),
        IC: points.map(jsonG1),
      },
      circuitHash,
      contributions,
    };
  } finally {
    await file.close();
  }
}

type Refuse = (why: string) => KeyError;

async function readSections(
  file: FileHandle,
  refuse: Refuse,
): Promise<Map<number, { offset: number; length: number }>> {
  const { size } = await file.stat();
  const head = new Cursor(await readExactly(file, 0, 12, refuse), refuse);
  if (head.word() !== 0x79656b7a || head.word() !== 1) throw refuse('is no zkey file of version 1');
  const sections = new Map<number, { offset: number; length: number }>();
  let position = 12;
  for (let left = head.word(); left > 0; left--) {
    const start = new Cursor(await readExactly(file, position, 12, refuse), refuse);
    const id = start.word();
    const length = start.word() + start.word() * 2 ** 32;
    if (sections.has(id)) throw refuse(`has section ${id} twice`);
    sections.set(id, { offset: position + 12, length });
    position += 12 + length;
  }
  if (position !== size) throw refuse('is not as long as its sections');
  return sections;
}

async function readExactly(file: FileHandle, position: number, length: number, refuse: Refuse): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  const { bytesRead } = await file.read(bytes, 0, length, position);
  if (bytesRead !== length) throw refuse('ends too early');
  return bytes;
}

/** zkey_utils.js of snarkjs 0.7.6, readContribution and hashPubKey. */
function readContribution(record: Cursor, refuse: Refuse): Contribution {
  const hash = createHash('blake2b512');
  for (const point of [record.g1(), record.g1(), record.g1(), record.g2()]) {
    // Uncompressed: big-endian, the higher coefficient of an extension element first.
    for (const coordinate of point) for (const part of [...coordinate].reverse()) hash.update(bigEndian(part));
  }
  hash.update(record.take(64));
  const kind = record.word() === 1 ? 'beacon' : 'contribution';
  const parameters = new Cursor(record.take(record.word()), refuse);
  let name = '';
  let value: Hex = '0x';
  let iterationsExponent = 0;
  while (!parameters.done) {
    const tag = parameters.byte();
    if (tag === 1) name = new TextDecoder().decode(parameters.take(parameters.byte()));
    else if (tag === 2) iterationsExponent = parameters.byte();
    else if (tag === 3) value = toHex(parameters.take(parameters.byte()));
    else throw refuse('has a contribution with an unknown parameter');
  }
  const digest = toHex(hash.digest());
  return kind === 'beacon'
    ? { kind, name, hash: digest, beacon: { value, iterationsExponent } }
    : { kind, name, hash: digest };
}

/** A point's coordinates, each a list of base-field coefficients, lowest first. */
type Point = readonly [readonly bigint[], readonly bigint[]];

class Cursor {
  private at = 0;
  constructor(
    private readonly bytes: Uint8Array,
    private readonly refuse: Refuse,
  ) {}

  get done(): boolean {
    return this.at === this.bytes.length;
  }
  take(length: number): Uint8Array {
    if (this.at + length > this.bytes.length) throw this.refuse('has a section that ends too early');
    return this.bytes.subarray(this.at, (this.at += length));
  }
  byte(): number {
    return this.take(1)[0] ?? 0;
  }
  word(): number {
    const bytes = this.take(4);
    return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  }
  integer(): bigint {
    return BigInt(toHex(this.take(32).slice().reverse()));
  }
  g1(): Point {
    return [[this.field()], [this.field()]];
  }
  g2(): Point {
    return [
      [this.field(), this.field()],
      [this.field(), this.field()],
    ];
  }
  private field(): bigint {
    return (this.integer() * INVERSE_R) % FQ;
  }
}

const jsonG1 = ([[x = 0n], [y = 0n]]: Point): [string, string, string] => [String(x), String(y), '1'];
const jsonG2 = ([[x0 = 0n, x1 = 0n], [y0 = 0n, y1 = 0n]]: Point): VerificationKey['vk_beta_2'] => [
  [String(x0), String(x1)],
  [String(y0), String(y1)],
  ['1', '0'],
];

function bigEndian(value: bigint): Uint8Array {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex');
}

/** @param modulus prime */
function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [value, modulus, 1n, 0n];
  while (b !== 0n) [a, b, x, y] = [b, a % b, y, x - (a / b) * y];
  return ((x % modulus) + modulus) % modulus;
}
