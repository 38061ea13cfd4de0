// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {CheckpointLedger} from "../src/CheckpointLedger.sol";
import {Coalition} from "../src/Coalition.sol";
import {ICheckpointLedger} from "../src/interfaces/ICheckpointLedger.sol";
import {ICoalition} from "../src/interfaces/ICoalition.sol";
import {Attestation, SetRecord} from "../src/interfaces/Types.sol";
import {SealedCoalition} from "./base/SealedCoalition.sol";

/// The hub's Coalition, its ledger, and another chain's ledger and Coalition, as they stand together.
contract HubAndLedgerTest is SealedCoalition {
    bytes31 private constant AWAY = bytes31(uint248(0xc));
    uint256 private constant ALL = 0xf;

    CheckpointLedger private _hubLedger;
    CheckpointLedger private _awayLedger;
    Coalition private _away;

    function setUp() public override {
        super.setUp();
        _hubLedger = _deployLedger(HUB, SetRecord(0, 0, 0, 0));
        _hubLedger.rotateLocal(hub.latestEpoch());
        _awayLedger = _deployLedger(AWAY, hub.latestEpoch());
        _away = new Coalition(address(timelock), registry, judge, _awayLedger, _periods(), _policy());
        for (uint256 i = 0; i < 3; ++i) {
            _register(_away, i, 50 * ETHER);
        }
    }

    function test_ledgersAndCoalitionsSpeakOfOneDomain() external view {
        vm.assertEq(bytes32(_hubLedger.domain()), bytes32(hub.domain()));
        vm.assertEq(bytes32(_awayLedger.domain()), bytes32(hub.domain()));
        vm.assertEq(bytes32(_away.domain()), bytes32(hub.domain()));
    }

    function test_theHubsLedgerTakesEachSealedEpochAndNothingElse() external {
        _seal();
        SetRecord memory next = hub.latestEpoch();
        SetRecord memory forged = hub.latestEpoch();
        forged.sealedAt += 1;
        vm.expectPartialRevert(ICheckpointLedger.EpochDigestMismatch.selector);
        _hubLedger.rotateLocal(forged);
        _hubLedger.rotateLocal(next);
        (uint256 commitment, uint64 epoch) = _hubLedger.latestSet();
        vm.assertEq(commitment, next.commitment);
        vm.assertEq(epoch, 2);
    }

    /// Accountable safety, end to end: what froze the ledgers slashes everybody who signed both, on both chains,
    /// while they are frozen and after the owner has revoked the set.
    function test_twoQuorumsFreezeALedgerAndSlashTheirSignersOnEveryChain() external {
        ICoalition.QuorumEvidence memory first = _quorum(hub, _attestation(_set, 0, 64, 1), ALL, 16);
        ICoalition.QuorumEvidence memory secret = _quorum(hub, _attestation(_set, 0, 64, 2), ALL - 1, 16);
        _expectOutcome(_awayLedger, first, ICheckpointLedger.Outcome.Updated);
        _expectOutcome(_awayLedger, secret, ICheckpointLedger.Outcome.Conflict);
        vm.assertEq(uint256(_awayLedger.chain(SOURCE).freeze), uint256(ICheckpointLedger.Freeze.Conflict));

        ICoalition.Leaf[] memory leaves = _leaves(hub);
        vm.assertEq(hub.slashQuorums(first, secret, leaves, new ICoalition.Leaf[](0)), 3);
        vm.prank(address(timelock));
        _awayLedger.unfreeze(SOURCE, first.attestation.checkpoint, SetRecord(1, 2, uint64(block.timestamp), 16));
        vm.assertFalse(_awayLedger.isTrusted(_set));
        vm.assertEq(_away.slashQuorums(first, secret, leaves, new ICoalition.Leaf[](0)), 3);

        _assertOnlyActive(hub, 0);
        _assertOnlyActive(_away, 0);
        _assertBooks(hub);
        _assertBooks(_away);
    }

    function test_oneProofOfEquivocationCountsOnBothChains() external {
        _doubleVote(hub, 2, _set, 2);
        vm.assertEq(uint256(_doubleVote(_away, 2, _set, 2)), uint256(ICoalition.SlashOutcome.Slashed));
        vm.assertEq(uint256(_doubleVote(_away, 3, _set, 3)), uint256(ICoalition.SlashOutcome.Barred));
    }

    function _expectOutcome(
        CheckpointLedger ledger,
        ICoalition.QuorumEvidence memory q,
        ICheckpointLedger.Outcome expected
    ) private {
        ICheckpointLedger.Outcome outcome = ledger.submitCheckpoint(q.attestation, q.signers, q.keyHash, q.proof);
        vm.assertEq(uint256(outcome), uint256(expected));
    }

    function _assertOnlyActive(ICoalition where, uint256 survivor) private view {
        for (uint256 i = 0; i < 4; ++i) {
            bool tombstoned = where.validator(_keyId(i)).status == ICoalition.Status.Tombstoned;
            vm.assertEq(tombstoned, i != survivor);
        }
    }

    function _deployLedger(bytes31 localChainKey, SetRecord memory anchor) private returns (CheckpointLedger) {
        CheckpointLedger.Config memory c;
        c.owner = address(timelock);
        c.guardian = address(0x9a);
        c.verifiers = registry;
        c.hubChainKey = HUB;
        c.localChainKey = localChainKey;
        c.hubCoalition = address(hub);
        c.unbondingDelay = UNBONDING;
        c.policy = ICheckpointLedger.Policy(20_000, TRUSTING, EVIDENCE, 1 hours, 1 days, 1 days);
        c.anchor = anchor;
        c.sources = new CheckpointLedger.SourceConfig[](1);
        c.sources[0] = CheckpointLedger.SourceConfig(SOURCE, 64);
        return new CheckpointLedger(c);
    }
}
