// SPDX-License-Identifier: GPL-3.0-or-later
import { isAddress } from 'viem';
import { z } from 'zod';
import type { Hex } from '../protocol/bytes.ts';
import { MIN_SHARE, SHARE_DENOMINATOR } from '../protocol/share.ts';
import { checkDeployBounds } from './deploy-bounds.ts';
import { followedDeploySchema } from './followed-deploy.ts';
import { chainId, hex, httpUrl, path, seconds } from './schema-fields.ts';

/** Who stands here holds power or money: one in mixed case must have the right checksum (ERC-55), zero is refused. */
const address = z
  .string()
  .refine((text) => isAddress(text), 'expected an address with a right checksum')
  .refine((text) => !/^0x0*$/.test(text), 'expected another address than zero')
  .transform((text) => text.toLowerCase() as Hex);

const interval = z
  .int()
  .min(1)
  .max(2 ** 32 - 1);
const capacity = z.literal([16, 64, 128]);

/** A chain whose checkpoints the ledger takes from the start. */
const source = z.strictObject({
  id: chainId,
  /** hash of block 0: with the id it makes the chain key */
  genesisHash: hex(32),
  /** its checkpoints stand at multiples of this height */
  interval,
});

/** The chain whose Coalition seals the validator sets; also among `sources`, or the set could never rotate. */
const hub = z.strictObject({
  id: chainId,
  /** the anchor is read there */
  rpc: httpUrl,
  coalition: address,
  /**
   * The set trusted from the start, which you have compared with the hub by other means: everything that the ledger
   * ever believes follows from it. Left out, the latest set is shown, and deployed with in development only.
   */
  commitment: hex(32).transform(BigInt).optional(),
});

const common = {
  /** checked against the chain that the RPC serves */
  chain: chainId,
  rpc: httpUrl,
  /** as in phalanx.yaml: any RPC that is not on this machine means production */
  mode: z.enum(['development', 'production']).optional(),
  /** the account that pays: 32 bytes as 0x-hex, in this file or PHALANX_DEPLOYER_KEY; it gets no rights */
  deployerKeyFile: path.optional(),
  /** installed keys; relative to this file */
  home: path.optional(),
  /**
   * Circuits to deploy verifiers of; by default equivocation, registration, the quorum circuit of the set's capacity,
   * and where `cometbft` names chains every ed25519 circuit that has a key.
   */
  circuits: z.array(z.string().min(1)).min(1).optional(),
  /**
   * where this chain's own checkpoints stand, as the other chains' `sources` say: for the printed configuration only
   */
  interval,
  /** proposes to the timelock that owns everything: a multisig */
  proposer: address,
  /** may freeze a source chain for a while */
  guardian: address,
  /** where penalties go; the timelock if left out */
  treasury: address.optional(),
  timelockDelaySeconds: seconds,
  /** how long after its sealing a set's quorum is believed */
  trustingPeriodSeconds: seconds,
  /** how long after that its members can be slashed */
  evidenceWindowSeconds: seconds,
  unbondingDelaySeconds: seconds,
  /** a quorum is strictly more than this many thirty-thousandths of the set's stake */
  share: z
    .int()
    .min(MIN_SHARE)
    .max(SHARE_DENOMINATOR - 1)
    .default(MIN_SHARE),
  /** how far ahead of this chain's clock a checkpoint's timestamp may be */
  maxDriftSeconds: seconds,
  freezeDurationSeconds: seconds,
  freezeCooldownSeconds: seconds,
  minStakeGwei: z.int().min(1).transform(BigInt),
  /** part of 10,000 that a slashing takes */
  penaltyBps: z.int().min(1).max(10_000).default(10_000),
  sources: z.array(source).min(1),
  /** CometBFT chains to deploy light clients of; guardian and freezes are those above */
  cometbft: z.array(followedDeploySchema).default([]),
};

/** The options of `phalanx deploy`. Unknown fields are refused. */
export const deploySchema = z
  .discriminatedUnion('role', [
    z.strictObject({
      ...common,
      role: z.literal('hub'),
      /** least time between two sealed sets */
      epochLengthSeconds: seconds,
      /** slots of the validator set */
      capacity,
    }),
    z.strictObject({ ...common, role: z.literal('destination'), hub }),
  ])
  .superRefine(checkDeployBounds, { when: () => true });

export type DeployFile = z.output<typeof deploySchema>;
