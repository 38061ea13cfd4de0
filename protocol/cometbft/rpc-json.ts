// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import { toHex, type Hex } from '../bytes.ts';
import { InvalidFieldError } from '../errors.ts';
import { timeFromText, type TimeNs } from './timestamp.ts';

/*
 * How CometBFT writes its types in JSON (libs/json of v0.34 to v1): 64-bit integers as decimal strings, smaller ones as
 * numbers, hashes and addresses as upper-case hexadecimal, keys and signatures as base64, times as RFC 3339. A schema's
 * message is the bound that the error names.
 */

/** Text that `read` understands; it gives undefined for what breaks the bound. */
const text = <T>(bound: string, read: (value: string) => T | undefined): z.ZodType<T> =>
  z.string(bound).transform((value, context) => {
    const result = read(value);
    if (result !== undefined) return result;
    context.addIssue({ code: 'custom', message: bound });
    return z.NEVER;
  });

const readHex = (value: string): Hex | undefined =>
  /^([0-9A-F]{2})*$/.test(value) ? (`0x${value.toLowerCase()}` as Hex) : undefined;

const hexOfLengths = (bound: string, lengths: readonly number[]): z.ZodType<Hex> =>
  text(bound, (value) => (lengths.includes(value.length / 2) ? readHex(value) : undefined));

export const hexOf = (length: number): z.ZodType<Hex> =>
  hexOfLengths(length === 0 ? 'nothing' : `${length} bytes as upper-case hexadecimal`, [length]);

/** An empty string stands for a hash that is not set. */
export const optionalHash = hexOfLengths('32 bytes as upper-case hexadecimal, or nothing', [0, 32]);

export const anyHex = text('bytes as upper-case hexadecimal', readHex);

const readBase64 = (value: string): Hex | undefined => {
  const bytes = Buffer.from(value, 'base64');
  return bytes.toString('base64') === value ? toHex(bytes) : undefined;
};

export const base64Of = (length: number): z.ZodType<Hex> =>
  text(`${length} bytes as base64`, (value) => {
    const hex = readBase64(value);
    return hex?.length === 2 + 2 * length ? hex : undefined;
  });

export const anyBase64 = text('bytes as base64', readBase64);

/** A 64-bit integer in [minimum, maximum]. */
export const int64 = (minimum: bigint, maximum = (1n << 63n) - 1n): z.ZodType<bigint> =>
  text(`an integer in [${minimum}, ${maximum}] as a decimal string`, (value) => {
    if (!/^(0|-?[1-9]\d{0,19})$/.test(value)) return undefined;
    const integer = BigInt(value);
    return integer >= minimum && integer <= maximum ? integer : undefined;
  });

/** An integer of at most 32 bits in [minimum, maximum]. */
export const int32 = (minimum: number, maximum = 2 ** 31 - 1): z.ZodType<number> => {
  const bound = `an integer in [${minimum}, ${maximum}] as a number`;
  return z.int(bound).min(minimum, bound).max(maximum, bound);
};

export const time: z.ZodType<TimeNs> = text('a time in UTC as RFC 3339, at most nine decimals', timeFromText);

export const list = <T extends z.ZodType>(item: T) => z.array(item, 'a list');

export const object = <T extends z.ZodRawShape>(shape: T) => z.object(shape, 'an object');

/**
 * Parse a part of an RPC answer.
 * @param label how the sender calls `value`; the error's field starts with it
 * @throws InvalidFieldError that names the first field that breaks its bound
 */
export function parseRpc<T extends z.ZodType>(schema: T, value: unknown, label: string): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = (issue?.path ?? [])
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('');
  throw new InvalidFieldError(`${label}${path}`, issue?.message ?? 'another form');
}

/**
 * Take the result out of a JSON-RPC answer.
 * @throws InvalidFieldError when it is none or carries an error
 */
export function rpcResult(answer: unknown, label: string): unknown {
  const { result, error } = parseRpc(
    object({ result: z.unknown().optional(), error: z.unknown().optional() }),
    answer,
    label,
  );
  if (error !== undefined && error !== null)
    throw new InvalidFieldError(`${label}.error`, 'a JSON-RPC answer without error');
  if (result === undefined) throw new InvalidFieldError(`${label}.result`, 'the result of a JSON-RPC call');
  return result;
}
