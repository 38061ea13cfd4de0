// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {NaiveCometBft} from "../base/NaiveCometBft.sol";
import {PhalanxTest} from "../base/PhalanxTest.sol";
import {CanonicalVotes} from "../../src/cometbft/CanonicalVotes.sol";
import {SignatureSlots} from "../../src/cometbft/SignatureSlots.sol";
import {ICometBftLedger} from "../../src/interfaces/ICometBftLedger.sol";

contract SlotCaller {
    /// Slots of votes that differ in the time, over memory that was used before.
    function votes(
        bytes32[] calldata keys,
        NaiveCometBft.Vote memory v,
        int64[] calldata secs,
        uint32[] calldata nanos,
        uint256 count
    ) external pure returns (bytes memory slots) {
        CanonicalVotes.Frame memory f = CanonicalVotes.frame(
            v.voteType, v.height, v.round, v.id.hash, v.id.partsTotal, v.id.partsHash, bytes(v.chainId)
        );
        assembly {
            // Dirt where the slots will lie.
            for { let i := 0 } lt(i, 8192) { i := add(i, 32) } { mstore(add(mload(0x40), i), not(0)) }
        }
        uint256 start = SignatureSlots.allocate(count);
        for (uint256 i = 0; i < keys.length; ++i) {
            SignatureSlots.writeVote(start + 217 * i, keys[i], f, secs[i], nanos[i]);
        }
        SignatureSlots.repeatFirst(start, keys.length, count);
        slots = _copy(start, count);
    }

    function messages(bytes32[] calldata keys, bytes[] calldata texts) external pure returns (bytes memory) {
        uint256 start = SignatureSlots.allocate(keys.length);
        for (uint256 i = 0; i < keys.length; ++i) {
            SignatureSlots.writeMessage(start + 217 * i, keys[i], texts[i]);
        }
        return _copy(start, keys.length);
    }

    function evaluate(uint256 digest, bytes calldata slots) external pure returns (uint256, uint256) {
        uint256 start = SignatureSlots.allocate(slots.length / 217);
        assembly ("memory-safe") {
            calldatacopy(start, slots.offset, slots.length)
        }
        return SignatureSlots.evaluate(digest, start, slots.length / 217);
    }

    function _copy(uint256 start, uint256 count) private pure returns (bytes memory slots) {
        slots = new bytes(217 * count);
        assembly ("memory-safe") {
            mcopy(add(slots, 32), start, mul(217, count))
        }
    }
}

