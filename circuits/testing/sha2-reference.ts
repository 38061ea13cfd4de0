// SPDX-License-Identifier: GPL-3.0-or-later

/** Word size: 64 for SHA-512, 32 for SHA-256. */
export type WordBits = 32 | 64;

/** First `bits` bits of the fractional part of the root of order 2 or 3. */
function fraction(prime: bigint, order: 2 | 3, bits: number): bigint {
  const target = prime << BigInt(order * bits);
  let root = 0n;
  for (let bit = 1n << BigInt(bits + 8); bit > 0n; bit >>= 1n) {
    if ((root + bit) ** BigInt(order) <= target) root += bit;
  }
  return BigInt.asUintN(bits, root);
}

const PRIMES: readonly bigint[] = Array.from({ length: 410 }, (_, n) => n)
  .filter((n) => n >= 2 && Array.from({ length: n }, (_, d) => d).every((d) => d < 2 || n % d !== 0))
  .map(BigInt);

export const rounds = (wordBits: WordBits): number => (wordBits === 64 ? 80 : 64);

/** FIPS 180-4, section 4.2, from its definition. */
export function roundConstants(wordBits: WordBits): bigint[] {
  return PRIMES.slice(0, rounds(wordBits)).map((prime) => fraction(prime, 3, wordBits));
}

/** FIPS 180-4, section 5.3: the hash value before the first block. */
export function initialValue(wordBits: WordBits): bigint[] {
  return PRIMES.slice(0, 8).map((prime) => fraction(prime, 2, wordBits));
}

const SIGMAS = {
  64: { big0: [28, 34, 39], big1: [14, 18, 41], small0: [1, 8, 7], small1: [19, 61, 6] },
  32: { big0: [2, 13, 22], big1: [6, 11, 25], small0: [7, 18, 3], small1: [17, 19, 10] },
} as const;

/** FIPS 180-4, section 4.1: the xor of three rotations, or of two and a shift. */
export function sigma(wordBits: WordBits, which: keyof (typeof SIGMAS)[64], x: bigint): bigint {
  const [r, s, t] = SIGMAS[wordBits][which].map(BigInt) as [bigint, bigint, bigint];
  const rotate = (n: bigint): bigint => (x >> n) | BigInt.asUintN(wordBits, x << (BigInt(wordBits) - n));
  return rotate(r) ^ rotate(s) ^ (which.startsWith('big') ? rotate(t) : x >> t);
}

/** FIPS 180-4, sections 6.2.2 and 6.4.2: one block, on words. */
export function compress(wordBits: WordBits, start: readonly bigint[], message: readonly bigint[]): bigint[] {
  const word = (value: bigint): bigint => BigInt.asUintN(wordBits, value);
  const w = [...message];
  const at = (t: number): bigint => w[t] ?? 0n;
  for (let t = 16; t < rounds(wordBits); t++) {
    w.push(word(sigma(wordBits, 'small1', at(t - 2)) + at(t - 7) + sigma(wordBits, 'small0', at(t - 15)) + at(t - 16)));
  }
  let [a = 0n, b = 0n, c = 0n, d = 0n, e = 0n, f = 0n, g = 0n, h = 0n] = start;
  roundConstants(wordBits).forEach((constant, t) => {
    const t1 = h + sigma(wordBits, 'big1', e) + ((e & f) ^ (word(~e) & g)) + constant + at(t);
    const t2 = sigma(wordBits, 'big0', a) + ((a & b) ^ (a & c) ^ (b & c));
    [a, b, c, d, e, f, g, h] = [word(t1 + t2), a, b, c, word(d + t1), e, f, g];
  });
  return [a, b, c, d, e, f, g, h].map((value, j) => word(value + (start[j] ?? 0n)));
}
