// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { encodeAbiParameters, type Hex } from 'viem';
import type { Deployment } from '../../contracts/deploy/options.ts';
import { cometBftLedgerAbi } from '../../protocol/abi/cometbft-ledger.ts';
import { CONSENT_WAY, ownSignatureParameters } from '../../protocol/abi/cometbft-evidence.ts';
import { hubCoalitionAbi } from '../../protocol/abi/hub-coalition.ts';
import { toHex } from '../../protocol/bytes.ts';
import type { ChainKey } from '../../protocol/chain.ts';
import { consensusKeyDigest, consentMessage } from '../../protocol/consensus-key.ts';
import { domain, type CoalitionId } from '../../protocol/domain.ts';
import { publicKey } from '../../protocol/eddsa.ts';
import { toFr } from '../../protocol/field.ts';
import { keyId } from '../../protocol/key-id.ts';
import { parseProof, toSolidityProof } from '../../protocol/proof.ts';
import { registrationDigest } from '../../protocol/registration.ts';
import { evaluateWords, slotChallenge, slotWords } from '../../protocol/signature-slots.ts';
import type { ForgedKey } from '../../verifier-api/testing/forged-keys.ts';
import { account, secret, type LocalChain } from '../contracts/world.ts';

const ETHER = 10n ** 18n;

/** A chain with the real contracts, whose verifiers take proofs by keys with known secrets. */
export class EvidenceChain {
  constructor(
    readonly chain: LocalChain,
    readonly deployment: Deployment,
    private readonly hub: CoalitionId,
    private readonly keys: ReadonlyMap<string, ForgedKey>,
  ) {}

  /** Operator `i` registers with 100 ether. */
  async register(i: number): Promise<void> {
    const { x, y } = publicKey(secret(i));
    const digest = registrationDigest(domain('registration', this.hub), this.#where(i));
    const { keyHash, proof } = this.#prove('registration', [x, y, digest]);
    await this.#send(i, 'register', [x, y, keyHash, proof], 100n * ETHER);
  }

  /** Operator `i` binds a consensus key by the key's own signature. */
  async bind(i: number, chainKey: ChainKey, key: Hex): Promise<void> {
    const digest = consensusKeyDigest(domain('consensusKey', this.hub), { chainKey, key }, this.#where(i));
    const slot = { key, message: toHex(consentMessage(digest)) };
    const anyDigest = toFr(5n, 'digest');
    const challenge = slotChallenge(anyDigest, [slot, slot]);
    const signals = [anyDigest, challenge, evaluateWords(slotWords([slot, slot]), challenge)];
    const signatures = { digest: anyDigest, ...this.#prove('ed25519-2', signals) };
    const evidence = encodeAbiParameters(ownSignatureParameters, [CONSENT_WAY.ownSignature, signatures]);
    await this.#send(i, 'bindConsensusKey', [chainKey, key, evidence]);
  }

  /** Stake in gwei and status of operator `i`. */
  async standing(i: number): Promise<{ stakeGwei: bigint; status: number }> {
    const { stakeGwei, status } = await this.chain.client.readContract({
      address: this.deployment.coalition,
      abi: hubCoalitionAbi,
      functionName: 'validator',
      args: [keyId(publicKey(secret(i)))],
    });
    return { stakeGwei, status };
  }

  /** How often a duplicate vote was shown of anybody. */
  async shown(): Promise<number> {
    const { coalition: address, firstBlock: fromBlock } = this.deployment;
    const eventName = 'DuplicateVoteShown';
    return (await this.chain.client.getContractEvents({ address, abi: hubCoalitionAbi, eventName, fromBlock })).length;
  }

  async head(): Promise<bigint> {
    const { headHeight } = await this.chain.client.readContract({ ...this.#ledger(), functionName: 'status' });
    return headHeight;
  }

  /** Whether the ledger of the followed chain holds a header. */
  async holds(height: bigint): Promise<boolean> {
    const held = { ...this.#ledger(), functionName: 'held', args: [height] } as const;
    const { digest } = await this.chain.client.readContract(held);
    return BigInt(digest) !== 0n;
  }

  /** Transactions of the relayer, which sends from the account that deployed. */
  async sent(): Promise<number> {
    return this.chain.client.getTransactionCount({ address: account(0).address });
  }

  #ledger() {
    const [followed] = this.deployment.followed;
    assert.ok(followed);
    return { address: followed.ledger, abi: cometBftLedgerAbi } as const;
  }

  #where(i: number) {
    const { chain, deployment } = this;
    const lower = (address: Hex): Hex => address.toLowerCase() as Hex;
    return {
      operator: lower(operator(i).address),
      chainKey: chain.key,
      coalition: lower(deployment.coalition),
    };
  }

  /** By the first key of three signals, which registrations are verified by as well. */
  #prove(circuit: 'registration' | 'ed25519-2', signals: readonly bigint[]) {
    const [named, secrets] = [this.keys.get(circuit), this.keys.get('ed25519-2')];
    assert.ok(named && secrets);
    return { keyHash: named.keyHash, proof: toSolidityProof(parseProof(secrets.prove(signals))) };
  }

  async #send(i: number, functionName: 'register' | 'bindConsensusKey', args: readonly unknown[], value = 0n) {
    const { client } = this.chain;
    const call = { account: operator(i), address: this.deployment.coalition, abi: hubCoalitionAbi } as const;
    const hash = await client.writeContract({ ...call, functionName, args, value } as never);
    const { status } = await client.waitForTransactionReceipt({ hash });
    assert.equal(status, 'success', functionName);
  }
}

const operator = (i: number) => account(2 + i);
