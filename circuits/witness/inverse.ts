// SPDX-License-Identifier: GPL-3.0-or-later
import { FR } from '../../protocol/field.ts';
import {
  block,
  branch,
  branchIf,
  functionBody,
  i64,
  Local,
  loop,
  param,
  select,
  when,
  type Code,
} from './wasm-code.ts';

// Numbers are nine limbs of 30 bits, the last one signed: sums of two products with a step matrix fit 64 bits.
const LIMBS = 9;
const BITS = 30;
const PARAMETERS = 3;
const MASK = i64.const(2 ** BITS - 1);
const { add, sub, mul, and, or, shl, shrSigned, shrUnsigned } = i64;

const limbsOf = (value: bigint): readonly Code[] =>
  Array.from({ length: LIMBS }, (_, i) => i64.const(BigInt.asUintN(BITS, value >> BigInt(BITS * i))));
const MODULUS = limbsOf(FR);
/** 1/FR modulo 2^BITS: Newton's iteration from a value that is right modulo 8. */
const MODULUS_INVERSE = [0, 1, 2, 3].reduce((inverse) => BigInt.asUintN(BITS, inverse * (2n - FR * inverse)), FR);

type Number9 = readonly Local[];
interface Matrix {
  readonly u: Local;
  readonly v: Local;
  readonly q: Local;
  readonly r: Local;
}
const at = (x: Number9, i: number): Local => x[i] as Local;
const modulusLimb = (i: number): Code => MODULUS[i] as Code;
/** -1 for a negative number, else 0. */
const sign = (x: Number9): Code => shrSigned(at(x, LIMBS - 1).get, i64.const(63));

/**
 * Body of a WebAssembly function (from, modulus, to: i32 addresses of 32-byte numbers): the inverse in Fr of a number
 * below the modulus; 0 for 0. The modulus is known and not read.
 *
 * Division steps (Bernstein and Yang, "Fast constant-time gcd computation and modular inversion", 2019), 30 at a time:
 * the low limbs of f and g decide 30 steps, whose product is a matrix that is then applied to all of f and g and,
 * modulo Fr, to d and e. Throughout f = d*x and g = e*x modulo Fr; f ends as 1 or -1. Quick, and not in constant time:
 * a witness is no secret to the machine that computes it.
 */
export function inverseBody(): number[] {
  const locals: Local[] = [];
  const word = (): Local => {
    const made = new Local(PARAMETERS + locals.length);
    locals.push(made);
    return made;
  };
  const number = (): Number9 => Array.from({ length: LIMBS }, word);
  const [d, e, f, g] = [number(), number(), number(), number()] as const;
  const matrix: Matrix = { u: word(), v: word(), q: word(), r: word() };
  const eta = word();
  const scratch = [word(), word(), word(), word()] as const;
  const set = (x: Number9, limbs: readonly Code[]): Code => x.map((limb, i) => limb.set(limbs[i] as Code));
  return functionBody(
    locals.length,
    set(d, limbsOf(0n)),
    set(e, limbsOf(1n)),
    set(f, MODULUS),
    set(g, loadLimbs(param(0))),
    eta.set(i64.const(-1)),
    block(
      loop(
        branchIf(1, i64.eqz(g.map(({ get }) => get).reduce((all, limb) => or(all, limb)))),
        decide(matrix, at(f, 0).get, at(g, 0).get, eta, scratch),
        applyModulo(matrix, d, e, scratch),
        apply(matrix, f, g, scratch),
        branch(0),
      ),
    ),
    normalise(d, sign(f), scratch),
    storeLimbs(param(2), d),
  );
}

/**
 * The matrix of the next 30 steps, times 2^30. A run of halvings is one round of the loop; so are up to six steps that
 * make g even by adding multiples of f.
 */
function decide(
  matrix: Matrix,
  lowF: Code,
  lowG: Code,
  eta: Local,
  scratch: readonly [Local, Local, Local, Local],
): Code {
  const { u, v, q, r } = matrix;
  const [f, g, left, n] = scratch;
  const swapNegating = (x: Local, y: Local): Code => [n.set(x.get), x.set(y.get), y.set(sub(i64.const(0), n.get))];
  const addTimes = (x: Local, y: Local): Code => x.set(add(x.get, mul(y.get, n.get)));
  const run = add(eta.get, i64.const(1));
  return [
    [u.set(i64.const(1)), v.set(i64.const(0)), q.set(i64.const(0)), r.set(i64.const(1))],
    [f.set(lowF), g.set(lowG), left.set(i64.const(BITS))],
    block(
      loop(
        n.set(i64.ctz(or(g.get, shl(i64.const(-1), left.get)))),
        g.set(shrSigned(g.get, n.get)),
        u.set(shl(u.get, n.get)),
        v.set(shl(v.get, n.get)),
        eta.set(sub(eta.get, n.get)),
        left.set(sub(left.get, n.get)),
        branchIf(1, i64.eqz(left.get)),
        when(i64.lessSigned(eta.get, i64.const(0)), eta.set(sub(i64.const(0), eta.get)), [
          swapNegating(f, g),
          swapNegating(u, q),
          swapNegating(v, r),
        ]),
        // n: how many steps may follow before f and g change places; then -g/f modulo 2^n, from
        // -1/f = f*(f^2 - 2) mod 64.
        n.set(select(i64.lessSigned(run, left.get), run, left.get)),
        n.set(
          and(
            and(i64.const(63), sub(shl(i64.const(1), n.get), i64.const(1))),
            mul(mul(f.get, g.get), sub(mul(f.get, f.get), i64.const(2))),
          ),
        ),
        [addTimes(g, f), addTimes(q, u), addTimes(r, v)],
        branch(0),
      ),
    ),
  ];
}

