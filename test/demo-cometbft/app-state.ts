// SPDX-License-Identifier: GPL-3.0-or-later
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, toHex, type Hex } from '../../protocol/bytes.ts';
import { ProtoMessage } from '../../protocol/cometbft/proto-message.ts';
import { lengthDelimited } from '../../protocol/cometbft/proto-message.ts';

/** What a store holds, or does not. */
export interface StoreAnswer {
  /** empty where there is nothing at the key */
  readonly value: Uint8Array;
  /** CommitmentProof of the operation `ics23:iavl` */
  readonly storeProof: Uint8Array;
  /** CommitmentProof of the operation `ics23:simple` */
  readonly rootProof: Uint8Array;
}

interface Leaf {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** How the two kinds of tree hash (ICS-23's `IavlSpec` and `TendermintSpec`). */
interface Form {
  readonly leafPrefix: Uint8Array;
  /** leaves left of the root's split */
  readonly split: (size: number) => number;
  /** before the left child, and between the two */
  readonly inner: (height: number, size: number) => readonly [Uint8Array, Uint8Array];
}

const VERSION = 1;
/** A signed number that is not negative, below 64: its zigzag varint. */
const zigzag = (value: number): number => 2 * value;

const IAVL: Form = {
  leafPrefix: Uint8Array.of(zigzag(0), zigzag(1), zigzag(VERSION)),
  split: (size) => Math.ceil(size / 2),
  inner: (height, size) => [Uint8Array.of(zigzag(height), zigzag(size), zigzag(VERSION), 32), Uint8Array.of(32)],
};

const SIMPLE: Form = {
  leafPrefix: Uint8Array.of(0),
  split: (size) => 2 ** Math.ceil(Math.log2(size) - 1),
  inner: () => [Uint8Array.of(1), new Uint8Array(0)],
};

/** Of each step from a leaf up: what is hashed before the child, and what after it. */
type Path = readonly (readonly [prefix: Uint8Array, suffix: Uint8Array])[];

interface Subtree {
  readonly hash: Uint8Array;
  readonly height: number;
  /** of each leaf in order */
  readonly paths: readonly Path[];
}

function build(form: Form, leaves: readonly Leaf[]): Subtree {
  const [only] = leaves;
  if (!only) throw new Error('a tree without leaves');
  if (leaves.length === 1) {
    const { key, value } = only;
    const hash = sha256(concatBytes(form.leafPrefix, lengthDelimited(key), lengthDelimited(sha256(value))));
    return { hash, height: 0, paths: [[]] };
  }
  const at = form.split(leaves.length);
  const [left, right] = [build(form, leaves.slice(0, at)), build(form, leaves.slice(at))];
  const height = 1 + Math.max(left.height, right.height);
  const [before, between] = form.inner(height, leaves.length);
  const hash = sha256(concatBytes(before, left.hash, between, right.hash));
  const fromLeft = [before, concatBytes(between, right.hash)] as const;
  const fromRight = [concatBytes(before, left.hash, between), new Uint8Array(0)] as const;
  return {
    hash,
    height,
    paths: [...left.paths.map((path) => [...path, fromLeft]), ...right.paths.map((path) => [...path, fromRight])],
  };
}

/** A tree with ICS-23 proofs of what it holds. */
class ProvedTree {
  readonly #leaves: readonly Leaf[];
  readonly #tree: Subtree;

  constructor(
    private readonly form: Form,
    leaves: readonly Leaf[],
  ) {
    this.#leaves = [...leaves].sort((a, b) => Buffer.compare(a.key, b.key));
    this.#tree = build(form, this.#leaves);
  }

  get root(): Uint8Array {
    return this.#tree.hash;
  }

  /** CommitmentProof of what is at a key, or that there is nothing. */
  prove(key: Uint8Array): { value: Uint8Array; proof: Uint8Array } {
    const at = this.#leaves.findIndex((leaf) => Buffer.compare(leaf.key, key) >= 0);
    const found = this.#leaves[at];
    if (found && Buffer.compare(found.key, key) === 0) {
      return { value: found.value, proof: new ProtoMessage().embedded(1, this.#existence(at)).finish() };
    }
    const [left, right] = at === -1 ? [this.#leaves.length - 1, undefined] : [at - 1, at];
    const absence = new ProtoMessage().bytes(1, key);
    if (left >= 0) absence.embedded(2, this.#existence(left));
    if (right !== undefined) absence.embedded(3, this.#existence(right));
    return { value: new Uint8Array(0), proof: new ProtoMessage().embedded(2, absence.finish()).finish() };
  }

  /** ExistenceProof { key, value, leaf, path }; both operations hash by SHA-256, which is 1. */
  #existence(index: number): Uint8Array {
    const leaf = this.#leaves[index];
    if (!leaf) throw new Error(`no leaf ${index}`);
    const leafOp = new ProtoMessage().varint(1, 1).varint(3, 1).varint(4, 1).bytes(5, this.form.leafPrefix).finish();
    const message = new ProtoMessage().bytes(1, leaf.key).bytes(2, leaf.value).embedded(3, leafOp);
    for (const [prefix, suffix] of this.#tree.paths[index] ?? [])
      message.embedded(4, new ProtoMessage().varint(1, 1).bytes(2, prefix).bytes(3, suffix).finish());
    return message.finish();
  }
}

/** State of an application of the Cosmos SDK: stores by name (IAVL trees) under a simple tree of their roots. */
export class AppState {
  readonly #stores: ReadonlyMap<string, ProvedTree>;
  readonly #roots: ProvedTree;

  /** @param stores text by text, of each at least one entry */
  constructor(stores: Readonly<Record<string, Readonly<Record<string, string>>>>) {
    this.#stores = new Map(
      Object.entries(stores).map(([name, entries]) => [
        name,
        new ProvedTree(
          IAVL,
          Object.entries(entries).map(([key, value]) => ({ key: utf8(key), value: utf8(value) })),
        ),
      ]),
    );
    this.#roots = new ProvedTree(
      SIMPLE,
      [...this.#stores].map(([name, tree]) => ({ key: utf8(name), value: tree.root })),
    );
  }

  get appHash(): Hex {
    return toHex(this.#roots.root);
  }

  read(store: string, key: Uint8Array): StoreAnswer {
    const tree = this.#stores.get(store);
    if (!tree) throw new Error(`no store ${store}`);
    const { value, proof } = tree.prove(key);
    return { value, storeProof: proof, rootProof: this.#roots.prove(utf8(store)).proof };
  }
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
