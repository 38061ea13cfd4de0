// SPDX-License-Identifier: GPL-3.0-or-later

/** The strict verifier and the Solidity one behind `VerifierRegistry` give the same answer on the same numbers. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { bn254 as noble } from '@noble/curves/bn254.js';
import { concat, createTestClient, http, publicActions, toHex, walletActions, type Address, type Hex } from 'viem';
import { solidityVerifier, verifierContractName } from '../../circuits/keys/solidity-verifier.ts';
import { FQ, FR } from '../../protocol/field.ts';
import { parseProof, proofToJson, toSolidityProof, type Proof } from '../../protocol/proof.ts';
import type { VerificationKey } from '../../protocol/verification-key.ts';
import { SnarkjsEngine } from '../../prover/snarkjs-engine.ts';
import { verifyStrictly } from '../../prover/strict-verifier.ts';
import { productInput, testCatalog } from '../../prover/testing/test-circuits.ts';
import { startAnvil, type Anvil } from '../../relayer/testing/anvil.ts';
import { compileSolidity, type CompiledContract } from './solidity.ts';

const KIND = '0x00000001';
const engine = new SnarkjsEngine();
let anvil: Anvil | undefined;
let registry: { readonly address: Address } & CompiledContract;
let client: ReturnType<typeof connect>;
let key: VerificationKey;
let keyHash: Hex;
let good: Case;

interface Case {
  readonly proof: Proof;
  readonly signals: readonly bigint[];
}

function connect(url: string) {
  return createTestClient({ mode: 'anvil', transport: http(url), pollingInterval: 50 })
    .extend(publicActions)
    .extend(walletActions);
}

before(async () => {
  const catalog = await testCatalog();
  const product = catalog.circuits[0];
  assert.ok(product);
  key = product.verificationKey;
  keyHash = product.keyHash;
  const { input } = catalog.prepare('test-product', productInput(6n, 7n));
  const raw = await engine.prove(product.files, { input }, () => undefined, new AbortController().signal);
  good = { proof: parseProof(raw.proof), signals: raw.publicSignals.map(BigInt) };

  const name = verifierContractName('test-product');
  const registrySource = 'contracts/src/VerifierRegistry.sol';
  const compiled = await compileSolidity({
    'Verifier.sol': await solidityVerifier(product.files.zkeyPath, 'test-product'),
    [registrySource]: await readFile(path.join(import.meta.dirname, '..', '..', registrySource), 'utf8'),
  });
  anvil = await startAnvil();
  client = connect(anvil.url);
  const verifier = await deploy(compiled, name, []);
  const [owner] = await client.getAddresses();
  const initial = [{ keyHash, kind: KIND, capacity: 0, signalCount: good.signals.length, verifier: verifier.address }];
  registry = await deploy(compiled, 'VerifierRegistry', [owner, initial]);
});
after(async () => {
  await anvil?.stop();
  await engine.close();
});

async function deploy(
  compiled: Map<string, CompiledContract>,
  name: string,
  args: unknown[],
): Promise<typeof registry> {
  const contract = compiled.get(name);
  const [account] = await client.getAddresses();
  assert.ok(contract && account, name);
  const hash = await client.deployContract({ ...contract, args, account, chain: null });
  const { contractAddress } = await client.waitForTransactionReceipt({ hash });
  assert.ok(contractAddress);
  return { address: contractAddress, ...contract };
}

async function onChain({ proof, signals }: Case): Promise<boolean> {
  const args = [keyHash, KIND, 0, toSolidityProof(proof), signals];
  return await client.readContract({ ...registry, functionName: 'verify', args }).then(
    () => true,
    (error: unknown) => {
      assert.match(String(error), /InvalidProof|NotCanonical|WrongSignalCount/);
      return false;
    },
  );
}

async function agreed(sample: Case): Promise<boolean> {
  const verdict = await verifyStrictly(key, sample.signals.map(String), proofToJson(sample.proof));
  const contract = await onChain(sample);
  assert.equal(verdict.valid, contract, `ours ${JSON.stringify(verdict)}, on chain ${contract}`);
  return contract;
}

const { Fp2 } = noble.fields;
type G1 = readonly [bigint, bigint];
type G2 = Proof['b'];
const g1 = ([x, y]: G1) => noble.G1.Point.fromAffine({ x, y });
const g2 = ([x, y]: G2) => noble.G2.Point.fromAffine({ x: Fp2.fromBigTuple([...x]), y: Fp2.fromBigTuple([...y]) });
const fromG1 = (point: ReturnType<typeof g1>): G1 => [point.toAffine().x, point.toAffine().y];
const fromG2 = (point: ReturnType<typeof g2>): G2 => {
  const { x, y } = point.toAffine();
  return [[x.c0, x.c1], [y.c0, y.c1]]; // prettier-ignore
};

function outsideSubgroup(from: bigint): G2 {
  for (let c0 = from; ; c0++) {
    const x = Fp2.fromBigTuple([c0, 1n]);
    const square = Fp2.add(Fp2.mul(Fp2.sqr(x), x), noble.G2.Point.CURVE().b);
    try {
      const y = Fp2.sqrt(square);
      return [[x.c0, x.c1], [y.c0, y.c1]]; // prettier-ignore
    } catch {
      // no point has this x
    }
  }
}

const valid: [name: string, change: (sample: Case) => Case][] = [
  ['as made', (sample) => sample],
  [
    'a and b negated',
    ({ proof, signals }) => ({
      signals,
      proof: { ...proof, a: fromG1(g1(proof.a).negate()), b: fromG2(g2(proof.b).negate()) },
    }),
  ],
  [
    're-randomised',
    ({ proof, signals }) => {
      const r = 987654321n;
      const inverse = noble.fields.Fr.inv(r);
      return {
        signals,
        proof: { ...proof, a: fromG1(g1(proof.a).multiply(r)), b: fromG2(g2(proof.b).multiply(inverse)) },
      };
    },
  ],
];
for (const [name, change] of valid) {
  test(`both accept a proof ${name}`, async () => assert.equal(await agreed(change(good)), true));
}

const withProof =
  (change: (proof: Proof) => Partial<Proof>) =>
  ({ proof, signals }: Case): Case => ({ signals, proof: { ...proof, ...change(proof) } });
const withSignals =
  (change: (signals: readonly bigint[]) => readonly bigint[]) =>
  ({ proof, signals }: Case): Case => ({ proof, signals: change(signals) });

const invalid: [name: string, change: (sample: Case) => Case][] = [
  ['another signal', withSignals(([first = 0n, ...rest]) => [first + 1n, ...rest])],
  ['a signal plus r', withSignals(([first = 0n, ...rest]) => [first + FR, ...rest])],
  ['a signal of r', withSignals(([, ...rest]) => [FR, ...rest])],
  ['the largest signal', withSignals(([, ...rest]) => [2n ** 256n - 1n, ...rest])],
  ['a signal too few', withSignals((signals) => signals.slice(1))],
  ['a signal too many', withSignals((signals) => [...signals, 0n])],
  ['no signals', withSignals(() => [])],
  ['a negated', withProof(({ a }) => ({ a: fromG1(g1(a).negate()) }))],
  ['a.x plus q', withProof(({ a }) => ({ a: [a[0] + FQ, a[1]] }))],
  ['a.y plus q', withProof(({ a }) => ({ a: [a[0], a[1] + FQ] }))],
  ['c.x plus q', withProof(({ c }) => ({ c: [c[0] + FQ, c[1]] }))],
  ['c.y plus q', withProof(({ c }) => ({ c: [c[0], c[1] + FQ] }))],
  ...[0, 1, 2, 3].map((at): [string, (sample: Case) => Case] => [
    `coordinate ${at} of b plus q`,
    withProof(({ b }) => {
      const [x0 = 0n, x1 = 0n, y0 = 0n, y1 = 0n] = b.flat().map((n, i) => (i === at ? n + FQ : n));
      return { b: [[x0, x1], [y0, y1]] }; // prettier-ignore
    }),
  ]),
  ['a off the curve', withProof(() => ({ a: [1n, 1n] }))],
  ['c off the curve', withProof(() => ({ c: [1n, 1n] }))],
  ['b off the twist', withProof(({ b }) => ({ b: [[b[0][0], b[0][1]], [b[1][0], b[1][1] ^ 1n]] }))], // prettier-ignore
  ['b with its halves exchanged', withProof(({ b }) => ({ b: [[b[0][1], b[0][0]], [b[1][1], b[1][0]]] }))], // prettier-ignore
  ['b outside the subgroup', withProof(() => ({ b: outsideSubgroup(1n) }))],
  ['a at infinity', withProof(() => ({ a: [0n, 0n] }))],
  ['b at infinity', withProof(() => ({ b: [[0n, 0n], [0n, 0n]] }))], // prettier-ignore
  ['c at infinity', withProof(() => ({ c: [0n, 0n] }))],
  ['everything at infinity', withProof(() => ({ a: [0n, 0n], b: [[0n, 0n], [0n, 0n]], c: [0n, 0n] }))], // prettier-ignore
  ['a with y of zero', withProof(({ a }) => ({ a: [a[0], 0n] }))],
  ['a.y of q', withProof(({ a }) => ({ a: [a[0], FQ] }))],
  [
    'the generators',
    withProof(() => ({
      a: fromG1(noble.G1.Point.BASE),
      b: fromG2(noble.G2.Point.BASE),
      c: fromG1(noble.G1.Point.BASE),
    })),
  ],
];
for (const [name, change] of invalid) {
  test(`both refuse ${name}`, async () => assert.equal(await agreed(change(good)), false));
}

test('both refuse a proof with any one bit of it flipped', async () => {
  const numbers = [...good.proof.a, ...good.proof.b.flat(), ...good.proof.c];
  for (let i = 0; i < 48; i++) {
    const at = i % numbers.length;
    const [a0, a1, x0, x1, y0, y1, c0, c1] = numbers.map((n, j) => (j === at ? n ^ (1n << BigInt((i * 37) % 256)) : n)) as [
      bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint,
    ]; // prettier-ignore
    const proof: Proof = { a: [a0, a1], b: [[x0, x1], [y0, y1]], c: [c0, c1] }; // prettier-ignore
    assert.equal(await agreed({ proof, signals: good.signals }), false, toHex(i));
  }
});

/** The EVM's pairing precompile (EIP-197) on the equation that a generated verifier hands it. */
async function precompile(pairs: readonly (readonly [G1, G2])[]): Promise<boolean> {
  const words = pairs.flatMap(([[x, y], [[x0, x1], [y0, y1]]]) => [x, y, x1, x0, y1, y0]);
  const data = concat(words.map((word) => toHex(word, { size: 32 })));
  const result = await client.call({ to: '0x0000000000000000000000000000000000000008', data });
  return BigInt(result.data ?? 0) === 1n;
}

