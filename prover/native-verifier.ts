// SPDX-License-Identifier: GPL-3.0-or-later
import { availableParallelism } from 'node:os';
import type { NativeAddon, NativeHandle, NativePath } from '../circuits/native/addon.ts';
import { NativeUnavailableError } from '../circuits/native/errors.ts';
import { loadNative, nativePaths } from '../circuits/native/load.ts';
import type { Proof } from '../protocol/proof.ts';
import type { VerificationKey } from '../protocol/verification-key.ts';
import type { PointsVerdict, PointsVerifier } from './points-verifier.ts';
import { checkKeyForm, prepareVerificationKey } from './verification-key.ts';

/** prover/native/src/verify/verdict.hpp. A number out of its field is no verdict here: the strict rules come first. */
const VERDICTS: readonly (PointsVerdict | undefined)[] = [
  { fault: undefined },
  undefined,
  undefined,
  { fault: 'POINT_OFF_CURVE', point: 'pi_a' },
  { fault: 'POINT_OFF_CURVE', point: 'pi_b' },
  { fault: 'POINT_OUTSIDE_SUBGROUP', point: 'pi_b' },
  { fault: 'POINT_OFF_CURVE', point: 'pi_c' },
  { fault: 'POINT_AT_INFINITY', point: 'pi_a' },
  { fault: 'POINT_AT_INFINITY', point: 'pi_b' },
  { fault: 'POINT_AT_INFINITY', point: 'pi_c' },
  { fault: 'PAIRING' },
];

/** The event loop has a core to itself. */
const CALLS_AT_ONCE = Math.max(1, availableParallelism() - 1);
/** So that nobody waits much longer than the first: some milliseconds on the slowest path. */
const MOST_IN_A_CALL = 32;

/**
 * @param path one to have and no other, as tests ask
 * @returns undefined where the native engine is not built
 * @throws InvalidFieldError
 */
export async function prepareNativeVerifier(
  key: VerificationKey,
  path: NativePath | 'auto' = 'auto',
): Promise<PointsVerifier | undefined> {
  const addon = loadAddon(path);
  if (addon === undefined) return undefined;
  checkKeyForm(key);
  try {
    const handle = await addon.prepareVerifyingKey(packNumbers(keyNumbers(key))).done;
    return new NativeVerifier(addon, handle);
  } catch (error) {
    // The reference says which point it is.
    if ((error as { code?: unknown }).code === 'KEY_REFUSED') await prepareVerificationKey(key);
    throw error;
  }
}

/** @throws NativeUnavailableError only for a path that was asked for by name */
function loadAddon(path: NativePath | 'auto'): NativeAddon | undefined {
  try {
    return loadNative(path);
  } catch (error) {
    if (error instanceof NativeUnavailableError && (path === 'auto' || nativePaths().length === 0)) return undefined;
    throw error;
  }
}

interface Waiting {
  readonly numbers: readonly bigint[];
  resolve(verdict: PointsVerdict): void;
  reject(error: unknown): void;
}

/**
 * A call for each proof would cost more in passing between threads than in arithmetic, and the engine judges eight
 * proofs in the time of two: so proofs that come while a call is under way go together in the next.
 */
class NativeVerifier implements PointsVerifier {
  #waiting: Waiting[] = [];
  #calls = 0;

  constructor(
    private readonly addon: NativeAddon,
    private readonly key: NativeHandle<'verifyingKey'>,
  ) {}

  judge(proof: Proof, signals: readonly bigint[]): Promise<PointsVerdict> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ numbers: proofNumbers(proof, signals), resolve, reject });
      if (this.#calls < CALLS_AT_ONCE) void this.#work();
    });
  }

  async judgeMany(proofs: readonly { proof: Proof; signals: readonly bigint[] }[]): Promise<readonly PointsVerdict[]> {
    const size = Math.max(1, Math.ceil(proofs.length / availableParallelism()));
    const parts = Array.from({ length: Math.ceil(proofs.length / size) }, (_, i) =>
      proofs.slice(i * size, (i + 1) * size),
    );
    const verdicts = await Promise.all(
      parts.map((part) =>
        this.#call(
          part.flatMap(({ proof, signals }) => proofNumbers(proof, signals)),
          true,
        ),
      ),
    );
    return verdicts.flat();
  }

  async #work(): Promise<void> {
    this.#calls++;
    while (this.#waiting.length > 0) {
      const taken = this.#waiting.splice(0, MOST_IN_A_CALL);
      try {
        // Each by itself: nobody's wrong proof is to cost others their time.
        const verdicts = await this.#call(
          taken.flatMap(({ numbers }) => numbers),
          false,
        );
        taken.forEach(({ resolve, reject }, i) => {
          const verdict = verdicts[i];
          if (verdict) resolve(verdict);
          else reject(new Error('a proof was not judged'));
        });
      } catch (error) {
        for (const { reject } of taken) reject(error);
      }
    }
    this.#calls--;
  }

  async #call(numbers: readonly bigint[], together: boolean): Promise<PointsVerdict[]> {
    const verdicts = await this.addon.verify(this.key, packNumbers(numbers), together).done;
    return Array.from(verdicts, (number) => {
      const verdict = VERDICTS[number];
      if (!verdict) throw new Error(`the native verifier's verdict ${number} has no meaning`);
      return verdict;
    });
  }
}

function keyNumbers(key: VerificationKey): bigint[] {
  const g1 = ([x, y]: VerificationKey['vk_alpha_1']): string[] => [x, y];
  const g2 = ([x, y]: VerificationKey['vk_beta_2']): string[] => [...x, ...y];
  return [
    ...g1(key.vk_alpha_1),
    ...g2(key.vk_beta_2),
    ...g2(key.vk_gamma_2),
    ...g2(key.vk_delta_2),
    ...key.IC.flatMap(g1),
  ].map(BigInt);
}

function proofNumbers({ a, b, c }: Proof, signals: readonly bigint[]): bigint[] {
  return [a[0], a[1], b[0][0], b[0][1], b[1][0], b[1][1], c[0], c[1], ...signals];
}

/** Four words each, the least significant first. */
function packNumbers(numbers: readonly bigint[]): BigUint64Array {
  const words = new BigUint64Array(4 * numbers.length);
  numbers.forEach((number, i) => {
    // An element keeps the low 64 bits of what it is given.
    words[4 * i] = number;
    words[4 * i + 1] = number >> 64n;
    words[4 * i + 2] = number >> 128n;
    words[4 * i + 3] = number >> 192n;
  });
  return words;
}
