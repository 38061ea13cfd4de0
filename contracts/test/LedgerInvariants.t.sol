// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {LedgerSetup} from "./base/LedgerSetup.sol";
import {PhalanxTest} from "./base/PhalanxTest.sol";
import {ProgrammedVerifier} from "./base/ProgrammedVerifier.sol";
import {CheckpointLedger} from "../src/CheckpointLedger.sol";
import {ICheckpointLedger} from "../src/interfaces/ICheckpointLedger.sol";
import {Attestation, Checkpoint, Proof, SetRecord} from "../src/interfaces/Types.sol";
import {Attestations} from "../src/lib/Attestations.sol";

/// Plays relayers, a quorum that has gone bad, forgers, a jumpy guardian and a slow owner, all on one chain.
contract LedgerAttacker is PhalanxTest {
    CheckpointLedger private immutable LEDGER;
    ProgrammedVerifier private immutable VERIFIER;
    bytes31 private immutable CHAIN;
    bytes32 private immutable KEY;
    address private immutable OWNER;
    address private immutable GUARDIAN;
    uint32 private constant INTERVAL = 64;

    /// What was seen, for the invariants to judge.
    Checkpoint[] public accepted;
    uint256[] public acceptedIn;
    uint256 public forgeriesAccepted;
    uint256 public effectsWhileFrozen;
    uint256 public effectsByUntrusted;
    uint256 public silentChanges;
    uint256 public conflicts;
    uint256 public recoveries;
    uint256 public updates;
    uint64 private _epoch = 1;

    constructor(
        CheckpointLedger ledger,
        ProgrammedVerifier verifier,
        bytes31 chain,
        bytes32 key,
        address owner,
        address guardian
    ) {
        (LEDGER, VERIFIER, CHAIN, KEY, OWNER, GUARDIAN) = (ledger, verifier, chain, key, owner, guardian);
    }

    function acceptedCount() external view returns (uint256) {
        return accepted.length;
    }

    function honest(uint8 steps) external {
        vm.warp(block.timestamp + 1 + steps);
        uint64 height = LEDGER.chain(CHAIN).headHeight + INTERVAL * (1 + steps % 3);
        _submit(_checkpoint(height, 0), true, true);
    }

    /// A quorum that signs anything: other roots, old heights, odd times, unaligned heights.
    function badQuorum(uint64 height, uint8 variant, bool aligned, uint32 late) external {
        height = uint64(bound(height, 1, LEDGER.chain(CHAIN).headHeight + 4 * INTERVAL));
        if (aligned) height = (height / INTERVAL + 1) * INTERVAL;
        Checkpoint memory c = _checkpoint(height, variant % 3);
        if (late % 2 == 0) c.timestamp = uint64(bound(late, 0, block.timestamp + 100));
        _submit(c, true, true);
    }

    function repeat(uint256 which) external {
        if (accepted.length == 0) return;
        _submit(accepted[which % accepted.length], true, true);
    }

    function equivocate(uint256 which, uint8 variant) external {
        if (accepted.length == 0) return;
        Checkpoint memory c = accepted[which % accepted.length];
        c.blockHash = keccak256(abi.encode("other branch", variant));
        _submit(c, true, true);
    }

    function forge(uint8 steps, uint8 variant) external {
        uint64 height = LEDGER.chain(CHAIN).headHeight + INTERVAL * (steps % 2);
        if (height == 0) return;
        _submit(_checkpoint(height, 100 + variant % 50), false, true);
    }

    function strangersSet(uint8 steps) external {
        _submit(_checkpoint(LEDGER.chain(CHAIN).headHeight + INTERVAL * (1 + steps % 2), 0), true, false);
    }

    function guardianFreezes() external {
        vm.prank(GUARDIAN);
        try LEDGER.freeze(CHAIN) {} catch {}
    }

    function ownerRecovers(uint256 which, bool confirm) external {
        if (accepted.length == 0) return;
        vm.startPrank(OWNER);
        if (confirm) {
            try LEDGER.confirmFreeze(CHAIN) {} catch {}
        }
        Checkpoint memory stands = accepted[which % accepted.length];
        try LEDGER.unfreeze(CHAIN, stands, _nextSet()) {
            ++recoveries;
            ++_epoch;
            _record(stands);
        } catch {}
        vm.stopPrank();
    }

    function timePasses(uint32 by) external {
        vm.warp(block.timestamp + bound(by, 0, 2 days));
    }

    function _submit(Checkpoint memory c, bool valid, bool knownSet) private {
        (uint256 latest,) = LEDGER.latestSet();
        uint256 set = knownSet ? latest : uint256(keccak256("stranger")) >> 8;
        Attestation memory a = Attestation(bytes32(set), c.height - 1, c);
        if (valid) {
            uint256[] memory s = new uint256[](4);
            (s[0], s[1], s[2], s[3]) = (set, Attestations.message(LEDGER.domain(), a), 7, 20_000);
            VERIFIER.accept(s);
        }
        Proof memory p;
        p.a[0] = valid ? 1 : VERIFIER.BAD();
        ICheckpointLedger.Chain memory before = LEDGER.chain(CHAIN);
        bool trusted = LEDGER.isTrusted(set);
        try LEDGER.submitCheckpoint(a, 7, KEY, p) returns (ICheckpointLedger.Outcome outcome) {
            bool effect = outcome == ICheckpointLedger.Outcome.Updated || outcome == ICheckpointLedger.Outcome.Conflict;
            bool changed = keccak256(abi.encode(before)) != keccak256(abi.encode(LEDGER.chain(CHAIN)));
            if (effect != changed) ++silentChanges;
            if (effect && !valid) ++forgeriesAccepted;
            if (effect && !trusted) ++effectsByUntrusted;
            if (outcome == ICheckpointLedger.Outcome.Updated) {
                ++updates;
                if (before.freeze != ICheckpointLedger.Freeze.None) ++effectsWhileFrozen;
                _record(c);
            }
            if (outcome == ICheckpointLedger.Outcome.Conflict) ++conflicts;
        } catch {}
    }

    function _record(Checkpoint memory c) private {
        accepted.push(c);
        acceptedIn.push(LEDGER.chain(CHAIN).generation);
    }

    function _nextSet() private view returns (SetRecord memory) {
        uint64 epoch = _epoch + 1;
        return SetRecord(uint256(keccak256(abi.encode(epoch))) >> 8, epoch, uint64(block.timestamp), 16);
    }

    function _checkpoint(uint64 height, uint8 variant) private view returns (Checkpoint memory) {
        return Checkpoint(
            CHAIN, height, keccak256(abi.encode(height, variant)), bytes32(uint256(variant)), uint64(block.timestamp)
        );
    }
}

