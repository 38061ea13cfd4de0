// SPDX-License-Identifier: GPL-3.0-or-later
import { encodeAbiParameters, keccak256, toHex, type Abi, type Address, type Hex } from 'viem';
import type { EquivocationInput } from '../../circuits/statements/equivocation/inputs.ts';
import type { QuorumInput } from '../../circuits/statements/quorum/inputs.ts';
import { deployLockBox, deployMintBridge } from '../../contracts/deploy/deploy-bridge.ts';
import { deployDestination } from '../../contracts/deploy/deploy-destination.ts';
import { deployHub } from '../../contracts/deploy/deploy-hub.ts';
import type { Deployment, SetRecord } from '../../contracts/deploy/options.ts';
import { checkpointLedgerAbi } from '../../protocol/abi/checkpoint-ledger.ts';
import { hubCoalitionAbi } from '../../protocol/abi/hub-coalition.ts';
import { stateReaderAbi } from '../../protocol/abi/state-reader.ts';
import { verifierRegistryAbi } from '../../protocol/abi/verifier-registry.ts';
import { attestationMessage, type Attestation, type Checkpoint } from '../../protocol/attestation.ts';
import { toBytesBE, toHex as bytesToHex } from '../../protocol/bytes.ts';
import { domain, type Domain } from '../../protocol/domain.ts';
import { publicKey, sign } from '../../protocol/eddsa.ts';
import { toFr } from '../../protocol/field.ts';
import { registrationDigest } from '../../protocol/registration.ts';
import { merklePath, setCommitment, validatorSet, type ValidatorSet } from '../../protocol/validator-set.ts';
import {
  account,
  chainOptions,
  INTERVAL,
  secret,
  startChain,
  type ContractProof,
  type LocalChain,
  type Prover,
} from './world.ts';

/** Every error that a call may bring up, so that a refusal has its name. */
export const ERRORS: Abi = [
  ...verifierRegistryAbi,
  ...checkpointLedgerAbi,
  ...stateReaderAbi,
  ...hubCoalitionAbi,
].filter(({ type }) => type === 'error');
const STAKES_ETH = [40n, 40n, 30n] as const;
export const EPOCH_LENGTH = 60;

/** A quorum that a ledger can be given. */
export interface Quorum extends ContractProof {
  readonly attestation: Attestation;
  readonly signers: bigint;
}

/** Two chains with the contracts on them, three validators on the hub, and real proofs. */
export class Scenario {
  readonly prover: Prover;
  readonly hubChain: LocalChain;
  readonly farChain: LocalChain;
  readonly hub: Deployment;
  readonly far: Deployment;
  readonly domain: Domain;
  readonly lockBox: Address;
  readonly bridge: Address;

  private constructor(
    parts: Pick<Scenario, 'prover' | 'hubChain' | 'farChain' | 'hub' | 'far' | 'domain' | 'lockBox' | 'bridge'>,
  ) {
    this.prover = parts.prover;
    this.hubChain = parts.hubChain;
    this.farChain = parts.farChain;
    this.hub = parts.hub;
    this.far = parts.far;
    this.domain = parts.domain;
    this.lockBox = parts.lockBox;
    this.bridge = parts.bridge;
  }

  /** @param gas takes note of what a transaction used */
  static async open(prover: Prover, gas: (what: string, used: bigint) => void): Promise<Scenario> {
    const [hubChain, farChain] = await Promise.all([startChain(31337), startChain(31338)]);
    const chains = [hubChain, farChain];
    const hub = await deployHub(hubChain.client, {
      ...chainOptions(hubChain, chains, prover.verifiers),
      epochLength: EPOCH_LENGTH,
      capacity: 16,
    });
    const id = { hubChainKey: hubChain.key, hubCoalition: hub.coalition };
    for (const [i, stake] of STAKES_ETH.entries()) {
      const key = publicKey(secret(i));
      const operator = account(2 + i);
      const digest = registrationDigest(domain('registration', id), {
        operator: operator.address,
        chainKey: hubChain.key,
        coalition: hub.coalition,
      });
      const { keyHash, proof } = await prover.prove('registration', {
        key,
        digest,
        signature: sign(secret(i), digest),
      });
      const hash = await hubChain.client.writeContract({
        account: operator,
        address: hub.coalition,
        abi: hubCoalitionAbi,
        functionName: 'register',
        args: [key.x, key.y, keyHash, proof],
        value: stake * 10n ** 18n,
      });
      const receipt = await hubChain.client.waitForTransactionReceipt({ hash });
      if (receipt.status !== 'success') throw new Error('registration reverted');
      gas('register a validator', receipt.gasUsed);
    }
    await send(hubChain, hub.coalition, hubCoalitionAbi, 'sealEpoch', []).then((used) =>
      gas('seal an epoch of 3 new validators', used),
    );
    const anchor = await sealedSet(hubChain, hub, 1n);
    await send(hubChain, hub.ledger, checkpointLedgerAbi, 'rotateLocal', [anchor]).then((used) =>
      gas('rotate, on the hub', used),
    );
    const far = await deployDestination(farChain.client, {
      ...chainOptions(farChain, chains, prover.verifiers),
      hubChainKey: hubChain.key,
      hubCoalition: hub.coalition,
      anchor,
    });
    const lockBox = await deployLockBox(hubChain.client);
    const bridge = await deployMintBridge(farChain.client, {
      stateReader: far.stateReader,
      sourceChainKey: hubChain.key,
      localChainKey: farChain.key,
      lockBox,
      minAge: 0n,
      maxAge: 3600n,
      name: 'Locked Ether',
      symbol: 'LETH',
    });
    return new Scenario({ prover, hubChain, farChain, hub, far, domain: domain('attestation', id), lockBox, bridge });
  }