test('both accept a proof at infinity that the secrets of its key make hold', async () => {
  const base1 = noble.G1.Point.BASE;
  const base2 = noble.G2.Point.BASE;
  const [alpha, beta, gamma, delta, constant, factor, signal] = [3n, 5n, 7n, 11n, 13n, 17n, 42n];
  const claim = constant + factor * signal;
  const text1 = ([x, y]: G1) => [`${x}`, `${y}`, '1'] as const;
  const text2 = ([x, y]: G2) => [[`${x[0]}`, `${x[1]}`], [`${y[0]}`, `${y[1]}`], ['1', '0']] as const; // prettier-ignore
  const open: VerificationKey = {
    protocol: 'groth16',
    curve: 'bn128',
    nPublic: 1,
    vk_alpha_1: text1(fromG1(base1.multiply(alpha))),
    vk_beta_2: text2(fromG2(base2.multiply(beta))),
    vk_gamma_2: text2(fromG2(base2.multiply(gamma))),
    vk_delta_2: text2(fromG2(base2.multiply(delta))),
    IC: [constant, factor].map((n) => text1(fromG1(base1.multiply(n)))),
  };
  const infinity1: G1 = [0n, 0n];
  const infinity2: G2 = [[0n, 0n], [0n, 0n]]; // prettier-ignore
  const withC =
    noble.fields.Fr.ORDER - (((alpha * beta + claim * gamma) * noble.fields.Fr.inv(delta)) % noble.fields.Fr.ORDER);
  const samples: [Proof, boolean][] = [
    [{ a: fromG1(base1.multiply(alpha * beta + claim * gamma)), b: fromG2(base2), c: infinity1 }, true],
    [{ a: infinity1, b: fromG2(base2), c: fromG1(base1.multiply(withC)) }, true],
    [{ a: fromG1(base1), b: infinity2, c: fromG1(base1.multiply(withC)) }, true],
    [{ a: infinity1, b: infinity2, c: infinity1 }, false],
  ];
  for (const [proof, expected] of samples) {
    const [ax, ay] = proof.a;
    const contract = await precompile([
      [[ax, (FQ - ay) % FQ], proof.b],
      [fromG1(base1.multiply(claim)), fromG2(base2.multiply(gamma))],
      [proof.c, fromG2(base2.multiply(delta))],
      [fromG1(base1.multiply(alpha)), fromG2(base2.multiply(beta))],
    ]);
    const { valid } = await verifyStrictly(open, [`${signal}`], proofToJson(proof));
    assert.deepEqual({ ours: valid, contract }, { ours: expected, contract: expected });
  }
});
