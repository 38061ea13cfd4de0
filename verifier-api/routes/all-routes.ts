// SPDX-License-Identifier: GPL-3.0-or-later
import type { Route } from '../http/route.ts';
import type { Services } from '../services.ts';
import { attestationRoutes } from './attestations.ts';
import { chainRoutes } from './chains.ts';
import { circuitRoutes } from './circuits.ts';
import { documentationRoutes } from './documentation.ts';
import { duplicateVoteRoutes } from './duplicate-votes.ts';
import { followedChainRoutes } from './followed-chains.ts';
import { headerUpdateRoutes } from './header-updates.ts';
import { operationRoutes } from './operations.ts';
import { quorumConflictRoutes } from './quorum-conflicts.ts';
import { stateProofRoutes } from './state-proofs.ts';
import { statementRoutes } from './statements.ts';
import { validatorSetRoutes } from './validator-sets.ts';
import { verifyRoutes } from './verify.ts';

/** Every route, in the order of the documentation. Where two match, the first serves. */
export function allRoutes(services: Services): Route[] {
  const routes = [
    ...attestationRoutes(services),
    ...statementRoutes(services),
    ...verifyRoutes(services),
    ...quorumConflictRoutes(services),
    ...headerUpdateRoutes(services),
    ...duplicateVoteRoutes(services),
    ...followedChainRoutes(services),
    ...chainRoutes(services),
    ...stateProofRoutes(services),
    ...validatorSetRoutes(services),
    ...circuitRoutes(services),
    ...operationRoutes(services),
  ];
  return [...routes, ...documentationRoutes(routes)];
}
