// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {LedgerSetup} from "./base/LedgerSetup.sol";
import {CheckpointLedger} from "../src/CheckpointLedger.sol";
import {ICheckpointLedger} from "../src/interfaces/ICheckpointLedger.sol";
import {Checkpoint} from "../src/interfaces/Types.sol";
import {Domains} from "../src/lib/Domains.sol";

/// What the owner may set, and within which bounds.
contract LedgerPolicyTest is LedgerSetup {
    function _set(ICheckpointLedger.Policy memory p) private {
        vm.prank(OWNER);
        ledger.setPolicy(p);
    }

    function test_constantsAreWhatItWasDeployedWith() external view {
        vm.assertEq(bytes32(ledger.domain()), bytes32(Domains.attestation(HUB, address(coalition))));
        vm.assertEq(bytes32(ledger.hubChainKey()), bytes32(HUB));
        vm.assertEq(bytes32(ledger.localChainKey()), bytes32(LOCAL));
        vm.assertEq(ledger.hubCoalition(), address(coalition));
        vm.assertEq(ledger.guardian(), GUARDIAN);
        vm.assertEq(ledger.owner(), OWNER);
        vm.assertEq(ledger.chain(OTHER).interval, INTERVAL);
        vm.assertEq(ledger.chain(LOCAL).interval, 0);
    }

    function test_theShareIsAtLeastTwoThirdsAndBelowOne() external {
        ICheckpointLedger.Policy memory p = ledger.policy();
        uint16[4] memory shares = [uint16(19_999), 20_000, 29_999, 30_000];
        for (uint256 i = 0; i < 4; ++i) {
            p.share = shares[i];
            bool allowed = i == 1 || i == 2;
            if (!allowed) {
                vm.expectRevert(abi.encodeWithSelector(ICheckpointLedger.ShareOutOfRange.selector, shares[i]));
            }
            _set(p);
            if (allowed) vm.assertEq(ledger.policy().share, shares[i]);
        }
    }

    function testFuzz_noShareOutsideOfItsRange(uint16 share) external {
        ICheckpointLedger.Policy memory p = ledger.policy();
        p.share = share;
        bool allowed = share >= 20_000 && share < 30_000;
        if (!allowed) vm.expectRevert(abi.encodeWithSelector(ICheckpointLedger.ShareOutOfRange.selector, share));
        _set(p);
    }

    function test_aSetIsNeverTrustedForLongerThanItCanBeSlashed() external {
        ICheckpointLedger.Policy memory p = ledger.policy();
        p.trustingPeriod = TRUSTING + 1;
        p.evidenceWindow = EVIDENCE - 1;
        _set(p);
        p.evidenceWindow = EVIDENCE;
        vm.expectRevert(
            abi.encodeWithSelector(
                ICheckpointLedger.PeriodsTooLong.selector, TRUSTING + EVIDENCE + 1, TRUSTING + EVIDENCE
            )
        );
        _set(p);
    }

    function test_trustingAndEvidenceStayBelowUnbondingAtDeployment() external {
        CheckpointLedger.Config memory c = config(LOCAL, anchor());
        c.unbondingDelay = TRUSTING + EVIDENCE;
        vm.expectRevert(
            abi.encodeWithSelector(
                ICheckpointLedger.PeriodsTooLong.selector, TRUSTING + EVIDENCE, TRUSTING + EVIDENCE
            )
        );
        new CheckpointLedger(c);
        c.unbondingDelay += 1;
        new CheckpointLedger(c);
    }

    function test_aShorterTrustingPeriodHoldsAtOnce() external {
        ICheckpointLedger.Policy memory p = ledger.policy();
        p.trustingPeriod = 10;
        _set(p);
        vm.warp(START + 10);
        vm.assertTrue(ledger.isTrusted(anchor().commitment));
        vm.warp(START + 11);
        vm.assertFalse(ledger.isTrusted(anchor().commitment));
    }

    function test_chainsAreRegisteredOnce() external {
        vm.startPrank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(ICheckpointLedger.ChainExists.selector, OTHER));
        ledger.registerChain(OTHER, 128);
        vm.expectRevert(ICheckpointLedger.IntervalZero.selector);
        ledger.registerChain(LOCAL, 0);
        ledger.registerChain(LOCAL, 32);
        vm.stopPrank();
        Checkpoint memory c = checkpointAt(LOCAL, 32);
        assertOutcome(submit(attest(c)), ICheckpointLedger.Outcome.Updated);
    }

    function test_aNewGuardianReplacesTheOld() external {
        vm.prank(OWNER);
        ledger.setGuardian(address(1));
        vm.expectRevert(abi.encodeWithSelector(ICheckpointLedger.NotGuardian.selector, GUARDIAN));
        vm.prank(GUARDIAN);
        ledger.freeze(OTHER);
        vm.prank(address(1));
        ledger.freeze(OTHER);
    }

    /// Recovery as it happens: through the timelock, after its delay, by whoever executes.
    function test_theTimelockRecoversAfterItsDelay() external {
        address[] memory proposers = new address[](1);
        address[] memory executors = new address[](1);
        proposers[0] = OWNER;
        TimelockController timelock = new TimelockController(2 days, proposers, executors, address(0));
        CheckpointLedger.Config memory config_ = config(LOCAL, anchor());
        config_.owner = address(timelock);
        ledger = new CheckpointLedger(config_);
        Checkpoint memory c = advance(OTHER);
        contradict(OTHER);

        bytes memory call = abi.encodeCall(ledger.unfreeze, (OTHER, c, anchor()));
        vm.prank(OWNER);
        timelock.schedule(address(ledger), 0, call, 0, 0, 2 days);
        vm.warp(block.timestamp + 2 days - 1);
        vm.expectRevert();
        timelock.execute(address(ledger), 0, call, 0, 0);
        vm.warp(block.timestamp + 1);
        timelock.execute(address(ledger), 0, call, 0, 0);
        vm.assertEq(ledger.acceptedAt(c), block.timestamp);
    }
}
