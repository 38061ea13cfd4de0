// SPDX-License-Identifier: GPL-3.0-or-later
import type { WasmCurve } from 'ffjavascript';
import { InvalidFieldError } from '../protocol/errors.ts';
import { FQ, FR } from '../protocol/field.ts';
import { parseProof, type Proof } from '../protocol/proof.ts';
import type { VerificationKey } from '../protocol/verification-key.ts';
import { bn254, faultOfG1, faultOfG2, type PointFault } from './bn254.ts';
import { prepareVerificationKey, type PreparedKey } from './verification-key.ts';

/** Why a proof is refused; stable API. */
export type RefusalReason =
  | 'SIGNAL_COUNT'
  | 'SIGNAL_NOT_CANONICAL'
  | 'SIGNAL_OUT_OF_FIELD'
  | 'PROOF_MALFORMED'
  | 'COORDINATE_NOT_CANONICAL'
  | 'COORDINATE_OUT_OF_FIELD'
  | 'POINT_AT_INFINITY'
  | 'POINT_OFF_CURVE'
  | 'POINT_OUTSIDE_SUBGROUP'
  | 'PAIRING';

export type Verdict =
  { readonly valid: true } | { readonly valid: false; readonly reason: RefusalReason; readonly detail: string };

/** Ends the checks of one proof; never leaves this file. */
class Refusal extends Error {
  constructor(
    readonly reason: RefusalReason,
    readonly detail: string,
  ) {
    super(reason);
  }
}

/**
 * Groth16 verification on BN254 that gives the answer of the Solidity verifiers behind `VerifierRegistry`. snarkjs's own
 * verify also takes too few signals, numbers in other writings or beyond the field's order, and points of the twist that
 * are outside the subgroup. Infinity, written (0, 0), is judged by the pairing as the EVM does (EIP-197): only who knows a
 * key's secrets could make a proof with it that holds, and the two answers never part.
 * @param publicSignals array of canonical decimals in [0, r), as many as the key has
 * @param proof snarkjs's JSON form with canonical decimals in [0, q)
 * @throws InvalidFieldError only for a key that is malformed itself
 */
export async function verifyStrictly(key: VerificationKey, publicSignals: unknown, proof: unknown): Promise<Verdict> {
  const prepared = await prepareVerificationKey(key);
  const curve = await bn254();
  try {
    const signals = readSignals(publicSignals, prepared.nPublic);
    const points = readPoints(curve, readProof(proof));
    if (pairingHolds(curve, prepared, signals, points)) return { valid: true };
    if (points.infinite) throw new Refusal('POINT_AT_INFINITY', `proof.${points.infinite} is at infinity`);
    throw new Refusal('PAIRING', 'the proof does not prove these signals');
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { valid: false, reason: error.reason, detail: error.detail };
  }
}

/** Canonical decimal: no sign, no leading zero, no other base, and not longer than a number of the field. */
function readNumber(value: unknown, label: string, order: bigint, group: 'SIGNAL' | 'COORDINATE'): bigint {
  if (typeof value !== 'string' || !/^(0|[1-9]\d*)$/.test(value)) {
    throw new Refusal(`${group}_NOT_CANONICAL`, `${label} is not a canonical decimal string`);
  }
  // The order has 77 digits; BigInt of a very long text would be slow.
  const number = value.length > 77 ? order : BigInt(value);
  if (number >= order) throw new Refusal(`${group}_OUT_OF_FIELD`, `${label} is not below the field's order`);
  return number;
}

function readSignals(value: unknown, count: number): bigint[] {
  if (!Array.isArray(value) || value.length !== count) {
    const found = Array.isArray(value) ? `${value.length}` : 'none';
    throw new Refusal('SIGNAL_COUNT', `${count} public signals expected, ${found} found`);
  }
  return value.map((signal: unknown, i) => readNumber(signal, `publicSignals[${i}]`, FR, 'SIGNAL'));
}

