// SPDX-License-Identifier: GPL-3.0-or-later
import { inverseBody } from './inverse.ts';
import { unsigned } from './wasm-code.ts';

/** What circom calls its inversion: (from, modulus, to: i32 addresses), and its type. */
const INVERSION = 'Fr_int_inverseMod';
const INVERSION_TYPE = [0x60, 3, 0x7f, 0x7f, 0x7f, 0];

const SECTION = { custom: 0, type: 1, import: 2, function: 3, code: 10 } as const;
const FUNCTION_NAMES = 1;

/**
 * A witness program as circom 2 compiles it, with the inversion replaced by a faster one that gives the same results:
 * three quarters of a signature circuit's witness go by in circom's own. The program's other code and its data stay as
 * they are.
 * @param wasm for the BN254 scalar field
 * @returns the same program unchanged when it has no function of that name and type
 */
export function accelerate(wasm: Uint8Array): Uint8Array {
  const sections = readSections(wasm);
  const find = (id: number): Section | undefined => sections.find((section) => section.id === id);
  const code = find(SECTION.code);
  const index = sections.flatMap((section) => functionNamed(section, INVERSION))[0];
  if (!code || index === undefined) return wasm;
  const defined = index - importedFunctions(find(SECTION.import));
  if (!hasType(find(SECTION.type), find(SECTION.function), defined)) return wasm;
  const reader = new Reader(code.content);
  const count = reader.number();
  for (let i = 0; i < defined; i++) reader.skip(reader.number());
  const before = code.content.subarray(unsigned(count).length, reader.at);
  reader.skip(reader.number());
  const body = inverseBody();
  const changed = Buffer.concat([
    Buffer.from(unsigned(count)),
    before,
    Buffer.from([...unsigned(body.length), ...body]),
    code.content.subarray(reader.at),
  ]);
  const parts = sections.flatMap(({ id, content }) => {
    const now = id === SECTION.code ? changed : content;
    return [Buffer.from([id, ...unsigned(now.length)]), now];
  });
  return Buffer.concat([wasm.subarray(0, 8), ...parts]);
}

interface Section {
  readonly id: number;
  readonly content: Uint8Array;
}

class Reader {
  at = 0;
  constructor(readonly bytes: Uint8Array) {}

  get done(): boolean {
    return this.at >= this.bytes.length;
  }
  byte(): number {
    return this.bytes[this.at++] ?? 0;
  }
  /** unsigned LEB128 */
  number(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }
  skip(length: number): void {
    this.at += length;
  }
  take(length: number): Uint8Array {
    this.skip(length);
    return this.bytes.subarray(this.at - length, this.at);
  }
  text(): string {
    return Buffer.from(this.take(this.number())).toString();
  }
}

function readSections(wasm: Uint8Array): Section[] {
  const reader = new Reader(wasm);
  reader.skip(8); // magic and version
  const sections: Section[] = [];
  while (!reader.done) sections.push({ id: reader.byte(), content: reader.take(reader.number()) });
  return sections;
}

/** Index of a function, from the custom section "name". */
function functionNamed({ id, content }: Section, name: string): number | [] {
  if (id !== SECTION.custom) return [];
  const reader = new Reader(content);
  if (reader.text() !== 'name') return [];
  while (!reader.done) {
    const subsection = reader.byte();
    const names = new Reader(reader.take(reader.number()));
    if (subsection !== FUNCTION_NAMES) continue;
    for (let i = names.number(); i > 0; i--) {
      const index = names.number();
      if (names.text() === name) return index;
    }
  }
  return [];
}

/**
 * circom imports functions only; of a program that imports anything else NaN is returned, which no function has as
 * index.
 */
function importedFunctions(section: Section | undefined): number {
  if (!section) return 0;
  const reader = new Reader(section.content);
  const count = reader.number();
  for (let i = 0; i < count; i++) {
    reader.text();
    reader.text();
    if (reader.byte() !== 0) return NaN;
    reader.number();
  }
  return count;
}

function hasType(types: Section | undefined, functions: Section | undefined, defined: number): boolean {
  if (!types || !functions) return false;
  const reader = new Reader(functions.content);
  const typeOf = Array.from({ length: reader.number() }, () => reader.number());
  const wanted = typeOf[defined];
  const list = new Reader(types.content);
  list.number();
  for (let i = 0; !list.done; i++) {
    const start = list.at;
    list.skip(1);
    list.skip(list.number());
    list.skip(list.number());
    const type = list.bytes.subarray(start, list.at);
    if (i === wanted) return Buffer.compare(type, Uint8Array.from(INVERSION_TYPE)) === 0;
  }
  return false;
}