/// Canonical votes, the slots that hold them and the evaluation of the slots, against the naive form.
contract SignatureSlotsTest is PhalanxTest {
    uint256 private constant FR = 21888242871839275222246405745257275088548364400416034343698204186575808495617;
    SlotCaller private _caller = new SlotCaller();

    /// The first validator's vote for block 8,619,996 of cosmoshub-4; its recorded signature is valid over these bytes.
    function test_recordedSignBytes() external view {
        bytes memory signed =
            hex"6f080211dc8783000000000022480a209669894a5112615dc741134b2096bd9a67757fb293a825077324a1dd"
            hex"abbf2455122408021220d57dc167069cdb688fca4233c674ccbddd27c6ac2fad145a23af58a1576e15cb"
            hex"2a0b08b29fc08d061095bd9931320b636f736d6f736875622d34";
        vm.assertEq(_slotsOf(_vote(), 1, 1), NaiveCometBft.slot(_key(0), signed));
    }

    function testFuzz_votes(NaiveCometBft.Vote memory v, uint8 kind, uint8 idLength, uint8 used, uint8 left)
        external
        view
    {
        v.voteType = kind % 2 + 1;
        v.height = uint64(bound(v.height, 0, uint64(type(int64).max)));
        v.round = uint32(bound(v.round, 0, uint32(type(int32).max)));
        if (kind & 4 != 0) v.round = 0;
        if (kind & 8 != 0) v.id.hash = 0;
        if (kind & 16 != 0) v.id.partsTotal = 0;
        v.secs = int64(int256(bound(uint64(v.secs), 0, 2 ** 38 - 1))) - 62_135_596_800;
        v.nanos = uint32(bound(v.nanos, 0, 999_999_999));
        if (kind & 32 != 0) v.secs = 0;
        if (kind & 64 != 0) v.nanos = 0;
        v.chainId = string(new bytes(bound(idLength, 1, 50)));
        uint256 n = bound(used, 1, 7);
        _slotsOf(v, n, n + left % 8);
    }

    /// The longest vote there is has 171 bytes.
    function test_theLongestVoteFits() external view {
        NaiveCometBft.Vote memory v = _vote();
        (v.round, v.id.partsTotal, v.secs, v.nanos) = (1, type(uint32).max, -1, 999_999_999);
        v.chainId = string(new bytes(50));
        bytes memory slots = _slotsOf(v, 2, 2);
        vm.assertEq(uint8(slots[0]), 171);
    }

    /// A length of 127 takes a prefix of one byte, 128 of two.
    function test_lengthPrefixOfOneAndTwoBytes() external view {
        NaiveCometBft.Vote memory v = _vote();
        v.chainId = string(new bytes(27));
        vm.assertEq(uint8(_slotsOf(v, 1, 1)[0]), 128);
        v.chainId = string(new bytes(28));
        vm.assertEq(uint8(_slotsOf(v, 1, 1)[0]), 130);
    }

    function test_heightAndRoundOutOfRange() external {
        NaiveCometBft.Vote memory v = _vote();
        v.height = 1 << 63;
        vm.expectRevert(abi.encodeWithSelector(CanonicalVotes.HeightOutOfRange.selector, 1 << 63));
        _call(v, 1, 1);
        v.height = 1;
        v.round = 1 << 31;
        vm.expectRevert(abi.encodeWithSelector(CanonicalVotes.RoundOutOfRange.selector, 1 << 31));
        _call(v, 1, 1);
    }

    function test_aMessageThatDoesNotFitIsRefused() external {
        NaiveCometBft.Vote memory v = _vote();
        v.chainId = string(new bytes(73));
        vm.assertEq(_slotsOf(v, 1, 1)[0], bytes1(uint8(175)));
        v.chainId = string(new bytes(74));
        vm.expectRevert(abi.encodeWithSelector(SignatureSlots.MessageTooLong.selector, 176, 175));
        _call(v, 1, 1);
    }

    function testFuzz_messages(bytes32 key, bytes memory text, uint8 length) external view {
        uint256 n = bound(length, 0, text.length < 175 ? text.length : 175);
        assembly ("memory-safe") {
            mstore(text, n)
        }
        (bytes32[] memory keys, bytes[] memory texts) = (new bytes32[](2), new bytes[](2));
        (keys[0], texts[0], keys[1], texts[1]) = (key, text, ~key, "");
        vm.assertEq(
            _caller.messages(keys, texts), bytes.concat(NaiveCometBft.slot(key, text), NaiveCometBft.slot(~key, ""))
        );
    }

    function testFuzz_evaluation(uint256 digest, bytes32 seed, uint8 count) external view {
        bytes memory slots;
        for (uint256 i = 0; i < 7 * bound(count, 1, 15); ++i) {
            slots = abi.encodePacked(slots, bytes31(keccak256(abi.encode(seed, i))));
        }
        (uint256 challenge, uint256 evaluation) = _caller.evaluate(digest, slots);
        vm.assertEq(challenge, uint256(keccak256(abi.encodePacked(digest, slots))) % FR, "challenge");
        vm.assertEq(evaluation, NaiveCometBft.evaluate(slots, challenge), "evaluation");
    }

    function test_wordsOfAllOnesDoNotOverflow() external view {
        bytes memory slots = new bytes(217 * 15);
        for (uint256 i = 0; i < slots.length; ++i) {
            slots[i] = 0xff;
        }
        (uint256 challenge, uint256 evaluation) = _caller.evaluate(FR - 1, slots);
        vm.assertEq(evaluation, NaiveCometBft.evaluate(slots, challenge));
    }

    function _vote() private pure returns (NaiveCometBft.Vote memory v) {
        v.voteType = CanonicalVotes.PRECOMMIT;
        v.height = 8_619_996;
        v.id = ICometBftLedger.BlockId(
            0x9669894a5112615dc741134b2096bd9a67757fb293a825077324a1ddabbf2455,
            2,
            0xd57dc167069cdb688fca4233c674ccbddd27c6ac2fad145a23af58a1576e15cb
        );
        (v.secs, v.nanos) = (1_638_928_306, 103_177_877);
        v.chainId = "cosmoshub-4";
    }

    /// The slots of `used` votes a nanosecond apart and repetitions of the first, compared with the naive form.
    function _slotsOf(NaiveCometBft.Vote memory v, uint256 used, uint256 count) private view returns (bytes memory) {
        bytes memory actual = _call(v, used, count);
        bytes memory expected;
        (int64 secs, uint32 nanos) = (v.secs, v.nanos);
        for (uint256 i = 0; i < count; ++i) {
            (v.secs, v.nanos) = _time(secs, nanos, i < used ? i : 0);
            expected = bytes.concat(
                expected, NaiveCometBft.slot(_key(i < used ? i : 0), NaiveCometBft.signBytes(v))
            );
        }
        (v.secs, v.nanos) = (secs, nanos);
        vm.assertEq(actual, expected);
        return actual;
    }

    function _call(NaiveCometBft.Vote memory v, uint256 used, uint256 count) private view returns (bytes memory) {
        bytes32[] memory keys = new bytes32[](used);
        int64[] memory secs = new int64[](used);
        uint32[] memory nanos = new uint32[](used);
        for (uint256 i = 0; i < used; ++i) {
            keys[i] = _key(i);
            (secs[i], nanos[i]) = _time(v.secs, v.nanos, i);
        }
        return _caller.votes(keys, v, secs, nanos, count);
    }

    function _key(uint256 i) private pure returns (bytes32) {
        return bytes32(abi.encodePacked("key", uint8(48 + i)));
    }

    function _time(int64 secs, uint32 nanos, uint256 i) private pure returns (int64, uint32) {
        return nanos + i > 999_999_999 ? (secs, uint32(nanos - i)) : (secs, uint32(nanos + i));
    }
}
