// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {DuplicateVoteFixture} from "../base/DuplicateVoteFixture.sol";
import {NaiveCometBft} from "../base/NaiveCometBft.sol";
import {CanonicalVotes} from "../../src/cometbft/CanonicalVotes.sol";
import {ICometBftJudge} from "../../src/interfaces/ICometBftJudge.sol";
import {IVerifierRegistry} from "../../src/interfaces/IVerifierRegistry.sol";
import {StatementKinds} from "../../src/lib/StatementKinds.sol";
import {ValidatorSets} from "../../src/lib/ValidatorSets.sol";

/// Which two votes are evidence: CometBFT's conditions, each just inside and just outside.
contract CometBftJudgeTest is DuplicateVoteFixture {
    uint256 private constant FR = ValidatorSets.FR;

    /// Any two votes of one step for different blocks, in any set, are an offence in either order.
    function testFuzz_twoDifferentVotesOfOneStep(
        uint64 height,
        uint32 round,
        bool precommits,
        uint32 total1,
        uint32 total2,
        bytes32 seed
    ) external {
        Offence memory o = _offence(0);
        height = uint64(bound(height, 1, uint64(type(int64).max)));
        round = uint32(bound(round, 0, uint32(type(int32).max)));
        o.index = uint256(seed) % 5;
        o.validators = _set(o.key, o.index, o.index + 1 + uint256(seed >> 8) % 5);
        o.header = _header(height, o.validators);
        _hold(cometBft, o);
        _place(o.first, height, round, precommits ? 2 : 1);
        _place(o.second, height, round, precommits ? 2 : 1);
        o.first.id.hash = keccak256(abi.encode(seed, 1));
        o.second.id.hash = keccak256(abi.encode(seed, 2));
        o.first.id.partsTotal = uint32(bound(total1, 1, type(uint32).max));
        o.second.id.partsTotal = uint32(bound(total2, 1, type(uint32).max));
        o.first.secs = int64(uint64(bound(uint256(keccak256(abi.encode(seed, 3))), 0, 253_402_300_799)));
        o.second.secs = -int64(uint64(bound(uint256(keccak256(abi.encode(seed, 4))), 0, 62_135_596_800)));
        o.second.nanos = uint32(uint256(seed) % 1e9);
        _judge(o);
        (o.first, o.second) = (o.second, o.first);
        _judge(o);
    }

    function test_blockIdsDifferInAnyOfTheirParts() external {
        Offence memory o = _offence(0);
        o.second.id = _blockId(1);
        o.second.id.hash = ~o.second.id.hash;
        _judge(o);
        o.second.id = _blockId(1);
        o.second.id.partsHash = ~o.second.id.partsHash;
        _judge(o);
        o.second.id = _blockId(1);
        o.second.id.partsTotal = 2;
        _judge(o);
        o.second.id = _blockId(1);
        _refuse(o, abi.encodeWithSelector(ICometBftJudge.SameBlockId.selector));
    }

    function test_oneOfThemMayBeNilAndNotBoth() external {
        Offence memory o = _offence(0);
        o.first.id = _blockId(0);
        _judge(o);
        (o.first, o.second) = (o.second, o.first);
        _judge(o);
        o.first.id = _blockId(0);
        o.second.nanos = o.first.nanos + 1;
        _refuse(o, abi.encodeWithSelector(ICometBftJudge.SameBlockId.selector));
    }

    /// Two nil votes have the same sign bytes, whatever parts a reporter writes beside them: both or one of the two.
    function testFuzz_aNilVoteIsNotSplitInTwoByParts(uint32 total, bytes32 partsHash) external {
        vm.assume(total != 0 && partsHash != 0);
        _refuseNilWith(total, partsHash);
        _refuseNilWith(total, 0);
        _refuseNilWith(0, partsHash);
    }

    function test_aBlockHasAtLeastOnePart() external {
        Offence memory o = _offence(0);
        o.second.id.partsTotal = 0;
        _refuse(o, abi.encodeWithSelector(ICometBftJudge.BlockIdIncomplete.selector, o.second.id));
        o.second.id.partsTotal = 1;
        _judge(o);
    }

    /// Votes of two steps are none, whichever of the two the reporter says they are of.
    function test_votesOfTwoHeightsRoundsOrTypesAreNone() external {
        for (uint256 what = 0; what < 3; ++what) {
            for (uint256 said = 0; said < 2; ++said) {
                Offence memory o = _offence(0);
                uint64 other = what == 0 ? HEIGHT + 1 : HEIGHT;
                _place(o.second, other, what == 1 ? 2 : 1, what == 2 ? 1 : 2);
                NaiveCometBft.Vote memory v = said == 0 ? o.first : o.second;
                o.header.height = v.height;
                _hold(cometBft, o);
                ICometBftJudge.DuplicateVote memory e = _evidence(o);
                (e.round, e.voteType) = (v.round, v.voteType);
                _refuse(o, e, abi.encodeWithSelector(IVerifierRegistry.InvalidProof.selector));
            }
        }
    }

    function testFuzz_onlyPrevotesAndPrecommitsCount(uint8 voteType) external {
        Offence memory o = _offence(0);
        o.first.voteType = o.second.voteType = voteType;
        if (voteType == 1 || voteType == 2) return _judge(o);
        _refuse(o, abi.encodeWithSelector(ICometBftJudge.VoteTypeOutOfRange.selector, voteType));
    }

    function test_roundsEndWhereTheyDoOnTheChain() external {
        Offence memory o = _offence(0);
        o.first.round = o.second.round = uint32(type(int32).max);
        _judge(o);
        o.first.round = ++o.second.round;
        _refuse(o, abi.encodeWithSelector(CanonicalVotes.RoundOutOfRange.selector, o.first.round));
    }

    /// Whatever one vote says otherwise than it was signed, the proof is of something else.
    function testFuzz_evidenceSaysWhatWasSigned(uint8 what, uint256 change) external {
        Offence memory o = _offence(0);
        ICometBftJudge.DuplicateVote memory e = _evidence(o);
        ICometBftJudge.Vote memory v = what & 1 == 0 ? e.first : e.second;
        what = uint8((what >> 1) % 5);
        if (what == 0) v.blockId.hash = bytes32(bound(change, 1, type(uint256).max));
        if (what == 1) v.blockId.partsHash = bytes32(change);
        if (what == 2) v.blockId.partsTotal = uint32(bound(change, 3, type(uint32).max));
        if (what == 3) v.secs = int64(uint64(bound(change, 0, uint64(TIME))));
        if (what == 4) v.nanos = uint32(bound(change, 6, 999_999_999));
        _refuse(o, e, abi.encodeWithSelector(IVerifierRegistry.InvalidProof.selector));
    }

    function test_bothAreSignedByTheOneKeyInTheirOrder() external {
        Offence memory o = _offence(0);
        ICometBftJudge.DuplicateVote memory e = _evidence(o);
        (e.first, e.second) = (e.second, e.first);
        bytes memory no = abi.encodeWithSelector(IVerifierRegistry.InvalidProof.selector);
        _refuse(o, e, no);

        // Another validator of the set signed them.
        Offence memory other = _offence(0);
        other.key = keccak256(abi.encode("other", 3));
        e = _evidence(o);
        e.signatures = _evidence(other).signatures;
        _refuse(o, e, no);
    }

    function testFuzz_moreSlotsRepeatTheFirst(uint8 slots) external {
        slots = uint8(bound(slots, 2, 15));
        Offence memory o = _offence(0);
        ICometBftJudge.DuplicateVote memory e = _evidence(o, slots);
        judge.requireDuplicateVote(CHAIN, o.key, abi.encode(e));
        if (slots == 2) return;
        bytes[] memory said = new bytes[](3);
        said[0] = NaiveCometBft.signBytes(o.first);
        said[1] = said[2] = NaiveCometBft.signBytes(o.second);
        e.signatures = _prove(o.key, said, slots);
        _refuse(o, e, abi.encodeWithSelector(IVerifierRegistry.InvalidProof.selector));
    }

    function test_oneSlotIsTooFewAndOtherVerifiersDoNotServe() external {
        Offence memory o = _offence(0);
        ICometBftJudge.DuplicateVote memory e = _evidence(o);
        e.signatures.keyHash = _ed25519Key(1);
        _refuse(o, e, abi.encodeWithSelector(ICometBftJudge.TooFewSlots.selector, e.signatures.keyHash, 1, 2));
        e.signatures.keyHash = "unknown";
        _refuse(o, e, abi.encodeWithSelector(IVerifierRegistry.VerifierUnknown.selector, e.signatures.keyHash));
        e.signatures.keyHash = "another kind";
        vm.startPrank(address(timelock));
        registry.addVerifier(e.signatures.keyHash, StatementKinds.REGISTRATION, 2, 3, address(trapdoor));
        bytes4 kind = StatementKinds.ED25519;
        _refuse(
            o,
            e,
            abi.encodeWithSelector(
                IVerifierRegistry.WrongStatementKind.selector, kind, StatementKinds.REGISTRATION
            )
        );
        e.signatures.keyHash = _ed25519Key(2);
        registry.retireVerifier(e.signatures.keyHash, uint40(block.timestamp));
        _refuse(
            o,
            e,
            abi.encodeWithSelector(
                IVerifierRegistry.VerifierExpired.selector, e.signatures.keyHash, block.timestamp
            )
        );
    }

    function testFuzz_theDigestIsTheProofsAndCanonical(uint256 digest) external {
        Offence memory o = _offence(0);
        ICometBftJudge.DuplicateVote memory e = _evidence(o);
        uint256 alias_ = e.signatures.digest + FR;
        e.signatures.digest = alias_;
        _refuse(o, e, abi.encodeWithSelector(IVerifierRegistry.SignalNotCanonical.selector, 0, alias_));
        digest = bound(digest, 0, FR - 1);
        if (digest == alias_ - FR) return;
        e.signatures.digest = digest;
        _refuse(o, e, abi.encodeWithSelector(IVerifierRegistry.InvalidProof.selector));
    }

    function _refuseNilWith(uint32 total, bytes32 partsHash) private {
        Offence memory o = _offence(0);
        (o.first.id, o.second.id) = (_blockId(0), _blockId(0)); // not one place in memory
        ICometBftJudge.DuplicateVote memory e = _evidence(o);
        (e.second.blockId.partsTotal, e.second.blockId.partsHash) = (total, partsHash);
        bytes memory no = abi.encodeWithSelector(ICometBftJudge.BlockIdIncomplete.selector, e.second.blockId);
        _refuse(o, e, no);
        (e.first, e.second) = (e.second, e.first);
        _refuse(o, e, no);
    }

    function _place(NaiveCometBft.Vote memory v, uint64 height, uint32 round, uint8 voteType) private pure {
        (v.height, v.round, v.voteType) = (height, round, voteType);
    }
}