/** (f, g) times the matrix, which makes multiples of 2^30 of them, divided by that. */
function apply(
  { u, v, q, r }: Matrix,
  f: Number9,
  g: Number9,
  [a, b]: readonly Local[] & { 0: Local; 1: Local },
): Code {
  const code: Code[] = [a.set(i64.const(0)), b.set(i64.const(0))];
  for (let i = 0; i < LIMBS; i++) {
    const [x, y] = [at(f, i).get, at(g, i).get];
    code.push(
      a.set(add(a.get, add(mul(u.get, x), mul(v.get, y)))),
      b.set(add(b.get, add(mul(q.get, x), mul(r.get, y)))),
    );
    if (i > 0) code.push(at(f, i - 1).set(and(a.get, MASK)), at(g, i - 1).set(and(b.get, MASK)));
    code.push(a.set(shrSigned(a.get, i64.const(BITS))), b.set(shrSigned(b.get, i64.const(BITS))));
  }
  return [code, at(f, LIMBS - 1).set(a.get), at(g, LIMBS - 1).set(b.get)];
}

/**
 * (d, e) times the matrix over 2^30, modulo Fr: the multiple of Fr is added that makes the low limbs vanish. d and e
 * stay in (-2 Fr, Fr): the modulus is first added to a negative one, by way of the same multiple.
 */
function applyModulo(
  { u, v, q, r }: Matrix,
  d: Number9,
  e: Number9,
  [a, b, timesA, timesB]: readonly [Local, Local, Local, Local],
): Code {
  const multiple = (times: Local, sum: Local, x: Local, y: Local): Code => [
    times.set(add(and(x.get, sign(d)), and(y.get, sign(e)))),
    sum.set(add(mul(x.get, at(d, 0).get), mul(y.get, at(e, 0).get))),
    times.set(sub(times.get, and(add(mul(i64.const(MODULUS_INVERSE), sum.get), times.get), MASK))),
    sum.set(shrSigned(add(sum.get, mul(modulusLimb(0), times.get)), i64.const(BITS))),
  ];
  const code: Code[] = [multiple(timesA, a, u, v), multiple(timesB, b, q, r)];
  for (let i = 1; i < LIMBS; i++) {
    const [x, y, p] = [at(d, i).get, at(e, i).get, modulusLimb(i)];
    const sum = (s: Local, m: Local, n: Local, times: Local): Code =>
      s.set(add(s.get, add(mul(p, times.get), add(mul(m.get, x), mul(n.get, y)))));
    code.push(sum(a, u, v, timesA), sum(b, q, r, timesB));
    code.push(at(d, i - 1).set(and(a.get, MASK)), at(e, i - 1).set(and(b.get, MASK)));
    code.push(a.set(shrSigned(a.get, i64.const(BITS))), b.set(shrSigned(b.get, i64.const(BITS))));
  }
  return [code, at(d, LIMBS - 1).set(a.get), at(e, LIMBS - 1).set(b.get)];
}

/** d, in (-2 Fr, Fr), or -d when `negative` is -1: brought to [0, Fr). */
function normalise(d: Number9, negative: Code, [carry, below, factor]: readonly [Local, Local, Local, Local]): Code {
  const pass = (limb: (i: number) => Code): Code => [
    carry.set(i64.const(0)),
    d.map((x, i) => [
      carry.set(add(carry.get, limb(i))),
      i < LIMBS - 1
        ? [x.set(and(carry.get, MASK)), carry.set(shrSigned(carry.get, i64.const(BITS)))]
        : x.set(carry.get),
    ]),
  ];
  const raised = (i: number): Code => add(at(d, i).get, and(modulusLimb(i), below.get));
  return [
    [below.set(sign(d)), factor.set(or(negative, i64.const(1)))],
    pass((i) => mul(raised(i), factor.get)),
    below.set(sign(d)),
    pass(raised),
  ];
}

function loadLimbs(address: Code): Code[] {
  return Array.from({ length: LIMBS }, (_, i) => {
    const [word, shift] = [Math.floor((BITS * i) / 64), (BITS * i) % 64];
    const low = shrUnsigned(i64.load(address, word), i64.const(shift));
    if (word === 3 || shift + BITS <= 64) return and(low, MASK);
    return and(or(low, shl(i64.load(address, word + 1), i64.const(64 - shift))), MASK);
  });
}

function storeLimbs(address: Code, x: Number9): Code {
  return [0, 1, 2, 3].map((word) => {
    const parts = x.flatMap(({ get }, i) => {
      const shift = BITS * i - 64 * word;
      if (shift <= -BITS || shift >= 64) return [];
      return [shift >= 0 ? shl(get, i64.const(shift)) : shrUnsigned(get, i64.const(-shift))];
    });
    return i64.store(
      address,
      word,
      parts.reduce((all, part) => or(all, part)),
    );
  });
}
