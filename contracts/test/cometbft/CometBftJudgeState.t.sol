// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {CometBftLedgerStub} from "../base/CometBftLedgerStub.sol";
import {DuplicateVoteFixture} from "../base/DuplicateVoteFixture.sol";
import {NaiveCometBft} from "../base/NaiveCometBft.sol";
import {RecordedHub} from "../base/RecordedHub.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {CometBftJudge} from "../../src/cometbft/CometBftJudge.sol";
import {ConsensusKeys} from "../../src/cometbft/ConsensusKeys.sol";
import {ICometBftJudge} from "../../src/interfaces/ICometBftJudge.sol";
import {ICometBftLedger} from "../../src/interfaces/ICometBftLedger.sol";

/// What the judge takes from a chain's ledger (who was a validator, how old the votes are), and the owner's part in it.
contract CometBftJudgeStateTest is DuplicateVoteFixture, RecordedHub {
    event ChainSet(bytes31 indexed chainKey, ICometBftJudge.Chain chain);

    function test_theHeaderIsOneThatTheLedgerHolds() external {
        Offence memory o = _offence(0);
        bytes memory evidence = abi.encode(_evidence(o));
        judge.requireDuplicateVote(CHAIN, o.key, evidence);
        o.header.height = o.first.height = o.second.height = HEIGHT - 1;
        bytes32 hash = NaiveCometBft.header(CHAIN_ID, o.header);
        _refuse(o, abi.encodeWithSelector(ICometBftJudge.HeaderNotHeld.selector, HEIGHT - 1, hash));
    }

    /// Every field of a header is in its hash, so a reporter cannot bring another set with it.
    function testFuzz_everyFieldOfTheHeaderIsHeld(uint8 what, bytes32 change) external {
        Offence memory o = _offence(0);
        ICometBftJudge.DuplicateVote memory e = _evidence(o);
        ICometBftLedger.Header memory h = e.header;
        bytes32 held = NaiveCometBft.header(CHAIN_ID, h);
        uint64 low = uint64(uint256(change) % 1e9) + 100;
        what %= 14;
        if (what == 0) h.blockVersion = low;
        if (what == 1) h.appVersion = low;
        if (what == 2) h.secs = int64(low);
        if (what == 3) h.nanos = uint32(low % 1e9);
        if (what == 4) h.lastBlockId.hash = change;
        if (what == 5) h.lastCommitHash = change;
        if (what == 6) h.dataHash = change;
        if (what == 7) h.validatorsHash = change;
        if (what == 8) h.nextValidatorsHash = change;
        if (what == 9) h.consensusHash = change;
        if (what == 10) h.appHash = change;
        if (what == 11) h.lastResultsHash = change;
        if (what == 12) h.evidenceHash = change;
        if (what == 13) h.proposer = bytes20(change);
        bytes32 hash = NaiveCometBft.header(CHAIN_ID, h);
        vm.assume(hash != held);
        _refuse(o, e, abi.encodeWithSelector(ICometBftJudge.HeaderNotHeld.selector, HEIGHT, hash));
    }

    function test_theKeyIsWhereTheEvidenceSaysInTheSetOfThatHeight() external {
        Offence memory o = _offence(3);
        ICometBftJudge.DuplicateVote memory e = _evidence(o);
        for (e.index = 0; e.index <= 7; ++e.index) {
            if (e.index == 3) continue;
            _refuse(o, e, abi.encodeWithSelector(ICometBftJudge.NotInSet.selector, o.key, e.index));
        }
        e.index = 3 + (1 << 253); // 40 times this is 40 times 3, modulo 2^256
        _refuse(o, e, abi.encodeWithSelector(ICometBftJudge.NotInSet.selector, o.key, e.index));
    }

    function test_whoWasNoValidatorThenIsNotJudgedForIt() external {
        Offence memory o = _offence(3);
        o.validators = _set(_consensusKey(4), 3, 7);
        o.header = _header(HEIGHT, o.validators);
        _hold(cometBft, o);
        _refuse(o, abi.encodeWithSelector(ICometBftJudge.NotInSet.selector, o.key, 3));
    }

    function testFuzz_theSetIsTheHeaders(uint256 byte_, uint8 change) external {
        Offence memory o = _offence(3);
        ICometBftJudge.DuplicateVote memory e = _evidence(o);
        byte_ = bound(byte_, 0, e.validators.length - 1);
        vm.assume(change != 0);
        e.validators[byte_] ^= bytes1(change);
        vm.expectRevert(); // another hash, or more power than there can be
        judge.requireDuplicateVote(CHAIN, o.key, abi.encode(e));
        e.validators = _set(o.key, 3, 8);
        _refuse(
            o,
            e,
            abi.encodeWithSelector(
                ICometBftJudge.ValidatorsHashDiffers.selector, o.header.validatorsHash, _setHash(e.validators)
            )
        );
        e.validators = bytes.concat(o.validators, hex"00");
        _refuse(o, e, abi.encodeWithSelector(ConsensusKeys.ValidatorsMalformed.selector, e.validators.length));
    }

    function test_evidenceExpiresWhenBothBlocksAndTimeAreTooMany() external {
        Offence memory o = _offence(0);
        int64 last = TIME + int64(MAX_AGE_SECONDS);
        _holdHead(HEIGHT + MAX_AGE_BLOCKS + 1, last);
        _judge(o); // one block too many; the head's nanoseconds are below the header's
        _holdHead(HEIGHT + MAX_AGE_BLOCKS + 2, last + 1);
        bytes memory no = abi.encodeWithSelector(
            ICometBftJudge.EvidenceExpired.selector,
            MAX_AGE_BLOCKS + 2,
            uint256(MAX_AGE_SECONDS + 1) * 1e9 - o.header.nanos
        );
        _refuse(o, no);
        vm.prank(address(timelock));
        judge.setChain(CHAIN, _ages(MAX_AGE_BLOCKS + 2, MAX_AGE_SECONDS));
        _judge(o);
        vm.prank(address(timelock));
        judge.setChain(CHAIN, _ages(MAX_AGE_BLOCKS + 1, MAX_AGE_SECONDS));
        _refuse(o, no);
        vm.prank(address(timelock));
        judge.setChain(CHAIN, _ages(MAX_AGE_BLOCKS + 1, MAX_AGE_SECONDS + 1));
        _judge(o);
    }

    function test_manySlowBlocksOrAFewFastOnesDoNotExpireIt() external {
        Offence memory o = _offence(0);
        _holdHead(HEIGHT + MAX_AGE_BLOCKS, TIME + 10 * int64(MAX_AGE_SECONDS));
        _judge(o);
        _holdHead(HEIGHT + 10 * MAX_AGE_BLOCKS, TIME + int64(MAX_AGE_SECONDS));
        _judge(o);
    }

    /// Age is counted to the ledger's head, not to this chain's clock.
    function test_timeHereExpiresNothing() external {
        Offence memory o = _offence(0);
        vm.warp(block.timestamp + 3650 days);
        _judge(o);
    }

    function testFuzz_ageIsAsCometBftCountsIt(uint32 blocks, uint32 secs, uint64 maxBlocks, uint32 maxSeconds)
        external
    {
        Offence memory o = _offence(0);
        blocks = uint32(bound(blocks, 1, type(uint32).max));
        maxBlocks = uint64(bound(maxBlocks, 1, type(uint64).max));
        maxSeconds = uint32(bound(maxSeconds, 1, type(uint32).max));
        secs = uint32(bound(secs, 1, type(uint32).max));
        _holdHead(HEIGHT + blocks, TIME + int64(uint64(secs)));
        vm.prank(address(timelock));
        judge.setChain(CHAIN, _ages(maxBlocks, maxSeconds));
        uint256 ageNs = uint256(secs) * 1e9 - o.header.nanos;
        if (blocks > maxBlocks && ageNs > uint256(maxSeconds) * 1e9) {
            _refuse(o, abi.encodeWithSelector(ICometBftJudge.EvidenceExpired.selector, blocks, ageNs));
        } else {
            _judge(o);
        }
    }

    function test_evidenceInAnotherFormIsRefused() external {
        Offence memory o = _offence(0);
        bytes memory evidence = abi.encode(_evidence(o));
        vm.expectRevert(ICometBftJudge.EvidenceMalformed.selector);
        judge.requireDuplicateVote(CHAIN, o.key, "");
        vm.expectRevert(ICometBftJudge.EvidenceMalformed.selector);
        judge.requireDuplicateVote(CHAIN, o.key, abi.encode(32)); // nothing where it points
        evidence[31] = 0x40;
        vm.expectRevert(ICometBftJudge.EvidenceMalformed.selector);
        judge.requireDuplicateVote(CHAIN, o.key, evidence);
    }

    function test_onlyTheOwnerSetsChains() external {
        ICometBftJudge.Chain memory c = _ages(1, 1);
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, address(this)));
        judge.setChain(CHAIN, c);
        vm.expectEmit(true, true, true, true, address(judge));
        emit ChainSet(CHAIN, c);
        vm.prank(address(timelock));
        judge.setChain(CHAIN, c);
        vm.assertEq(keccak256(abi.encode(judge.chain(CHAIN))), keccak256(abi.encode(c)));
    }

    function test_agesAreNotZero() external {
        vm.startPrank(address(timelock));
        for (uint64 i = 0; i < 2; ++i) {
            vm.expectRevert(ICometBftJudge.MaxAgeOutOfRange.selector);
            judge.setChain(CHAIN, _ages(i, 1 - i));
        }
    }

    function test_aChainKeyKeepsItsChainIdAndMayChangeItsLedger() external {
        vm.startPrank(address(timelock));
        CometBftLedgerStub other = new CometBftLedgerStub("test-chain-8");
        vm.expectRevert(
            abi.encodeWithSelector(ICometBftJudge.ChainIdDiffers.selector, CHAIN_ID, "test-chain-8")
        );
        judge.setChain(CHAIN, _chain(other));
        other = new CometBftLedgerStub(CHAIN_ID);
        judge.setChain(CHAIN, _chain(other));
        vm.stopPrank();
        Offence memory o = _offence(0);
        bytes32 hash = NaiveCometBft.header(CHAIN_ID, o.header);
        _refuse(o, abi.encodeWithSelector(ICometBftJudge.HeaderNotHeld.selector, HEIGHT, hash));
        _hold(other, o);
        _judge(o);
    }

    function test_aJudgeMayBeginWithChains() external {
        CometBftJudge.Initial[] memory initial = new CometBftJudge.Initial[](1);
        initial[0] = CometBftJudge.Initial(CHAIN, _chain(cometBft));
        CometBftJudge other = new CometBftJudge(address(timelock), registry, initial);
        Offence memory o = _offence(0);
        other.requireDuplicateVote(CHAIN, o.key, abi.encode(_evidence(o)));
        initial[0].chain.maxAgeBlocks = 0;
        vm.expectRevert(ICometBftJudge.MaxAgeOutOfRange.selector);
        new CometBftJudge(address(timelock), registry, initial);
    }

    /// A set of 150, a header and block ids as the Cosmos Hub had them; the second vote is for nil.
    function test_recordedValidatorsHeaderAndVotes() external withRecordedHub {
        Block memory b = recordedBlock(8619996);
        CometBftLedgerStub ledger = new CometBftLedgerStub("cosmoshub-4");
        vm.prank(address(timelock));
        judge.setChain(bytes31(uint248(4)), _chain(ledger));
        Offence memory o;
        (o.chainId, o.header, o.validators) = ("cosmoshub-4", b.header, b.validators);
        _hold(ledger, o);
        for (o.index = 0; o.index < 150; o.index += 37) {
            bytes memory set = b.validators;
            uint256 at_ = 32 + 40 * o.index;
            bytes32 key;
            assembly ("memory-safe") {
                key := mload(add(set, at_))
            }
            o.key = key;
            o.first = NaiveCometBft.Vote(2, 8619996, b.round, b.id, b.secs[o.index], b.nanos[o.index], "cosmoshub-4");
            o.second = NaiveCometBft.Vote(2, 8619996, b.round, _blockId(0), TIME, 0, "cosmoshub-4");
            judge.requireDuplicateVote(bytes31(uint248(4)), o.key, abi.encode(_evidence(o)));
        }
    }

    function _ages(uint64 blocks, uint64 secs) private view returns (ICometBftJudge.Chain memory) {
        return ICometBftJudge.Chain(ICometBftLedger(address(cometBft)), blocks, secs);
    }
}
