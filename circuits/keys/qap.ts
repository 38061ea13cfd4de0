// SPDX-License-Identifier: GPL-3.0-or-later
import { FIELD_BYTES as N, type Bn254Wasm } from './bn254-wasm.ts';
import type { Constraints } from './constraints.ts';
import type { R1csFile } from './r1cs-file.ts';
import type { ToxicWaste } from './toxic-waste.ts';

type Scalars = Uint8Array<SharedArrayBuffer>;

/**
 * What a development key's points are multiples by: integers below r, 32 bytes little-endian each, in memory that
 * threads share. All of it is secret, and whoever makes a key from it overwrites it.
 */
export interface KeyScalars {
  readonly alpha: Scalars;
  readonly beta: Scalars;
  readonly delta: Scalars;
  /** one per wire: A_i(tau), B_i(tau) */
  readonly a: Scalars;
  readonly b: Scalars;
  /** (beta A_i + alpha B_i + C_i)(tau): public wires, gamma being one; and divided by delta: all other wires */
  readonly ic: Scalars;
  readonly c: Scalars;
  /** odd Lagrange polynomials of the domain of twice the size, at tau, divided by delta */
  readonly h: Scalars;
}

/**
 * Size of the evaluation domain: the constraints, and one dummy constraint for the constant and each public signal
 * (they make the public wires' polynomials independent), rounded up to a power of two.
 */
export function domainSize(r1cs: R1csFile): number {
  return 2 ** (Math.floor(Math.log2(r1cs.constraints + r1cs.publicSignals)) + 1);
}

/** WebAssembly memory that `evaluateQap` takes. */
export function qapMemory(r1cs: R1csFile): number {
  return (3 * r1cs.wires + 4 * domainSize(r1cs) + 64) * N;
}

/**
 * Evaluate a circuit's quadratic arithmetic program at a secret point (Groth 2016, section 3.2, in snarkjs's form:
 * gamma is one, h is given on the odd points of the doubled domain).
 * @param secrets drawn for twice the domain's size
 * @param rootsOfUnity [k] has order 2^k, Montgomery form
 */
export function evaluateQap(
  wasm: Bn254Wasm,
  r1cs: R1csFile,
  constraints: Constraints,
  secrets: ToxicWaste,
  rootsOfUnity: readonly Uint8Array[],
): KeyScalars {
  const { run, bytes } = wasm;
  const { wires, publicSignals } = r1cs;
  const domain = domainSize(r1cs);
  const power = Math.log2(domain);
  const { tau, alpha, beta, delta } = secrets;
  const [inverseDelta, root, oddRoot, factor, temporary] = Array.from({ length: 5 }, () => wasm.allocate(N)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const powers = wasm.allocate(domain * N);
  const lagrange = wasm.allocate(domain * N);

  run.frm_inverse(delta, inverseDelta);

  bytes.set(rootOf(rootsOfUnity, power), root);
  bytes.set(rootOf(rootsOfUnity, power + 1), oddRoot);
  run.frm_one(powers);
  for (let index = 1; index < domain; index++) run.frm_mul(powers + (index - 1) * N, root, powers + index * N);

  /** lagrange[i] = x_i (tau^size - 1) / (size (tau - x_i)) * scale, for the powers x_i; Montgomery form */
  const evaluateLagrange = (size: number, scale?: number): void => {
    run.frm_copy(tau, factor);
    for (let length = 1; length < size; length *= 2) run.frm_square(factor, factor);
    run.frm_one(temporary);
    run.frm_sub(factor, temporary, factor);
    for (let length = 1; length < size; length *= 2) run.frm_add(temporary, temporary, temporary);
    run.frm_inverse(temporary, temporary);
    run.frm_mul(factor, temporary, factor);
    if (scale !== undefined) run.frm_mul(factor, scale, factor);
    for (let at = 0; at < domain * N; at += N) run.frm_sub(tau, powers + at, lagrange + at);
    run.frm_batchInverse(lagrange, N, domain, lagrange, N);
    for (let at = 0; at < domain * N; at += N) {
      run.frm_mul(lagrange + at, powers + at, lagrange + at);
      run.frm_mul(lagrange + at, factor, lagrange + at);
    }
  };

  // Ordinary integers come of it: a coefficient is ordinary, a Lagrange value is in Montgomery form.
  evaluateLagrange(domain);
  const sums = [0, 1, 2].map(() => wasm.allocate(wires * N)) as [number, number, number];
  for (const { matrix, constraint, wire, value } of constraints.coefficients()) {
    const sum = (sums[matrix] ?? 0) + wire * N;
    run.frm_mul(value, lagrange + constraint * N, temporary);
    run.frm_add(sum, temporary, sum);
  }
  const [sumA, sumB, sumC] = sums;
  for (let wire = 0; wire <= publicSignals; wire++) {
    run.frm_fromMontgomery(lagrange + (r1cs.constraints + wire) * N, temporary);
    run.frm_add(sumA + wire * N, temporary, sumA + wire * N);
  }
  for (let wire = 0; wire < wires; wire++) {
    const at = wire * N;
    run.frm_mul(sumA + at, beta, temporary);
    run.frm_add(sumC + at, temporary, sumC + at);
    run.frm_mul(sumB + at, alpha, temporary);
    run.frm_add(sumC + at, temporary, sumC + at);
    if (wire > publicSignals) run.frm_mul(sumC + at, inverseDelta, sumC + at);
  }

  const share = (address: number, count: number): Scalars => {
    const scalars = new Uint8Array(new SharedArrayBuffer(count * N));
    scalars.set(bytes.subarray(address, address + count * N));
    return scalars;
  };
  const ordinary = (address: number, count: number): Scalars => {
    for (let at = address; at < address + count * N; at += N) run.frm_fromMontgomery(at, at);
    return share(address, count);
  };
  const inputs = publicSignals + 1;
  const [a, b] = [share(sumA, wires), share(sumB, wires)];
  const [ic, c] = [share(sumC, inputs), share(sumC + inputs * N, wires - inputs)];

  // x_(2i+1) of the doubled domain is its root times x_i.
  for (let at = 0; at < domain * N; at += N) run.frm_mul(powers + at, oddRoot, powers + at);
  evaluateLagrange(2 * domain, inverseDelta);
  const h = ordinary(lagrange, domain);
  return { alpha: ordinary(alpha, 1), beta: ordinary(beta, 1), delta: ordinary(delta, 1), a, b, ic, c, h };
}

function rootOf(roots: readonly Uint8Array[], power: number): Uint8Array {
  const root = roots[power];
  if (!root) throw new RangeError(`BN254 has no root of unity of order 2^${power}`);
  return root;
}
