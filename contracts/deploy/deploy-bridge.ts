// SPDX-License-Identifier: GPL-3.0-or-later
import { zeroAddress, type Address, type Hex } from 'viem';
import { Deployer, type DeployClient } from './deployer.ts';

/** The source side of the example: no options, one for any number of bridges. */
export async function deployLockBox(client: DeployClient): Promise<Address> {
  return (await new Deployer(client).deploy('LockBox')).address;
}

/** The destination side of the example. Ages in seconds. */
export interface MintBridgeOptions {
  readonly stateReader: Address;
  readonly sourceChainKey: Hex;
  readonly localChainKey: Hex;
  readonly lockBox: Address;
  /** zero, or left out, for the source's native coin */
  readonly sourceToken?: Address;
  /** least age since acceptance */
  readonly minAge: bigint;
  /** greatest age of the source block */
  readonly maxAge: bigint;
  readonly name: string;
  readonly symbol: string;
}

/** The example's bridge on the chain where tokens are minted. */
export async function deployMintBridge(client: DeployClient, options: MintBridgeOptions): Promise<Address> {
  const { name, symbol } = options;
  const bridge = await new Deployer(client).deploy('MintBridge', [
    {
      reader: options.stateReader,
      sourceChainKey: options.sourceChainKey,
      localChainKey: options.localChainKey,
      lockBox: options.lockBox,
      sourceToken: options.sourceToken ?? zeroAddress,
      age: { minAge: options.minAge, maxAge: options.maxAge },
    },
    name,
    symbol,
  ]);
  return bridge.address;
}