/** Numbers first, so that each fault has its own reason; `parseProof` then settles the form of the whole. */
function readProof(value: unknown): Proof {
  const points: { [name: string]: unknown } = typeof value === 'object' && value !== null ? { ...value } : {};
  for (const name of ['pi_a', 'pi_b', 'pi_c']) {
    const point = points[name];
    if (!Array.isArray(point) || point.length !== 3)
      throw new Refusal('PROOF_MALFORMED', `${name}: three coordinates expected`);
    const coordinates = (point as unknown[]).map((coordinate) => {
      const parts: unknown = name === 'pi_b' ? coordinate : [coordinate];
      if (!Array.isArray(parts) || parts.length !== (name === 'pi_b' ? 2 : 1) || parts.some(Array.isArray)) {
        throw new Refusal('PROOF_MALFORMED', `proof.${name}: a point of the other group`);
      }
      return parts as unknown[];
    });
    for (const part of coordinates.flat()) readNumber(part, `proof.${name}`, FQ, 'COORDINATE');
    if (coordinates[2]?.every((part) => part === '0'))
      throw new Refusal('POINT_AT_INFINITY', `proof.${name} is at infinity`);
  }
  try {
    return parseProof(value);
  } catch (error) {
    if (!(error instanceof InvalidFieldError)) throw error;
    throw new Refusal('PROOF_MALFORMED', error.message);
  }
}

interface ProofPoints {
  readonly a: Uint8Array;
  readonly b: Uint8Array;
  readonly c: Uint8Array;
  /** name of the first that is at infinity */
  readonly infinite: string | undefined;
}

function readPoints(curve: WasmCurve, proof: Proof): ProofPoints {
  let infinite: string | undefined;
  const check = (point: Uint8Array, fault: PointFault | undefined, label: string): Uint8Array => {
    if (fault === 'infinity') infinite ??= label;
    if (fault === 'off the curve') throw new Refusal('POINT_OFF_CURVE', `proof.${label} is off the curve`);
    if (fault === 'outside the subgroup') {
      throw new Refusal('POINT_OUTSIDE_SUBGROUP', `proof.${label} is outside the subgroup`);
    }
    return point;
  };
  const a = curve.G1.fromObject([...proof.a, 1n]);
  const b = curve.G2.fromObject([...proof.b, [1n, 0n]]);
  const c = curve.G1.fromObject([...proof.c, 1n]);
  const points = {
    a: check(a, faultOfG1(curve, a), 'pi_a'),
    b: check(b, faultOfG2(curve, b), 'pi_b'),
    c: check(c, faultOfG1(curve, c), 'pi_c'),
  };
  return { ...points, infinite };
}

/** e(-A, B) * e(IC(signals), gamma) * e(C, delta) * e(alpha, beta) = 1 (Groth16, section 3.2). */
function pairingHolds(
  curve: WasmCurve,
  key: PreparedKey,
  signals: readonly bigint[],
  { a, b, c }: ProofPoints,
): boolean {
  const { G1, G2, Gt } = curve;
  const claim = key.ic.reduce((sum, point, i) => {
    const signal = i === 0 ? 1n : (signals[i - 1] ?? 0n);
    return signal === 0n ? sum : G1.add(sum, G1.timesScalar(point, signal));
  }, G1.zero);
  // The Miller loop is not defined at infinity, where the pairing is one.
  const miller = (g1: Uint8Array, prepareG2: () => Uint8Array): Uint8Array =>
    G1.isZero(g1) ? Gt.one : curve.millerLoop(curve.prepareG1(G1.toJacobian(g1)), prepareG2());
  const product = [
    G2.isZero(b) ? Gt.one : miller(G1.neg(a), () => curve.prepareG2(G2.toJacobian(b))),
    miller(claim, () => key.gamma),
    miller(c, () => key.delta),
    key.alphaBeta,
  ].reduce((left, right) => Gt.mul(left, right));
  return Gt.eq(curve.finalExponentiation(product), Gt.one);
}
