// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Base64} from "./Base64.sol";
import {PhalanxTest} from "./PhalanxTest.sol";
import {Rfc3339} from "./Rfc3339.sol";
import {ICometBftLedger} from "../../src/interfaces/ICometBftLedger.sol";

/// Recorded answers of a Cosmos Hub node, where they are present beside the project.
abstract contract RecordedHub is PhalanxTest {
    string private constant FOLDER = "../../shared/fixtures/cosmoshub-4/";
    string private constant HEADER = ".result.signed_header.header.";
    string private constant COMMIT = ".result.signed_header.commit.";

    /// @param id          as the commit says it
    /// @param validators  packed, in order
    /// @param secs,nanos  of each vote; zeros where `signed` says no
    struct Block {
        ICometBftLedger.Header header;
        ICometBftLedger.BlockId id;
        uint32 round;
        bytes validators;
        int64[] secs;
        uint32[] nanos;
        bool[] signed;
    }

    modifier withRecordedHub() {
        vm.skip(!_isPresent(), "no recorded chain data beside the project");
        _;
    }

    /// forge refuses even to look for a file in a permitted folder that is not there.
    function _isPresent() private view returns (bool) {
        try vm.exists(string.concat(FOLDER, "commit.8619996.json")) returns (bool present) {
            return present;
        } catch {
            return false;
        }
    }

    function recordedBlock(uint256 height) internal view returns (Block memory b) {
        string memory json = vm.readFile(string.concat(FOLDER, "commit.", vm.toString(height), ".json"));
        b.header = _header(json);
        b.round = uint32(vm.parseJsonUint(json, string.concat(COMMIT, "round")));
        b.id = _blockId(json, string.concat(COMMIT, "block_id"));
        json = vm.readFile(string.concat(FOLDER, "validators.", vm.toString(height), ".json"));
        b.validators = new bytes(40 * _count(json, ".result.validators", ".voting_power"));
        for (uint256 i = 0; i < b.validators.length / 40; ++i) {
            _putValidator(b.validators, i, json);
        }
        json = vm.readFile(string.concat(FOLDER, "commit.", vm.toString(height), ".json"));
        uint256 n = _count(json, string.concat(COMMIT, "signatures"), ".block_id_flag");
        (b.secs, b.nanos, b.signed) = (new int64[](n), new uint32[](n), new bool[](n));
        for (uint256 i = 0; i < n; ++i) {
            (b.secs[i], b.nanos[i], b.signed[i]) = _time(json, i);
        }
    }

    function _putValidator(bytes memory set, uint256 i, string memory json) private pure givesMemoryBack {
        string memory at_ = string.concat(".result.validators[", vm.toString(i), "].");
        bytes memory key = Base64.decode(vm.parseJsonString(json, string.concat(at_, "pub_key.value")));
        uint256 power = vm.parseJsonUint(json, string.concat(at_, "voting_power"));
        assembly ("memory-safe") {
            let to := add(add(set, 32), mul(40, i))
            mstore(to, mload(add(key, 32)))
            for { let k := 0 } lt(k, 8) { k := add(k, 1) } { mstore8(add(to, sub(39, k)), shr(mul(8, k), power)) }
        }
    }

    function _time(string memory json, uint256 i)
        private
        pure
        givesMemoryBack
        returns (int64 secs, uint32 nanos, bool signed)
    {
        string memory at_ = string.concat(COMMIT, "signatures[", vm.toString(i), "].");
        signed = vm.parseJsonUint(json, string.concat(at_, "block_id_flag")) == 2;
        if (signed) (secs, nanos) = Rfc3339.parse(vm.parseJsonString(json, string.concat(at_, "timestamp")));
    }

    /// Elements of an array, by the presence of a field.
    function _count(string memory json, string memory array, string memory field) private view returns (uint256 n) {
        while (_has(json, string.concat(array, "[", vm.toString(n), "]", field))) ++n;
    }

    function _has(string memory json, string memory key) private view givesMemoryBack returns (bool) {
        return vm.keyExistsJson(json, key);
    }

    /// Each question carries the whole text; what it leaves in memory would cost more than a block has.
    modifier givesMemoryBack() {
        uint256 free;
        assembly ("memory-safe") {
            free := mload(0x40)
        }
        _;
        assembly ("memory-safe") {
            mstore(0x40, free)
        }
    }

    function _header(string memory json) private pure returns (ICometBftLedger.Header memory h) {
        h.blockVersion = uint64(vm.parseJsonUint(json, string.concat(HEADER, "version.block")));
        h.height = uint64(vm.parseJsonUint(json, string.concat(HEADER, "height")));
        (h.secs, h.nanos) = Rfc3339.parse(vm.parseJsonString(json, string.concat(HEADER, "time")));
        h.lastBlockId = _blockId(json, string.concat(HEADER, "last_block_id"));
        h.lastCommitHash = _hash(json, string.concat(HEADER, "last_commit_hash"));
        h.dataHash = _hash(json, string.concat(HEADER, "data_hash"));
        h.validatorsHash = _hash(json, string.concat(HEADER, "validators_hash"));
        h.nextValidatorsHash = _hash(json, string.concat(HEADER, "next_validators_hash"));
        h.consensusHash = _hash(json, string.concat(HEADER, "consensus_hash"));
        h.appHash = _hash(json, string.concat(HEADER, "app_hash"));
        h.lastResultsHash = _hash(json, string.concat(HEADER, "last_results_hash"));
        h.evidenceHash = _hash(json, string.concat(HEADER, "evidence_hash"));
        h.proposer = bytes20(_hex(json, string.concat(HEADER, "proposer_address")));
    }

    function _blockId(string memory json, string memory at_) private pure returns (ICometBftLedger.BlockId memory id) {
        id.hash = _hash(json, string.concat(at_, ".hash"));
        id.partsTotal = uint32(vm.parseJsonUint(json, string.concat(at_, ".parts.total")));
        id.partsHash = _hash(json, string.concat(at_, ".parts.hash"));
    }

    function _hash(string memory json, string memory at_) private pure returns (bytes32) {
        return bytes32(_hex(json, at_));
    }

    function _hex(string memory json, string memory at_) private pure returns (bytes memory) {
        return vm.parseBytes(string.concat("0x", vm.parseJsonString(json, at_)));
    }
}