  /** The set as it stands in the tests, whatever the chain says. */
  set(epoch: bigint, stakes: readonly bigint[] = STAKES_ETH): ValidatorSet {
    const slots = Array.from({ length: 16 }, (_, i) => {
      const stake = stakes[i];
      return stake === undefined ? undefined : { key: publicKey(secret(i)), stakeGwei: stake * 10n ** 9n };
    });
    return validatorSet(epoch, 16, slots);
  }

  /** Mines the hub up to a multiple of the interval and gives that block as a checkpoint. */
  async hubCheckpoint(): Promise<Checkpoint> {
    const { client, key } = this.hubChain;
    const now = Number(await client.getBlockNumber({ cacheTime: 0 }));
    await client.mine({ blocks: INTERVAL - (now % INTERVAL), interval: 1 });
    const block = await client.getBlock();
    return {
      chainKey: key,
      height: block.number,
      blockHash: block.hash,
      stateRoot: block.stateRoot,
      timestamp: block.timestamp,
    };
  }

  attest(set: ValidatorSet, checkpoint: Checkpoint): Attestation {
    return { setCommitment: setCommitment(set), sourceHeight: 0n, checkpoint };
  }

  /** A quorum of the first two validators. */
  async quorum(set: ValidatorSet, checkpoint: Checkpoint): Promise<Quorum> {
    const attestation = this.attest(set, checkpoint);
    const message = attestationMessage(this.domain, attestation);
    const input: QuorumInput = {
      epoch: set.epoch,
      slots: set.slots.flatMap((slot, index) => (slot ? [{ index, ...slot }] : [])),
      message,
      share: 20_000,
      signatures: [0, 1].map((index) => ({ index, signature: sign(secret(index), message) })),
    };
    return { attestation, signers: 3n, ...(await this.prover.prove('quorum-16', input)) };
  }

  /** Proof that validator `index` signed both. */
  async equivocation(
    set: ValidatorSet,
    index: number,
    first: Attestation,
    second: Attestation,
  ): Promise<ContractProof> {
    const slot = set.slots[index];
    if (!slot) throw new Error('nobody stands there');
    const signed = [first, second].map((attestation) => {
      const message = attestationMessage(this.domain, attestation);
      return { message, signature: sign(secret(index), message) };
    });
    const [a, b] = signed;
    if (!a || !b) throw new Error('unreachable');
    const input: EquivocationInput = {
      capacity: 16,
      epoch: set.epoch,
      leafIndex: index,
      ...slot,
      path: merklePath(set, index),
      first: a,
      second: b,
    };
    return this.prover.prove('equivocation', input);
  }

  /** Account and storage proof on the hub at a checkpoint. */
  async hubProof(
    checkpoint: Checkpoint,
    address: Address,
    slot: Hex,
  ): Promise<{ accountProof: Hex[]; storageProof: Hex[] }> {
    const proof = await this.hubChain.client.getProof({ address, storageKeys: [slot], blockNumber: checkpoint.height });
    return { accountProof: proof.accountProof, storageProof: proof.storageProof[0]?.proof ?? [] };
  }

  async close(): Promise<void> {
    await Promise.all([this.hubChain.anvil.stop(), this.farChain.anvil.stop()]);
  }
}

/** An attestation as the contracts take it. */
export function onChain({ setCommitment: commitment, sourceHeight, checkpoint }: Attestation) {
  return {
    setCommitment: bytesToHex(toBytesBE(toFr(commitment, 'setCommitment'), 32, 'setCommitment')),
    sourceHeight,
    checkpoint,
  };
}

/** Arguments of `submitCheckpoint`. */
export function submission(quorum: Quorum): readonly unknown[] {
  return [onChain(quorum.attestation), quorum.signers, quorum.keyHash, quorum.proof];
}

export async function sealedSet(chain: LocalChain, hub: Deployment, epoch: bigint): Promise<SetRecord> {
  return chain.client.readContract({
    address: hub.coalition,
    abi: hubCoalitionAbi,
    functionName: 'sealedEpoch',
    args: [epoch],
  });
}

/** Simulates, sends, waits. @returns gas of the whole transaction @throws with the error's name when it would revert */
export async function send(
  chain: LocalChain,
  address: Address,
  abi: Abi,
  functionName: string,
  args: readonly unknown[],
): Promise<bigint> {
  const { request } = await chain.client.simulateContract({
    address,
    abi: [...abi.filter(({ type }) => type !== 'error'), ...ERRORS],
    functionName,
    args,
  });
  const receipt = await chain.client.waitForTransactionReceipt({ hash: await chain.client.writeContract(request) });
  if (receipt.status !== 'success') throw new Error(`${functionName} reverted`);
  return receipt.gasUsed;
}

/** Slot of a mapping's entry. */
export function mappingSlot(key: bigint, slot: Hex): Hex {
  return keccak256(encodeAbiParameters([{ type: 'uint256' }, { type: 'bytes32' }], [key, slot]));
}

export const ZERO_SLOT: Hex = toHex(0n, { size: 32 });
