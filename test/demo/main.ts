// SPDX-License-Identifier: GPL-3.0-or-later
import { bridgeSteps } from './bridge-steps.ts';
import { collusionSteps } from './collusion-steps.ts';
import { equivocationSteps } from './equivocation-steps.ts';
import { relaySteps } from './relay-steps.ts';
import { rotationSteps } from './rotation-steps.ts';
import { runScenario } from './scenario.ts';

/**
 * More blocks than come between two moves of the scenario: checkpoints stand where it moves a chain to, and nowhere
 * else.
 */
const CHECKPOINT_INTERVAL = 384;

await runScenario({
  name: 'demo',
  system: { interval: CHECKPOINT_INTERVAL },
  play: async (world) => {
    const { report, system } = world;
    report.heading('0. The system: Redis, two chains, contracts, eight validators, every service');
    await report.step('the system runs', () => system.start());
    report.heading('1. State of each chain becomes known on the other');
    const relayed = await relaySteps(world);
    report.heading('2. A bridge on B reads A, and is not to be fooled');
    await bridgeSteps(world, relayed);
    report.heading('3. Two validators contradict themselves');
    await equivocationSteps(world, relayed);
    report.heading('4. More than two thirds collude in secret; the owner recovers the chain');
    const recovered = await collusionSteps(world, relayed);
    report.heading('5. A ninth validator; the set rotates by a verified read');
    await rotationSteps(world, recovered);
  },
});
