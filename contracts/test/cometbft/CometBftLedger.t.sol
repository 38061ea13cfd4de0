// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {CometBftChain} from "../base/CometBftChain.sol";
import {TrapdoorKey} from "../base/TrapdoorKey.sol";
import {ConsensusKeys} from "../../src/cometbft/ConsensusKeys.sol";
import {CometBftLedger} from "../../src/cometbft/CometBftLedger.sol";
import {ICometBftLedger} from "../../src/interfaces/ICometBftLedger.sol";
import {StatementKinds} from "../../src/lib/StatementKinds.sol";

/// Which headers the ledger takes: the rules of the light client, one fault at a time.
contract CometBftLedgerTest is CometBftChain {
    function _selector(bytes4 s, uint256 a, uint256 b) private pure returns (bytes memory) {
        return abi.encodeWithSelector(s, a, b);
    }

    function test_adjacentHeader() external {
        ICometBftLedger.SignedHeader memory s = good(101);
        vm.expectEmit(true, true, true, true);
        emit ICometBftLedger.HeaderAccepted(101, 0, stateOf(s.header));
        assertOutcome(submit(s), ICometBftLedger.Outcome.Updated);
        vm.assertEq(ledger.acceptedAt(stateOf(s.header)), START);
        vm.assertEq(ledger.status().headHeight, 101);
        ICometBftLedger.Held memory h = ledger.held(101);
        vm.assertEq(h.digest, keccak256(abi.encode(stateOf(s.header))));
        vm.assertEq(h.timeNs, timeAt(101));
        vm.assertEq(ledger.held(100).next, 101);
    }

    function test_aChainOfSetsThatChangeEachBlock() external {
        bytes memory current = set;
        ICometBftLedger.ConsensusState memory trusted = anchor;
        for (uint64 height = 101; height < 106; ++height) {
            bytes memory next = setOf(height, 4 + height % 7, 2);
            ICometBftLedger.SignedHeader memory s =
                sign(headerAt(height, timeAt(height), current, next), current, 0, current.length / 40);
            assertOutcome(ledger.update(trusted, height - 1, s, KEY), ICometBftLedger.Outcome.Updated);
            (trusted, current) = (stateOf(s.header), next);
        }
        vm.assertEq(ledger.status().headHeight, 105);
    }

    function test_skippingWithTheSameSet() external {
        hold(108, ANCHOR);
    }

    function test_knownWhateverElseIsWrong() external {
        ICometBftLedger.SignedHeader memory s = hold(105, ANCHOR);
        s.proofs[0].c = [uint256(1), 2];
        vm.warp(START + 365 days);
        assertOutcome(ledger.update(anchor, 7, s, bytes32(0)), ICometBftLedger.Outcome.Known);
    }

    // Power in the header's own set.

    /// 24 of 36 is two thirds, 25 is more.
    function test_moreThanTwoThirdsOfItsOwnSet() external {
        bytes memory own = setOf(9, 36, 0);
        _follow(own);
        refuse(
            sign(headerAt(101, timeAt(101), own, own), own, 5, 29),
            _selector(ICometBftLedger.PowerTooSmall.selector, 24, 36)
        );
        assertOutcome(
            submit(sign(headerAt(101, timeAt(101), own, own), own, 5, 30)), ICometBftLedger.Outcome.Updated
        );
    }

    function testFuzz_ownPowerAgainstTheRule(uint8 size, uint8 strong, uint8 from, uint8 to) external {
        uint256 n = bound(size, 1, 40);
        uint256 s = bound(strong, 0, n);
        bytes memory own = setOf(9, n, s);
        _follow(own);
        uint256 first = from % n;
        uint256 last = first + 1 + to % (n - first);
        uint256 signed = last - first + 9 * ((last < s ? last : s) - (first < s ? first : s));
        ICometBftLedger.SignedHeader memory h = sign(headerAt(101, timeAt(101), own, own), own, first, last);
        uint256 all = n + 9 * s;
        if (3 * signed <= 2 * all) refuse(h, _selector(ICometBftLedger.PowerTooSmall.selector, signed, all));
        else assertOutcome(submit(h), ICometBftLedger.Outcome.Updated);
    }

    function test_nobodySigned() external {
        refuse(
            sign(headerAt(101, timeAt(101), set, set), set, 0, 0),
            _selector(ICometBftLedger.PowerTooSmall.selector, 0, 37)
        );
    }

    function test_anEmptySetHasNoMajority() external {
        _follow("");
        refuse(
            sign(headerAt(101, timeAt(101), "", ""), "", 0, 0),
            _selector(ICometBftLedger.PowerTooSmall.selector, 0, 0)
        );
    }

    function test_sameValidatorTwiceInOneProofOrAcrossProofs() external {
        bytes memory own = setOf(9, 36, 0);
        _follow(own);
        ICometBftLedger.SignedHeader memory s = sign(headerAt(101, timeAt(101), own, own), own, 0, 24);
        for (uint256 i = 0; i < 23; ++i) {
            ICometBftLedger.SignedHeader memory copy = sign(s.header, own, 0, 24);
            // Signer i + 1 becomes signer i again, at 6 and 7 across two proofs.
            copy.signers[14 * (i + 1) + 1] = copy.signers[14 * i + 1];
            prove(copy);
            refuse(copy, _selector(ICometBftLedger.IndexNotAscending.selector, i, i + 1));
        }
    }

    function test_indexOutsideTheSet() external {
        ICometBftLedger.SignedHeader memory s = good(101);
        s.signers = abi.encodePacked(s.signers, uint16(10), s.header.secs, uint32(0));
        prove(s);
        refuse(s, _selector(ICometBftLedger.IndexOutOfRange.selector, 10, 10));
    }

    /// A set is one of keys: CometBFT makes none with a key twice, and its light client refuses a double vote.
    function test_aKeyMaySignAtOnePlaceOnly() external {
        bytes32 key = keccak256(abi.encode(uint256(1), uint256(0)));
        bytes memory twice = abi.encodePacked(setOf(1, 3, 3), key, uint64(10));
        ICometBftLedger.Header memory h = headerAt(105, (START - 1) * 1e9, twice, set);
        ICometBftLedger.SignedHeader memory s = sign(h, twice, 0, 4);
        refuse(s, abi.encodeWithSelector(ConsensusKeys.ValidatorRepeated.selector, key));
    }

    function test_signersOfBrokenLength() external {
        ICometBftLedger.SignedHeader memory s = good(101);
        s.signers = bytes.concat(s.signers, bytes1(0));
        refuse(s, abi.encodeWithSelector(ICometBftLedger.SignersMalformed.selector, 43));
    }

    // What the proofs show.

    function test_oneProofMoreOrLess() external {
        ICometBftLedger.SignedHeader memory s = good(101);
        (s.digests, s.proofs) = (new uint256[](2), s.proofs);
        refuse(s, abi.encodeWithSelector(ICometBftLedger.ProofCountWrong.selector, 1, 2, 1));
        s = good(101);
        delete s.proofs;
        refuse(s, abi.encodeWithSelector(ICometBftLedger.ProofCountWrong.selector, 1, 1, 0));
    }

    function test_eachChangeAfterProvingIsRefused() external {
        bytes memory reason = abi.encodeWithSelector(ICometBftLedger.InvalidProof.selector);
        ICometBftLedger.SignedHeader memory s = good(101);
        s.round = 1;
        refuse(s, reason);
        s = good(101);
        s.partsTotal = 2;
        refuse(s, reason);
        s = good(101);
        s.partsHash = 0;
        refuse(s, reason);
        s = good(101);
        s.header.appHash = keccak256("another");
        refuse(s, reason);
        s = good(101);
        s.signers[13] ^= 0x01; // a vote's nanoseconds
        refuse(s, reason);
        s = good(101);
        s.signers = abi.encodePacked(s.signers, uint16(3), s.header.secs, uint32(0)); // one more signer
        refuse(s, reason);
        s = good(101);
        s.digests[0] = addmod(s.digests[0], 1, TrapdoorKey.FR);
        refuse(s, reason);
        s = good(101);
        s.digests[0] += TrapdoorKey.FR;
        refuse(s, reason);
        s = good(101);
        s.proofs[0].c = s.proofs[0].a;
        refuse(s, reason);
    }

    function test_votesForAnotherChainOrHeight() external {
        string memory own = chainId;
        chainId = "test-chain-8";
        ICometBftLedger.SignedHeader memory s = good(101);
        chainId = own;
        refuse(s, abi.encodeWithSelector(ICometBftLedger.InvalidProof.selector));
        s = good(102);
        s.header.height = 101;
        refuse(s, abi.encodeWithSelector(ICometBftLedger.InvalidProof.selector));
    }

    function test_keysOfTheRegistry() external {
        ICometBftLedger.SignedHeader memory s = good(101);
        vm.expectRevert(abi.encodeWithSelector(ICometBftLedger.KeyUnknown.selector, bytes32("no key")));
        ledger.update(anchor, ANCHOR, s, bytes32("no key"));
        address verifier = registry.entry(KEY).verifier;
        vm.prank(OWNER);
        registry.addVerifier(bytes32("other"), StatementKinds.QUORUM, 16, 3, verifier);
        vm.expectRevert(abi.encodeWithSelector(ICometBftLedger.WrongStatementKind.selector, StatementKinds.QUORUM));
        ledger.update(anchor, ANCHOR, s, bytes32("other"));
        vm.prank(OWNER);
        registry.addVerifier(bytes32("next"), StatementKinds.ED25519, 7, 3, verifier);
        vm.prank(OWNER);
        registry.retireVerifier(KEY, uint40(START + 5));
        assertOutcome(ledger.update(anchor, ANCHOR, s, bytes32("next")), ICometBftLedger.Outcome.Updated);
        s = good(102);
        vm.warp(START + 4);
        assertOutcome(ledger.update(anchor, 101, s, KEY), ICometBftLedger.Outcome.Updated);
        vm.warp(START + 5);
        s = good(103);
        vm.expectRevert(abi.encodeWithSelector(ICometBftLedger.KeyExpired.selector, KEY, START + 5));
        ledger.update(anchor, 102, s, KEY);
    }

    // The trusted state and its set.

    function test_theTrustedStateMustBeHeld() external {
        ICometBftLedger.SignedHeader memory s = good(101);
        for (uint256 i = 0; i < 5; ++i) {
            ICometBftLedger.ConsensusState memory t = anchor;
            if (i == 0) t.height = 99;
            if (i == 1) t.timeNs += 1;
            if (i == 2) t.appHash = 0;
            if (i == 3) t.nextValidatorsHash = 0;
            if (i == 4) t.blockHash = 0;
            vm.expectRevert(abi.encodeWithSelector(ICometBftLedger.StateNotHeld.selector, t.height));
            ledger.update(t, ANCHOR, s, KEY);
        }
    }

    function test_theHeaderMustBeHigherThanTheTrustedState() external {
        ICometBftLedger.ConsensusState memory trusted = stateOf(hold(105, ANCHOR).header);
        ICometBftLedger.SignedHeader memory s = good(103);
        vm.expectRevert(_selector(ICometBftLedger.HeightNotAboveTrusted.selector, 103, 105));
        ledger.update(trusted, ANCHOR, s, KEY);
    }

    function test_trustingPeriodToTheNanosecond() external {
        uint256 until = anchor.timeNs / 1e9 + TRUSTING;
        vm.warp(until - 1);
        submit(good(101));
        vm.warp(until);
        ICometBftLedger.SignedHeader memory s = good(102);
        vm.expectRevert(_selector(ICometBftLedger.StateExpired.selector, ANCHOR, until));
        ledger.update(anchor, 101, s, KEY);
    }

    function test_theSetMustBeTheHeaders() external {
        ICometBftLedger.SignedHeader memory s = good(101);
        s.validators[39] ^= 0x01;
        bytes4 mismatch = ICometBftLedger.ValidatorsHashMismatch.selector;
        refuse(s, abi.encodeWithSelector(mismatch, hashOf(set), hashOf(s.validators)));
        // The named set signed it, but it says that another one does.
        bytes memory own = setOf(2, 10, 3);
        s = sign(headerAt(101, timeAt(101), own, set), set, 0, 3);
        refuse(s, abi.encodeWithSelector(mismatch, hashOf(own), hashOf(set)));
    }

    function test_anAdjacentHeaderMustHaveTheNamedSet() external {
        bytes memory own = setOf(1, 11, 3); // the named ten and one more
        ICometBftLedger.SignedHeader memory s = _skip(101, own, 0, 11);
        refuse(s, abi.encodeWithSelector(ICometBftLedger.ValidatorsHashMismatch.selector, hashOf(set), hashOf(own)));
        assertOutcome(submit(_skip(102, own, 0, 11)), ICometBftLedger.Outcome.Updated);
    }

    /// 12 of 36 of the trusted set are a third, 13 are more; all sign what they are in.
    function test_moreThanAThirdOfTheTrustedSet() external {
        bytes memory trustedSet = setOf(9, 36, 0);
        _follow(trustedSet);
        for (uint256 common = 12; common <= 13; ++common) {
            bytes memory own = bytes.concat(setOf(9, common, 0), setOf(10, 5, 0));
            ICometBftLedger.SignedHeader memory s =
                sign(headerAt(105, timeAt(105), own, own), own, 0, own.length / 40);
            s.trustedValidators = trustedSet;
            for (uint256 i = 0; i < own.length / 40; ++i) {
                s.trustedIndices = abi.encodePacked(s.trustedIndices, i < common ? uint16(i) : uint16(0xffff));
            }
            if (common == 12) refuse(s, _selector(ICometBftLedger.TrustedPowerTooSmall.selector, 12, 36));
            else assertOutcome(submit(s), ICometBftLedger.Outcome.Updated);
        }
    }

    function test_theTrustedSetIsCountedByItsOwnPowers() external {
        bytes memory own = setOf(1, 4, 0); // the strong three have little power now
        assertOutcome(submit(_skip(105, own, 0, 3)), ICometBftLedger.Outcome.Updated);
    }

    function test_aTrustedValidatorCountsOnce() external {
        bytes memory own = setOf(1, 10, 2);
        ICometBftLedger.SignedHeader memory s = _skip(105, own, 0, 10);
        s.trustedIndices[3] = 0x00;
        refuse(s, abi.encodeWithSelector(ICometBftLedger.IndexTwice.selector, 0));
    }

    function test_aTrustedIndexMustNameTheSameKey() external {
        ICometBftLedger.SignedHeader memory s = _skip(105, setOf(1, 10, 2), 0, 10);
        (s.trustedIndices[1], s.trustedIndices[3]) = (s.trustedIndices[3], s.trustedIndices[1]);
        refuse(s, _selector(ICometBftLedger.NotTheSameKey.selector, 0, 1));
        s.trustedIndices[1] = 0x0a;
        refuse(s, _selector(ICometBftLedger.IndexOutOfRange.selector, 10, 10));
    }

    function test_theTrustedSetMustBeTheNamedOne() external {
        ICometBftLedger.SignedHeader memory s = _skip(105, setOf(1, 10, 2), 0, 10);
        s.trustedValidators = s.validators;
        refuse(
            s,
            abi.encodeWithSelector(
                ICometBftLedger.ValidatorsHashMismatch.selector, hashOf(set), hashOf(s.validators)
            )
        );
        s.trustedValidators = "";
        vm.expectPartialRevert(ICometBftLedger.ValidatorsHashMismatch.selector);
        submit(s);
    }

    function test_aTrustedIndexForEachSigner() external {
        ICometBftLedger.SignedHeader memory s = _skip(105, setOf(1, 10, 2), 0, 10);
        s.trustedIndices = new bytes(18);
        refuse(s, abi.encodeWithSelector(ICometBftLedger.SignersMalformed.selector, 18));
    }

    // Time and order.

    function test_clockDriftToTheNanosecond() external {
        uint256 latest = (START + DRIFT) * 1e9;
        ICometBftLedger.Header memory h = headerAt(101, latest, set, set);
        refuse(sign(h, set, 0, 3), _selector(ICometBftLedger.TimeTooFarAhead.selector, latest, latest));
        h = headerAt(101, latest - 1, set, set);
        assertOutcome(submit(sign(h, set, 0, 3)), ICometBftLedger.Outcome.Updated);
    }

    function test_headersBetweenHeldOnes() external {
        hold(108, ANCHOR);
        hold(104, ANCHOR);
        hold(106, 104);
        hold(109, 108);
        hold(101, ANCHOR);
        uint64[6] memory heights = [uint64(100), 101, 104, 106, 108, 109];
        for (uint256 i = 0; i < 5; ++i) {
            vm.assertEq(ledger.held(heights[i]).next, heights[i + 1]);
        }
        vm.assertEq(ledger.held(109).next, 0);
        vm.assertEq(ledger.status().headHeight, 109);
    }

    function test_thePredecessorIsTheGreatestBelow() external {
        hold(104, ANCHOR);
        ICometBftLedger.SignedHeader memory s = good(106);
        uint64[4] memory wrong = [ANCHOR, 99, 106, 107];
        for (uint256 i = 0; i < 4; ++i) {
            vm.expectRevert(_selector(ICometBftLedger.NotPredecessor.selector, wrong[i], 106));
            ledger.update(anchor, wrong[i], s, KEY);
        }
        hold(108, 104);
        s = good(107);
        vm.expectRevert(_selector(ICometBftLedger.NotPredecessor.selector, 108, 107));
        ledger.update(anchor, 108, s, KEY);
    }

    /// An heir of the anchor with another set, ten blocks before it.
    function _follow(bytes memory own) private {
        anchor = stateOf(headerAt(ANCHOR, timeAt(ANCHOR), own, own));
        ledger = new CometBftLedger(config(anchor));
    }

    /// A header with a set that has the keys of the trusted one at the same places.
    function _skip(uint64 height, bytes memory own, uint256 from, uint256 to)
        private
        view
        returns (ICometBftLedger.SignedHeader memory s)
    {
        s = sign(headerAt(height, timeAt(height), own, own), own, from, to);
        s.trustedValidators = set;
        for (uint256 i = from; i < to; ++i) {
            s.trustedIndices = abi.encodePacked(s.trustedIndices, i < 10 ? uint16(i) : uint16(0xffff));
        }
    }
}
