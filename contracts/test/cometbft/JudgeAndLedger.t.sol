// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {CometBftChain} from "../base/CometBftChain.sol";
import {NaiveCometBft} from "../base/NaiveCometBft.sol";
import {TrapdoorKey} from "../base/TrapdoorKey.sol";
import {CometBftJudge} from "../../src/cometbft/CometBftJudge.sol";
import {ICometBftJudge} from "../../src/interfaces/ICometBftJudge.sol";
import {ICometBftLedger} from "../../src/interfaces/ICometBftLedger.sol";

/// The judge on the ledger itself, both with one verifier: which states serve, frozen or not, and what the head is.
contract JudgeAndLedgerTest is CometBftChain {
    bytes31 private constant CHAIN = bytes31(uint248(0xc0));

    CometBftJudge private _judge;

    function setUp() public override {
        super.setUp();
        CometBftJudge.Initial[] memory initial = new CometBftJudge.Initial[](1);
        initial[0] = CometBftJudge.Initial(CHAIN, ICometBftJudge.Chain(ledger, 10, 20));
        _judge = new CometBftJudge(OWNER, registry, initial);
    }

    function test_headersThatTheLedgerAcceptedServe() external {
        hold(105, ANCHOR);
        hold(102, ANCHOR);
        for (uint256 validator = 0; validator < 10; ++validator) {
            _accept(105, validator);
            _accept(102, validator);
        }
        _accept(ANCHOR, 4);
        bytes32 hash = stateOf(_header(103)).blockHash;
        _refuse(103, abi.encodeWithSelector(ICometBftJudge.HeaderNotHeld.selector, 103, hash));
    }

    function test_evidenceIsAsOldAsTheLedgersHeadSays() external {
        hold(102, ANCHOR);
        hold(112, 102);
        _accept(102, 0);
        // A block each second: more than 10 blocks, and not yet more than 20 seconds.
        hold(122, 112);
        _accept(102, 0);
        vm.warp(START + 60);
        hold(123, 122);
        _refuse(102, abi.encodeWithSelector(ICometBftJudge.EvidenceExpired.selector, 21, 21e9));
        _accept(112, 0);
    }

    function test_everyFreezeLetsEvidencePass() external {
        hold(101, ANCHOR);
        vm.prank(GUARDIAN);
        ledger.freeze();
        assertFreeze(ICometBftLedger.Freeze.Guardian);
        _accept(101, 2);
        ledger.submitMisbehaviour(anchor, good(103), anchor, other(103), KEY);
        assertFreeze(ICometBftLedger.Freeze.Misbehaviour);
        _accept(101, 2);
    }

    /// What the owner does not name as standing is forgotten, and evidence of those heights with it.
    function test_unfreezingForgetsHeadersHeldBefore() external {
        hold(101, ANCHOR);
        hold(102, 101);
        ledger.submitMisbehaviour(anchor, good(103), anchor, other(103), KEY);
        ICometBftLedger.ConsensusState memory stands = stateOf(_header(102));
        vm.prank(OWNER);
        ledger.unfreeze(stands);
        _accept(102, 2);
        bytes32 hash = stateOf(_header(101)).blockHash;
        _refuse(101, abi.encodeWithSelector(ICometBftJudge.HeaderNotHeld.selector, 101, hash));
    }

    function _header(uint64 height) private view returns (ICometBftLedger.Header memory) {
        return headerAt(height, timeAt(height), set, set);
    }

    function _accept(uint64 height, uint256 validator) private view {
        (bytes32 key, bytes memory evidence) = _evidence(height, validator);
        _judge.requireDuplicateVote(CHAIN, key, evidence);
    }

    function _refuse(uint64 height, bytes memory reason) private {
        (bytes32 key, bytes memory evidence) = _evidence(height, 0);
        vm.expectRevert(reason);
        _judge.requireDuplicateVote(CHAIN, key, evidence);
    }

    /// A precommit for the block and one for nil.
    function _evidence(uint64 height, uint256 validator) private view returns (bytes32 key, bytes memory) {
        ICometBftJudge.DuplicateVote memory e;
        (e.header, e.validators, e.index, e.voteType) = (_header(height), set, validator, 2);
        NaiveCometBft.Vote memory v;
        (v.voteType, v.height, v.chainId, v.secs) = (2, height, chainId, e.header.secs);
        v.id = ICometBftLedger.BlockId(stateOf(e.header).blockHash, 1, keccak256("parts"));
        (key,) = validatorAt(set, validator);
        bytes memory first = NaiveCometBft.slot(key, NaiveCometBft.signBytes(v));
        e.first = ICometBftJudge.Vote(v.id, v.secs, 0);
        delete v.id;
        bytes memory slots = bytes.concat(first, NaiveCometBft.slot(key, NaiveCometBft.signBytes(v)));
        e.second = ICometBftJudge.Vote(v.id, v.secs, 0);
        for (uint256 i = 2; i < CAPACITY; ++i) {
            slots = bytes.concat(slots, first);
        }
        e.signatures.keyHash = KEY;
        uint256 digest = uint256(keccak256(slots)) % TrapdoorKey.FR;
        uint256 challenge = uint256(keccak256(abi.encodePacked(digest, slots))) % TrapdoorKey.FR;
        e.signatures.digest = digest;
        e.signatures.proof = TrapdoorKey.prove([digest, challenge, NaiveCometBft.evaluate(slots, challenge)], height);
        return (key, abi.encode(e));
    }
}