contract LedgerInvariantsTest is LedgerSetup {
    LedgerAttacker private _attacker;

    function setUp() public override {
        super.setUp();
        _attacker = new LedgerAttacker(ledger, verifier, OTHER, KEY, OWNER, GUARDIAN);
        targetContract(address(_attacker));
    }

    /// forge-config: default.invariant.runs = 24
    /// forge-config: default.invariant.depth = 60
    function invariant_effectsComeFromValidProofsOfTrustedSetsOnly() external view {
        vm.assertEq(_attacker.forgeriesAccepted(), 0, "a forgery had an effect");
        vm.assertEq(_attacker.effectsByUntrusted(), 0, "an untrusted set had an effect");
        vm.assertEq(_attacker.effectsWhileFrozen(), 0, "an update while frozen");
        vm.assertEq(_attacker.silentChanges(), 0, "known or superseded changed something");
    }

    /// Within a generation accepted checkpoints rise in height and time, lie on the interval, and stay held as they
    /// were; those of earlier generations are out of reach.
    /// forge-config: default.invariant.runs = 24
    /// forge-config: default.invariant.depth = 60
    function invariant_heldCheckpointsRiseAndNeverChange() external view {
        ICheckpointLedger.Chain memory s = ledger.chain(OTHER);
        uint64 height = 0;
        uint64 time = 0;
        uint256 generation = 0;
        for (uint256 i = 0; i < _attacker.acceptedCount(); ++i) {
            (bytes31 key, uint64 h, bytes32 blockHash, bytes32 stateRoot, uint64 t) = _attacker.accepted(i);
            if (_attacker.acceptedIn(i) != generation) {
                (generation, height, time) = (_attacker.acceptedIn(i), 0, 0);
            }
            vm.assertLt(height, h, "height");
            vm.assertLt(time, t, "time");
            vm.assertEq(h % INTERVAL, 0, "interval");
            (height, time) = (h, t);
            if (generation == s.generation) {
                (bytes32 digest,) = ledger.held(key, h);
                vm.assertEq(digest, keccak256(abi.encode(Checkpoint(key, h, blockHash, stateRoot, t))), "held");
            }
        }
        if (generation == s.generation) vm.assertEq(s.headHeight, height, "head");
    }

    /// The handlers do reach what the invariants speak of; without this they could hold for lack of events.
    function test_theAttackerReachesEveryOutcome() external {
        _attacker.honest(1);
        _attacker.honest(2);
        _attacker.forge(1, 1);
        _attacker.strangersSet(1);
        _attacker.repeat(0);
        vm.assertEq(_attacker.updates(), 2);
        _attacker.equivocate(0, 1);
        vm.assertEq(_attacker.conflicts(), 1);
        _attacker.honest(1);
        vm.assertEq(_attacker.updates(), 2);
        _attacker.ownerRecovers(0, false);
        vm.assertEq(_attacker.recoveries(), 1);
        _attacker.honest(1);
        vm.assertEq(_attacker.updates(), 3);
    }
}
