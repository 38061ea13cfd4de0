// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {CometBftLedgerStub} from "./base/CometBftLedgerStub.sol";
import {DuplicateVoteFixture} from "./base/DuplicateVoteFixture.sol";
import {HubCoalition} from "../src/HubCoalition.sol";
import {IConsensusBindings} from "../src/interfaces/IConsensusBindings.sol";
import {ICoalition} from "../src/interfaces/ICoalition.sol";
import {ICometBftJudge} from "../src/interfaces/ICometBftJudge.sol";
import {ICometBftLedger} from "../src/interfaces/ICometBftLedger.sol";
import {IVerifierRegistry} from "../src/interfaces/IVerifierRegistry.sol";

/// What a duplicate vote on another chain costs here, whom, and how often.
contract DuplicateVotesTest is DuplicateVoteFixture {
    event DuplicateVoteShown(bytes32 indexed keyId, bytes31 indexed chainKey, bytes32 consensusKey);
    event Tombstoned(
        bytes32 indexed keyId, uint256 keyX, uint256 keyY, ICoalition.SlashOutcome outcome, uint64 penaltyGwei
    );

    function setUp() public override {
        super.setUp();
        for (uint256 i = 0; i < 4; ++i) {
            _register(hub, i, 100 * ETHER);
            _bind(hub, i, i);
        }
        _seal();
    }

    function test_aDuplicateVoteCostsWhatAnEquivocationDoes() external {
        (uint256 x, uint256 y) = _key(1);
        Offence memory o = _offence(1);
        vm.expectEmit(true, true, true, true, address(hub));
        emit DuplicateVoteShown(_keyId(1), CHAIN, o.key);
        vm.expectEmit(true, true, true, true, address(hub));
        emit Tombstoned(_keyId(1), x, y, ICoalition.SlashOutcome.Slashed, 100 * ETHER);
        _assertSlashed(1, o);
        ICoalition.Validator memory v = hub.validator(_keyId(1));
        vm.assertEq(v.stakeGwei, 0);
        vm.assertEq(hub.leaf(1).keyX, 0);
        (uint64 stakeGwei,, uint128 penaltiesGwei) = hub.totals();
        vm.assertEq(stakeGwei, 300 * ETHER);
        vm.assertEq(penaltiesGwei, 100 * ETHER);
        _assertBooks(hub);
    }

    function test_thatIsOnceForEver() external {
        Offence memory o = _offence(0);
        _report(hub, o);
        (uint64 s, uint64 c, uint128 p) = hub.totals();
        ICoalition.Validator memory before = hub.validator(_keyId(0));

        _assertAlready(o);
        (o.first, o.second) = (o.second, o.first);
        _assertAlready(o);
        o.first.secs += 7; // a new signature over the same offence
        _assertAlready(o);
        o.second.round = ++o.first.round;
        _assertAlready(o);
        o.second.voteType = o.first.voteType = 1;
        _assertAlready(o);
        o.header.height = o.first.height = o.second.height = HEIGHT + 1;
        _hold(cometBft, o);
        _assertAlready(o);

        (uint64 s2, uint64 c2, uint128 p2) = hub.totals();
        vm.assertEq(s, s2);
        vm.assertEq(c, c2);
        vm.assertEq(p, p2);
        vm.assertEq(keccak256(abi.encode(before)), keccak256(abi.encode(hub.validator(_keyId(0)))));
    }

    function test_alsoForASecondKeyOfTheOperatorAndAnEquivocationBefore() external {
        _bind(hub, 0, 50);
        _assertSlashed(0, _offence(50));
        _assertAlready(_offence(0));
        uint256 set = hub.latestEpoch().commitment;
        vm.assertEq(uint256(_doubleVote(hub, 0, set, 0)), uint256(ICoalition.SlashOutcome.Already));
        _doubleVote(hub, 1, set, 1);
        _assertAlready(_offence(1));
    }

    /// A reporter that comes second pays for a look-up, not for a proof.
    function test_whoIsTombstonedIsAnsweredBeforeAnythingIsVerified() external {
        _report(hub, _offence(0));
        ICoalition.SlashOutcome outcome = hub.slashDuplicateVote(CHAIN, _consensusKey(0), "nonsense");
        vm.assertEq(uint256(outcome), uint256(ICoalition.SlashOutcome.Already));
    }

    function test_whatUnbondsIsSlashedAndWhatIsGoneIsNot() external {
        vm.prank(_operator(0));
        hub.unbond(100 * ETHER);
        _assertSlashed(0, _offence(0));
        vm.assertEq(hub.validator(_keyId(0)).unbondingGwei, 0);
        vm.prank(_operator(1));
        hub.unbond(100 * ETHER);
        vm.warp(block.timestamp + UNBONDING);
        vm.prank(_operator(1));
        hub.withdraw(payable(_operator(1)));
        _assertSlashed(1, _offence(1));
        (,, uint128 penaltiesGwei) = hub.totals();
        vm.assertEq(penaltiesGwei, 100 * ETHER);
        _assertBooks(hub);
    }

    function test_aKeyThatNobodyBoundIsNobodys() external {
        Offence memory o = _offence(77);
        bytes memory no = abi.encodeWithSelector(IConsensusBindings.ConsensusKeyUnbound.selector, CHAIN, o.key);
        _expectRefusal(o, _evidence(o), no);
        // Evidence that comes before the binding is as good after it.
        _bind(hub, 2, 77);
        _assertSlashed(2, o);
    }

    function test_theSameEvidenceCountsOnceOnEachCoalition() external {
        HubCoalition other = _deployHub(16);
        _register(other, 0, 50 * ETHER);
        _bind(other, 0, 0);
        bytes memory evidence = abi.encode(_evidence(_offence(0)));
        bytes32 key = _consensusKey(0);
        vm.assertEq(uint256(hub.slashDuplicateVote(CHAIN, key, evidence)), uint256(ICoalition.SlashOutcome.Slashed));
        vm.assertEq(uint256(other.slashDuplicateVote(CHAIN, key, evidence)), uint256(ICoalition.SlashOutcome.Slashed));
        vm.assertEq(uint256(hub.slashDuplicateVote(CHAIN, key, evidence)), uint256(ICoalition.SlashOutcome.Already));
        vm.assertEq(uint256(other.slashDuplicateVote(CHAIN, key, evidence)), uint256(ICoalition.SlashOutcome.Already));
        (,, uint128 penaltiesGwei) = other.totals();
        vm.assertEq(penaltiesGwei, 50 * ETHER);
        _assertBooks(hub);
        _assertBooks(other);
    }

    function test_worksWhileTheLedgerIsFrozen() external {
        for (uint256 f = 1; f <= uint256(type(ICometBftLedger.Freeze).max); ++f) {
            cometBft.setFreeze(ICometBftLedger.Freeze(f));
            _assertSlashed(f, _offence(f));
        }
    }

    /// The same key validates a chain with another id. Votes there are no offence here, nor is one vote on each.
    function test_votesOfAnotherChainIdAreNone() external {
        Offence memory o = _offence(0);
        o.first.chainId = o.second.chainId = "test-chain-8";
        bytes memory no = abi.encodeWithSelector(IVerifierRegistry.InvalidProof.selector);
        _expectRefusal(o, _evidence(o), no);
        o.first.chainId = CHAIN_ID;
        _expectRefusal(o, _evidence(o), no);
    }

    /// Evidence is of the chain under whose key the consensus key is bound, whatever id that chain has.
    function test_evidenceOfOneChainIsNoneOfAnother() external {
        bytes31 otherChain = bytes31(uint248(0xc1));
        CometBftLedgerStub ledger = new CometBftLedgerStub("test-chain-8");
        vm.prank(address(timelock));
        judge.setChain(otherChain, _chain(ledger));
        Offence memory o = _offence(0);
        bytes memory evidence = abi.encode(_evidence(o));
        vm.expectRevert(
            abi.encodeWithSelector(IConsensusBindings.ConsensusKeyUnbound.selector, otherChain, o.key)
        );
        hub.slashDuplicateVote(otherChain, o.key, evidence);
        bytes memory consent = _consent(hub, otherChain, o.key, _operator(0));
        vm.prank(_operator(0));
        hub.bindConsensusKey(otherChain, o.key, consent);
        // The header hash holds the chain id, so the very header is unknown there.
        vm.expectPartialRevert(ICometBftJudge.HeaderNotHeld.selector);
        hub.slashDuplicateVote(otherChain, o.key, evidence);
        o.chainId = "test-chain-8";
        _hold(ledger, o);
        vm.expectRevert(IVerifierRegistry.InvalidProof.selector);
        hub.slashDuplicateVote(otherChain, o.key, evidence);
        o.first.chainId = o.second.chainId = "test-chain-8";
        evidence = abi.encode(_evidence(o));
        vm.assertEq(
            uint256(hub.slashDuplicateVote(otherChain, o.key, evidence)), uint256(ICoalition.SlashOutcome.Slashed)
        );
    }

    function _assertSlashed(uint256 operator, Offence memory o) private {
        vm.assertEq(uint256(_report(hub, o)), uint256(ICoalition.SlashOutcome.Slashed));
        vm.assertEq(uint256(hub.validator(_keyId(operator)).status), uint256(ICoalition.Status.Tombstoned));
    }

    function _assertAlready(Offence memory o) private {
        vm.assertEq(uint256(_report(hub, o)), uint256(ICoalition.SlashOutcome.Already));
    }

    function _expectRefusal(Offence memory o, ICometBftJudge.DuplicateVote memory e, bytes memory reason) private {
        vm.expectRevert(reason);
        hub.slashDuplicateVote(CHAIN, o.key, abi.encode(e));
    }
}
