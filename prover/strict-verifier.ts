// SPDX-License-Identifier: GPL-3.0-or-later
import { InvalidFieldError } from '../protocol/errors.ts';
import { FQ, FR } from '../protocol/field.ts';
import { parseProof, type Proof } from '../protocol/proof.ts';
import type { VerificationKey } from '../protocol/verification-key.ts';
import { prepareNativeVerifier } from './native-verifier.ts';
import type { PointsVerdict, PointsVerifier, PreparePoints } from './points-verifier.ts';
import { prepareWasmVerifier } from './wasm-verifier.ts';

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

/** A proof and the signals that it is said to prove, as they came. */
export interface Claimed {
  readonly publicSignals: unknown;
  readonly proof: unknown;
}

/**
 * Groth16 verification on BN254 that gives the answer of the Solidity verifiers behind `VerifierRegistry`. snarkjs's
 * own verify also takes too few signals, numbers in other writings or beyond the field's order, and points of the twist
 * that are outside the subgroup. Infinity, written (0, 0), is judged by the pairing as the EVM does (EIP-197): only who
 * knows a key's secrets could make a proof with it that holds, and the two answers never part.
 *
 * Points are judged by the native engine where it is built, off the event loop, and in WebAssembly where it is not.
 * @param publicSignals array of canonical decimals in [0, r), as many as the key has
 * @param proof snarkjs's JSON form with canonical decimals in [0, q)
 * @throws InvalidFieldError only for a key that is malformed itself
 */
export async function verifyStrictly(key: VerificationKey, publicSignals: unknown, proof: unknown): Promise<Verdict> {
  const verifier = await verifierOf(key);
  const read = readClaimed(key, { publicSignals, proof });
  return 'valid' in read ? read : verdictOf(await verifier.judge(read.proof, read.signals));
}

/**
 * As `verifyStrictly`, of many proofs of one key, which are expected to be valid: where the native engine is built,
 * they are judged by one equation, and for n proofs a chance below n * 2^-128 remains that one passes which is not
 * valid.
 * @returns verdicts in the order of the proofs
 * @throws InvalidFieldError only for a key that is malformed itself
 */
export async function verifyManyStrictly(
  key: VerificationKey,
  claimed: readonly Claimed[],
): Promise<readonly Verdict[]> {
  const verifier = await verifierOf(key);
  const read = claimed.map((one) => readClaimed(key, one));
  const judged = await verifier.judgeMany(read.filter((one): one is ReadProof => !('valid' in one)));
  let next = 0;
  return read.map((one) => {
    if ('valid' in one) return one;
    const verdict = judged[next++];
    if (!verdict) throw new Error('a proof was not judged');
    return verdictOf(verdict);
  });
}

const verifiers = new WeakMap<VerificationKey, Promise<PointsVerifier>>();

/** Prepared once for each object. */
function verifierOf(key: VerificationKey): Promise<PointsVerifier> {
  const known = verifiers.get(key);
  if (known) return known;
  const made = preparePoints(key);
  verifiers.set(key, made);
  // What failed for want of memory, say, may succeed the next time.
  made.catch(() => verifiers.delete(key));
  return made;
}

const preparePoints: PreparePoints = async (key) => (await prepareNativeVerifier(key)) ?? prepareWasmVerifier(key);

interface ReadProof {
  readonly proof: Proof;
  readonly signals: readonly bigint[];
}

/** @returns the numbers, or why they are refused */
function readClaimed(key: VerificationKey, { publicSignals, proof }: Claimed): ReadProof | Verdict {
  try {
    return { signals: readSignals(publicSignals, key.nPublic), proof: readProof(proof) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { valid: false, reason: error.reason, detail: error.detail };
  }
}

function verdictOf(judged: PointsVerdict): Verdict {
  switch (judged.fault) {
    case undefined:
      return { valid: true };
    case 'PAIRING':
      return { valid: false, reason: 'PAIRING', detail: 'the proof does not prove these signals' };
    default:
      return { valid: false, reason: judged.fault, detail: `proof.${judged.point} is ${WHERE[judged.fault]}` };
  }
}

const WHERE = {
  POINT_OFF_CURVE: 'off the curve',
  POINT_OUTSIDE_SUBGROUP: 'outside the subgroup',
  POINT_AT_INFINITY: 'at infinity',
} as const;

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
