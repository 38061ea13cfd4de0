// SPDX-License-Identifier: GPL-3.0-or-later
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/**
 * A protobuf message by its fields, in the order of their numbers. As in proto3 a field that is zero or empty is left
 * out; an embedded message is written even if it is empty, as Go does for one that is no pointer.
 */
export class ProtoMessage {
  readonly #writer = new BinaryWriter();

  /** int32, int64, uint32 or an enum: one varint, in two's complement of 64 bits when negative */
  varint(field: number, value: bigint | number): this {
    if (BigInt(value) !== 0n) this.#writer.tag(field, WireType.Varint).int64(BigInt(value));
    return this;
  }

  uint64(field: number, value: bigint): this {
    if (value !== 0n) this.#writer.tag(field, WireType.Varint).uint64(value);
    return this;
  }

  sfixed64(field: number, value: bigint): this {
    if (value !== 0n) this.#writer.tag(field, WireType.Bit64).sfixed64(value);
    return this;
  }

  bytes(field: number, value: Uint8Array): this {
    if (value.length > 0) this.#writer.tag(field, WireType.LengthDelimited).bytes(value);
    return this;
  }

  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  embedded(field: number, message: Uint8Array): this {
    this.#writer.tag(field, WireType.LengthDelimited).bytes(message);
    return this;
  }

  finish(): Uint8Array {
    return this.#writer.finish();
  }
}

/** A message behind its length, as in a stream of messages. */
export function lengthDelimited(message: Uint8Array): Uint8Array {
  return new BinaryWriter().bytes(message).finish();
}
