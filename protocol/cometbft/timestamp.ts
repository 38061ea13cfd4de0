// SPDX-License-Identifier: GPL-3.0-or-later
import { ProtoMessage } from './proto-message.ts';

/** A point in time: nanoseconds since 1970 UTC, negative before; from year 1 to 9999, as protobuf's Timestamp. */
export type TimeNs = bigint;

export const NANOSECONDS = 1_000_000_000n;

/** Go's zero time, 0001-01-01: what an absent vote carries. */
export const ZERO_TIME_NS: TimeNs = -62_135_596_800n * NANOSECONDS;

/** First moment of the year 10000, which no timestamp reaches. */
export const END_OF_TIME_NS: TimeNs = 253_402_300_800n * NANOSECONDS;

const RFC3339 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/;

/** @returns the time that RFC 3339 text in UTC names, with at most nine decimals, or undefined when it names none */
export function timeFromText(text: string): TimeNs | undefined {
  const [, date, fraction = ''] = RFC3339.exec(text) ?? [];
  if (date === undefined) return undefined;
  const milliseconds = Date.parse(`${date}Z`);
  // A day that its month does not have would roll over into the next.
  if (Number.isNaN(milliseconds) || new Date(milliseconds).toISOString().slice(0, 19) !== date) return undefined;
  const time = BigInt(milliseconds) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
  return time < ZERO_TIME_NS ? undefined : time;
}

/** RFC 3339 in UTC, decimals without trailing zeros, as Go writes it. */
export function timeToText(time: TimeNs): string {
  const { seconds, nanos } = splitTime(time);
  const date = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  const fraction = nanos === 0 ? '' : `.${String(nanos).padStart(9, '0').replace(/0+$/, '')}`;
  return `${date}${fraction}Z`;
}

/** google.protobuf.Timestamp. Before 1970 its seconds are negative; its nanoseconds always count up. */
export function timestampBytes(time: TimeNs): Uint8Array {
  const { seconds, nanos } = splitTime(time);
  return new ProtoMessage().varint(1, seconds).varint(2, nanos).finish();
}

/** Whole seconds, negative before 1970, and the nanoseconds after them, in [0, 10^9). */
export function splitTime(time: TimeNs): { seconds: bigint; nanos: number } {
  const nanos = ((time % NANOSECONDS) + NANOSECONDS) % NANOSECONDS;
  return { seconds: (time - nanos) / NANOSECONDS, nanos: Number(nanos) };
}
