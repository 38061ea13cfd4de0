// SPDX-License-Identifier: GPL-3.0-or-later
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Deployment } from '../../contracts/deploy/options.ts';
import type { FollowedDeployment } from '../../contracts/deploy/followed-options.ts';
import { hex } from '../../runtime/schema-fields.ts';
import { OperationError } from './operation-error.ts';
import type { DeploymentPlan } from './plan-deployment.ts';

const address = hex(20);

/** What is read again of a record; the rest is kept as it stands. */
const schema = z.looseObject({
  chain: z.string(),
  genesisHash: hex(32),
  timelock: address,
  verifierRegistry: address,
  consensusJudge: address,
  /** left out before chains could be followed */
  followed: z
    .array(z.object({ chainId: z.string(), chainKey: hex(31), ledger: address, appStateReader: address }))
    .default([]),
  verifiers: z.array(z.object({ contract: z.string(), keyHash: hex(32), address })),
});

export type DeploymentRecord = z.output<typeof schema>;

/** Where a deployment is recorded: the chain's id with a dash, as not every file system takes a colon. */
export function deploymentFile(folder: string, chain: string): string {
  return join(folder, `deployment.${chain.replace(':', '-')}.json`);
}

/** @throws Error with code EEXIST rather than forget another deployment */
export function writeDeployment(file: string, { role, chain, options }: DeploymentPlan, deployment: Deployment): void {
  const record = { role, chain: chain.id, genesisHash: chain.genesisHash, ...deployment, options };
  writeFileSync(file, toJson(record), { flag: 'wx' });
}

/** @throws OperationError where there is no record, or this is none */
export function readDeployment(file: string): DeploymentRecord {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new OperationError(`${file} is no record of a deployment: ${(error as Error).message}`);
  }
  const { data, error } = schema.safeParse(json);
  if (data) return data;
  const issues = error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new OperationError(`${file} is no record of a deployment: ${issues.join('; ')}`);
}

/** Put light clients and verifiers that came later into a record. */
export function extendDeployment(
  file: string,
  record: DeploymentRecord,
  followed: readonly FollowedDeployment[],
  verifiers: Deployment['verifiers'],
): void {
  const extended = {
    ...record,
    followed: [...record.followed, ...followed],
    verifiers: [...record.verifiers, ...verifiers],
  };
  writeFileSync(`${file}.new`, toJson(extended));
  renameSync(`${file}.new`, file);
}

function toJson(record: object): string {
  const plain = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);
  return `${JSON.stringify(record, plain, 2)}\n`;
}
