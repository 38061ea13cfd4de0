// SPDX-License-Identifier: GPL-3.0-or-later
import type { WasmCurve } from 'ffjavascript';
import type { Proof } from '../protocol/proof.ts';
import type { VerificationKey } from '../protocol/verification-key.ts';
import { bn254, faultOfG1, faultOfG2, type PointFault } from './bn254.ts';
import type { PointsVerdict, PointsVerifier } from './points-verifier.ts';
import { prepareVerificationKey, type PreparedKey } from './verification-key.ts';

/** The reference: on the caller's thread, in WebAssembly, wherever Node runs. @throws InvalidFieldError */
export async function prepareWasmVerifier(key: VerificationKey): Promise<PointsVerifier> {
  const prepared = await prepareVerificationKey(key);
  const curve = await bn254();
  const judge = (proof: Proof, signals: readonly bigint[]): PointsVerdict =>
    judgePoints(curve, prepared, proof, signals);
  return {
    judge: (proof, signals) => Promise.resolve(judge(proof, signals)),
    judgeMany: (proofs) => Promise.resolve(proofs.map(({ proof, signals }) => judge(proof, signals))),
  };
}

function judgePoints(curve: WasmCurve, key: PreparedKey, proof: Proof, signals: readonly bigint[]): PointsVerdict {
  const a = curve.G1.fromObject([...proof.a, 1n]);
  const b = curve.G2.fromObject([...proof.b, [1n, 0n]]);
  const c = curve.G1.fromObject([...proof.c, 1n]);
  let infinite: 'pi_a' | 'pi_b' | 'pi_c' | undefined;
  const check = (fault: PointFault | undefined, point: 'pi_a' | 'pi_b' | 'pi_c'): PointsVerdict | undefined => {
    if (fault === 'off the curve') return { fault: 'POINT_OFF_CURVE', point };
    if (fault === 'outside the subgroup') return { fault: 'POINT_OUTSIDE_SUBGROUP', point };
    if (fault === 'infinity') infinite ??= point;
    return undefined;
  };
  const refusal =
    check(faultOfG1(curve, a), 'pi_a') ?? check(faultOfG2(curve, b), 'pi_b') ?? check(faultOfG1(curve, c), 'pi_c');
  if (refusal) return refusal;
  if (pairingHolds(curve, key, signals, { a, b, c })) return { fault: undefined };
  return infinite ? { fault: 'POINT_AT_INFINITY', point: infinite } : { fault: 'PAIRING' };
}

interface ProofPoints {
  readonly a: Uint8Array;
  readonly b: Uint8Array;
  readonly c: Uint8Array;
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
