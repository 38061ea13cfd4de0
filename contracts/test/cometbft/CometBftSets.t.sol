// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {CometBftChain} from "../base/CometBftChain.sol";
import {ConsensusKeys} from "../../src/cometbft/ConsensusKeys.sol";
import {ICometBftLedger} from "../../src/interfaces/ICometBftLedger.sol";

/// Enough of the header's own set, and of the set that the trusted state names, signed the header.
contract CometBftSetsTest is CometBftChain {
    /// 24 of 36 is two thirds, 25 is more.
    function test_moreThanTwoThirdsOfItsOwnSet() external {
        bytes memory own = setOf(9, 36, 0);
        follow(own);
        refuse(
            sign(headerAt(101, timeAt(101), own, own), own, 5, 29),
            _selector(ICometBftLedger.PowerTooSmall.selector, 24, 36)
        );
        assertOutcome(submit(sign(headerAt(101, timeAt(101), own, own), own, 5, 30)), ICometBftLedger.Outcome.Updated);
    }

    function testFuzz_ownPowerAgainstTheRule(uint8 size, uint8 strong, uint8 from, uint8 to) external {
        uint256 n = bound(size, 1, 40);
        uint256 s = bound(strong, 0, n);
        bytes memory own = setOf(9, n, s);
        follow(own);
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
        follow("");
        refuse(
            sign(headerAt(101, timeAt(101), "", ""), "", 0, 0), _selector(ICometBftLedger.PowerTooSmall.selector, 0, 0)
        );
    }

    function test_sameValidatorTwiceInOneProofOrAcrossProofs() external {
        bytes memory own = setOf(9, 36, 0);
        follow(own);
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
        follow(trustedSet);
        for (uint256 common = 12; common <= 13; ++common) {
            bytes memory own = bytes.concat(setOf(9, common, 0), setOf(10, 5, 0));
            ICometBftLedger.SignedHeader memory s = sign(headerAt(105, timeAt(105), own, own), own, 0, own.length / 40);
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
            abi.encodeWithSelector(ICometBftLedger.ValidatorsHashMismatch.selector, hashOf(set), hashOf(s.validators))
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

    function _selector(bytes4 s, uint256 a, uint256 b) private pure returns (bytes memory) {
        return abi.encodeWithSelector(s, a, b);
    }
}
