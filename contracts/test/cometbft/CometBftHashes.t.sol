// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {NaiveCometBft} from "../base/NaiveCometBft.sol";
import {RecordedHub} from "../base/RecordedHub.sol";
import {ConsensusKeys} from "../../src/cometbft/ConsensusKeys.sol";
import {HeaderHash} from "../../src/cometbft/HeaderHash.sol";
import {Protobuf} from "../../src/cometbft/Protobuf.sol";
import {SimpleMerkle} from "../../src/cometbft/SimpleMerkle.sol";
import {ICometBftLedger} from "../../src/interfaces/ICometBftLedger.sol";

/// The libraries' calldata functions, called from outside.
contract HashCaller {
    function validators(bytes calldata set) external view returns (bytes32, uint256) {
        return ConsensusKeys.hash(set);
    }

    function header(string calldata chainId, ICometBftLedger.Header calldata h) external view returns (bytes32) {
        return HeaderHash.hash(bytes(chainId), h);
    }

    function timestamp(int64 secs, uint32 nanos) external pure returns (bytes memory) {
        return Protobuf.timestamp(secs, nanos);
    }
}

/// Merkle root, validators hash and header hash against the recorded chain and against the naive form.
contract CometBftHashesTest is RecordedHub {
    HashCaller private _caller = new HashCaller();

    function test_recordedHeadersAndSets() external withRecordedHub {
        for (uint256 height = 8619996; height <= 8619997; ++height) {
            Block memory b = recordedBlock(height);
            vm.assertEq(_caller.header("cosmoshub-4", b.header), b.id.hash, "header hash");
            (bytes32 root, uint256 power) = _caller.validators(b.validators);
            vm.assertEq(root, b.header.validatorsHash, "validators hash");
            vm.assertGt(power, 0);
        }
    }

    function test_everyNumberOfLeavesUpTo200() external view {
        for (uint256 n = 0; n <= 200; ++n) {
            bytes[] memory leaves = new bytes[](n);
            bytes32[] memory hashes = new bytes32[](n);
            for (uint256 i = 0; i < n; ++i) {
                leaves[i] = abi.encodePacked(n, i);
                hashes[i] = SimpleMerkle.leaf(leaves[i]);
            }
            vm.assertEq(SimpleMerkle.root(hashes), NaiveCometBft.root(leaves), "root");
        }
    }

    function test_theRootUsesNoMemoryBesideTheArray() external view {
        bytes32[] memory before = new bytes32[](3);
        bytes32[] memory leaves = new bytes32[](7);
        bytes32[] memory behind = new bytes32[](3);
        SimpleMerkle.root(leaves);
        for (uint256 i = 0; i < 3; ++i) {
            vm.assertEq(before[i], 0);
            vm.assertEq(behind[i], 0);
        }
        vm.assertEq(before.length + behind.length, 6);
    }

    function test_emptyLeafAndRoot() external pure {
        vm.assertEq(SimpleMerkle.EMPTY_LEAF, sha256(hex"00"));
        vm.assertEq(SimpleMerkle.EMPTY_ROOT, sha256(""));
    }

    /// Powers of every length of varint, 0 among them.
    function testFuzz_validatorsHash(bytes32 seed, uint8 count) external view {
        bytes memory set;
        bytes[] memory leaves = new bytes[](count);
        uint256 total;
        for (uint256 i = 0; i < count; ++i) {
            bytes32 key = keccak256(abi.encode(seed, i));
            uint64 power = uint64(uint256(key) >> (256 - uint256(seed) % 53)); // 255 of less than 2^52
            total += power;
            set = abi.encodePacked(set, key, power);
            leaves[i] = NaiveCometBft.validator(key, power);
        }
        (bytes32 root, uint256 power_) = _caller.validators(set);
        vm.assertEq(root, NaiveCometBft.root(leaves), "root");
        vm.assertEq(power_, total, "power");
    }

    function test_totalPowerUpToAnEighthOfInt64() external {
        bytes memory set = abi.encodePacked(bytes32("a"), uint64(1 << 60) - 2, bytes32("b"), uint64(1));
        (, uint256 total) = _caller.validators(set);
        vm.assertEq(total, (uint256(1) << 63) / 8 - 1);
        set = abi.encodePacked(bytes32("a"), uint64(1 << 60) - 1, bytes32("b"), uint64(1));
        vm.expectRevert(
            abi.encodeWithSelector(ConsensusKeys.TotalPowerTooLarge.selector, 1 << 60, (uint256(1) << 60) - 1)
        );
        _caller.validators(set);
        // Sixteen powers whose sum is 0 modulo 2^64.
        set = "";
        for (uint256 i = 0; i < 16; ++i) {
            set = abi.encodePacked(set, i, uint64(1 << 60));
        }
        vm.expectRevert(
            abi.encodeWithSelector(ConsensusKeys.TotalPowerTooLarge.selector, 1 << 64, (uint256(1) << 60) - 1)
        );
        _caller.validators(set);
    }

    function test_aSetOfBrokenLengthIsRefused() external {
        vm.expectRevert(abi.encodeWithSelector(ConsensusKeys.ValidatorsMalformed.selector, 79));
        _caller.validators(new bytes(79));
    }

    function testFuzz_headerHash(ICometBftLedger.Header memory h, uint16 absent, uint8 idLength) external view {
        h.secs = int64(int256(bound(uint64(h.secs), 0, 2 ** 38 - 1))) - 62_135_596_800;
        h.nanos = uint32(bound(h.nanos, 0, 999_999_999));
        h.height = uint64(bound(h.height, 0, uint64(type(int64).max)));
        _leaveOut(h, absent);
        string memory chainId = string(new bytes(bound(idLength, 1, 50)));
        vm.assertEq(_caller.header(chainId, h), NaiveCometBft.header(chainId, h));
    }

    function _leaveOut(ICometBftLedger.Header memory h, uint256 absent) private pure {
        if (absent & 1 != 0) h.blockVersion = 0;
        if (absent & 2 != 0) h.appVersion = 0;
        if (absent & 4 != 0) h.height = 0;
        if (absent & 8 != 0) h.secs = 0;
        if (absent & 16 != 0) h.nanos = 0;
        if (absent & 32 != 0) h.lastBlockId.hash = 0;
        if (absent & 64 != 0) h.lastBlockId.partsTotal = 0;
        if (absent & 128 != 0) h.lastBlockId.partsHash = 0;
        if (absent & 256 != 0) h.lastCommitHash = 0;
        if (absent & 512 != 0) h.dataHash = 0;
        if (absent & 1024 != 0) h.consensusHash = 0;
        if (absent & 2048 != 0) h.appHash = 0;
        if (absent & 4096 != 0) h.lastResultsHash = 0;
        if (absent & 8192 != 0) h.evidenceHash = 0;
        if (absent & 16384 != 0) h.validatorsHash = 0;
        if (absent & 32768 != 0) h.nextValidatorsHash = 0;
    }

    function test_timesAtTheEndsOfTheirRange() external {
        vm.assertEq(_caller.timestamp(-62_135_596_800, 999_999_999), hex"088092b8c398feffffff0110ff93ebdc03");
        vm.assertEq(_caller.timestamp(253_402_300_799, 0), hex"08ff82d1ffaf07");
        vm.assertEq(_caller.timestamp(0, 0), "");
        vm.expectRevert(abi.encodeWithSelector(Protobuf.SecondsOutOfRange.selector, int64(-62_135_596_801)));
        _caller.timestamp(-62_135_596_801, 0);
        vm.expectRevert(abi.encodeWithSelector(Protobuf.SecondsOutOfRange.selector, int64(253_402_300_800)));
        _caller.timestamp(253_402_300_800, 0);
        vm.expectRevert(abi.encodeWithSelector(Protobuf.NanosOutOfRange.selector, uint32(1_000_000_000)));
        _caller.timestamp(0, 1_000_000_000);
    }
}
