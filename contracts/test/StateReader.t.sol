// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {RLP} from "@openzeppelin/contracts/utils/RLP.sol";
import {LedgerSetup} from "./base/LedgerSetup.sol";
import {StateModel} from "./base/StateModel.sol";
import {TrieBuilder} from "./base/TrieBuilder.sol";
import {ICheckpointLedger} from "../src/interfaces/ICheckpointLedger.sol";
import {IStateReader} from "../src/interfaces/IStateReader.sol";
import {Checkpoint} from "../src/interfaces/Types.sol";
import {StateProofs} from "../src/lib/StateProofs.sol";
import {TrieWalk} from "../src/lib/TrieWalk.sol";

contract StateReaderTest is LedgerSetup {
    using TrieBuilder for TrieBuilder.Trie;
    using StateModel for TrieBuilder.Trie;

    /// One recorded answer of a real node.
    struct Recorded {
        address account;
        bytes32 slot;
        uint256 value;
        uint256 balance;
        uint256 nonce;
        bytes[] accountProof;
        bytes[] storageProof;
    }

    uint256 private constant RECORDED = 14;
    IStateReader private _reader;
    string private _json;

    function setUp() public override {
        super.setUp();
        _reader = newReader(ledger);
        _json = vm.readFile("test/fixtures/state-proofs.json");
    }

    function _any() private pure returns (IStateReader.Age memory) {
        return IStateReader.Age(0, type(uint64).max);
    }

    function _hold(bytes32 stateRoot) private returns (Checkpoint memory c) {
        vm.warp(block.timestamp + 1);
        c = checkpointAt(OTHER, ledger.chain(OTHER).headHeight + INTERVAL);
        c.stateRoot = stateRoot;
        assertOutcome(submit(attest(c)), ICheckpointLedger.Outcome.Updated);
    }

    function _recorded(uint256 i) private view returns (Recorded memory r) {
        string memory at_ = string.concat(".cases[", vm.toString(i), "]");
        r.account = vm.parseJsonAddress(_json, string.concat(at_, ".account"));
        r.slot = vm.parseJsonBytes32(_json, string.concat(at_, ".slot"));
        r.value = uint256(vm.parseJsonBytes32(_json, string.concat(at_, ".value")));
        r.balance = uint256(vm.parseJsonBytes32(_json, string.concat(at_, ".balance")));
        r.nonce = uint256(vm.parseJsonBytes32(_json, string.concat(at_, ".nonce")));
        r.accountProof = vm.parseJsonBytesArray(_json, string.concat(at_, ".accountProof"));
        r.storageProof = vm.parseJsonBytesArray(_json, string.concat(at_, ".storageProof"));
    }

    function _read(Checkpoint memory c, Recorded memory r) private view returns (bool, uint256) {
        return _reader.readStorage(c, r.account, r.slot, r.accountProof, r.storageProof, _any());
    }

    function test_readsWhatARealNodeAnswers() external {
        Checkpoint memory c = _hold(vm.parseJsonBytes32(_json, ".stateRoot"));
        for (uint256 i = 0; i < RECORDED; ++i) {
            Recorded memory r = _recorded(i);
            (bool exists, uint256 value) = _read(c, r);
            vm.assertEq(value, r.value, "value");
            vm.assertEq(exists, r.value != 0, "exists");
            IStateReader.Account memory a = _reader.readAccount(c, r.account, r.accountProof, _any());
            vm.assertEq(a.exists, i < 11, "account exists");
            vm.assertEq(a.balance, r.balance, "balance");
            vm.assertEq(a.nonce, r.nonce, "nonce");
            if (!a.exists) vm.assertEq(a.codeHash, bytes32(0));
        }
    }

    function test_oneRecordedProofShowsNoOtherSlotOrAccount() external {
        Checkpoint memory c = _hold(vm.parseJsonBytes32(_json, ".stateRoot"));
        Recorded memory present = _recorded(0);
        Recorded memory other = _recorded(1);
        present.slot = other.slot;
        vm.expectRevert();
        this.read(c, present);
        present = _recorded(0);
        present.account = _recorded(10).account;
        vm.expectRevert();
        this.read(c, present);
    }

    function test_aMissingStorageProofIsNoAbsence() external {
        Checkpoint memory c = _hold(vm.parseJsonBytes32(_json, ".stateRoot"));
        Recorded memory r = _recorded(0);
        r.storageProof = new bytes[](0);
        vm.expectRevert(abi.encodeWithSelector(TrieWalk.TrieProofIncomplete.selector, 0));
        this.read(c, r);
        r = _recorded(0);
        r.accountProof = new bytes[](0);
        vm.expectRevert(abi.encodeWithSelector(TrieWalk.TrieProofIncomplete.selector, 0));
        this.read(c, r);
    }

    /// forge-config: default.fuzz.runs = 128
    function testFuzz_anyFlippedBitOfARecordedProofReverts(uint256 which, uint256 node, uint256 bit) external {
        Checkpoint memory c = _hold(vm.parseJsonBytes32(_json, ".stateRoot"));
        Recorded memory r = _recorded(which % RECORDED);
        node = node % (r.accountProof.length + r.storageProof.length);
        bytes memory target =
            node < r.accountProof.length ? r.accountProof[node] : r.storageProof[node - r.accountProof.length];
        bit = bit % (8 * target.length);
        target[bit / 8] ^= bytes1(uint8(1 << (bit % 8)));
        vm.expectRevert();
        this.read(c, r);
    }

    /// Any word in any small state, from one-byte words that are embedded in branches to full ones.
    /// forge-config: default.fuzz.runs = 48
    function testFuzz_readsEveryWordOfAnyState(uint256 seed, uint8 size, uint8 bystanders) external {
        address account = address(uint160(uint256(keccak256(abi.encode(seed)))));
        uint256 n = bound(size, 0, 12);
        bytes32[] memory slots = new bytes32[](n);
        uint256[] memory words = new uint256[](n);
        for (uint256 i = 0; i < n; ++i) {
            slots[i] = bytes32(i);
            words[i] = uint256(keccak256(abi.encode(seed, i))) >> (8 * (uint256(keccak256(abi.encode(i, seed))) % 32));
            if (i % 4 == 3) words[i] = 0;
        }
        (TrieBuilder.Trie memory state, TrieBuilder.Trie memory storage_) =
            StateModel.build(account, slots, words, bound(bystanders, 0, 6));
        Checkpoint memory c = _hold(state.root());
        bytes[] memory accountProof = state.proveAccount(account);
        for (uint256 i = 0; i < n + 2; ++i) {
            (bool exists, uint256 value) =
                _reader.readStorage(c, account, bytes32(i), accountProof, storage_.proveSlot(bytes32(i)), _any());
            vm.assertEq(value, i < n ? words[i] : 0);
            vm.assertEq(exists, value != 0);
        }
        IStateReader.Account memory a = _reader.readAccount(c, account, accountProof, _any());
        vm.assertTrue(a.exists);
        vm.assertEq(a.nonce, StateModel.NONCE);
        vm.assertEq(a.balance, StateModel.BALANCE);
        vm.assertEq(a.storageRoot, storage_.root());
        vm.assertEq(a.codeHash, StateModel.CODE_HASH);
    }

    function test_aWordThatIsNotEncodedTheShortestWayIsRefused() external {
        bytes[9] memory bad = [
            bytes(hex"820001"), // leading zero
            hex"80", // zero
            hex"00",
            hex"010203", // bytes behind it
            hex"c101", // list
            hex"8101",
            hex"b80180",
            hex"8280", // cut off
            bytes.concat(hex"a1", new bytes(33))
        ];
        for (uint256 i = 0; i < bad.length; ++i) {
            TrieBuilder.Trie memory words = TrieBuilder.Trie(new bytes32[](1), new bytes[](1));
            (words.keys[0], words.values[0]) = (keccak256(abi.encode(bytes32(0))), bad[i]);
            TrieBuilder.Trie memory state = TrieBuilder.Trie(new bytes32[](1), new bytes[](1));
            state.keys[0] = keccak256(abi.encodePacked(address(this)));
            state.values[0] = StateModel.encodeAccount(1, 1, words.root(), bytes32(uint256(1)));
            Checkpoint memory c = _hold(state.root());
            bytes[] memory accountProof = state.proveAccount(address(this));
            bytes[] memory storageProof = words.proveSlot(bytes32(0));
            vm.expectRevert(abi.encodeWithSelector(StateProofs.StorageValueMalformed.selector, bytes32(0)));
            _reader.readStorage(c, address(this), bytes32(0), accountProof, storageProof, _any());
        }
    }

    function test_aMalformedAccountIsRefused() external {
        bytes memory hashes = abi.encodePacked(hex"a0", bytes32(uint256(1)), hex"a0", bytes32(uint256(2)));
        bytes[17] memory bad = [
            bytes(hex"01"),
            hex"c0",
            hex"c401020304",
            hex"c20102",
            bytes.concat(hex"f845", hex"0203", hashes, hex"01"), // a fifth field
            bytes.concat(hex"f844", hex"0203", hashes, hex"01"), // a byte behind the list
            bytes.concat(hex"f843", hex"0203", hashes), // list shorter than its items
            bytes.concat(hex"f845", hex"0203", hashes), // longer
            bytes.concat(hex"b844", hex"0203", hashes), // string
            bytes.concat(hex"f90044", hex"0203", hashes), // length with a leading zero
            bytes.concat(hex"f844", hex"0003", hashes), // nonce with a leading zero
            bytes.concat(hex"f846", hex"03820001", hashes), // balance with a leading zero
            bytes.concat(hex"f844", hex"c003", hashes), // list in place of the nonce
            bytes.concat(hex"f84d", hex"89010000000000000000", hex"03", hashes), // EIP-2681
            bytes.concat(hex"f865", hex"02", hex"a1", new bytes(33), hashes), // balance above 256 bits
            bytes.concat(hex"f843", hex"0203a0", bytes32(uint256(1)), hex"9f", bytes31(uint248(2))), // short hash
            bytes.concat(hex"f844", hex"0203a0", bytes32(uint256(1)), hex"e0", bytes32(uint256(2))) // list for a hash
        ];
        for (uint256 i = 0; i < bad.length; ++i) {
            TrieBuilder.Trie memory state = TrieBuilder.Trie(new bytes32[](1), new bytes[](1));
            (state.keys[0], state.values[0]) = (keccak256(abi.encodePacked(address(this))), bad[i]);
            Checkpoint memory c = _hold(state.root());
            bytes[] memory proof = state.proveAccount(address(this));
            vm.expectRevert(abi.encodeWithSelector(StateProofs.AccountMalformed.selector, address(this)));
            _reader.readAccount(c, address(this), proof, _any());
        }
    }

    function test_anAccountsFieldsAtTheirLimits() external {
        bytes[] memory fields = new bytes[](4);
        fields[0] = hex"88ffffffffffffffff";
        fields[1] = bytes.concat(hex"a0", bytes32(type(uint256).max));
        (fields[2], fields[3]) =
        (bytes.concat(hex"a0", bytes32(uint256(1))), bytes.concat(hex"a0", bytes32(uint256(2))));
        TrieBuilder.Trie memory state = TrieBuilder.Trie(new bytes32[](1), new bytes[](1));
        (state.keys[0], state.values[0]) = (keccak256(abi.encodePacked(address(this))), RLP.encode(fields));
        Checkpoint memory c = _hold(state.root());
        IStateReader.Account memory a = _reader.readAccount(c, address(this), state.proveAccount(address(this)), _any());
        vm.assertEq(a.nonce, type(uint64).max);
        vm.assertEq(a.balance, type(uint256).max);
        vm.assertEq(a.storageRoot, bytes32(uint256(1)));
        vm.assertEq(a.codeHash, bytes32(uint256(2)));
    }

    function test_minAgeCountsFromAcceptanceToTheSecond() external {
        Checkpoint memory c = _hold(TrieWalk.EMPTY_ROOT);
        bytes[] memory none = new bytes[](0);
        uint256 t = block.timestamp;
        vm.warp(t + 59);
        vm.expectRevert(abi.encodeWithSelector(IStateReader.CheckpointTooYoung.selector, 59, 60));
        _reader.readAccount(c, address(1), none, IStateReader.Age(60, type(uint64).max));
        vm.warp(t + 60);
        _reader.readAccount(c, address(1), none, IStateReader.Age(60, type(uint64).max));
    }

    function test_maxAgeCountsFromTheSourceBlockToTheSecond() external {
        Checkpoint memory c = _hold(TrieWalk.EMPTY_ROOT);
        bytes[] memory none = new bytes[](0);
        vm.warp(c.timestamp + 60);
        _reader.readAccount(c, address(1), none, IStateReader.Age(0, 60));
        vm.warp(c.timestamp + 61);
        vm.expectRevert(abi.encodeWithSelector(IStateReader.CheckpointTooOld.selector, 61, 60));
        _reader.readAccount(c, address(1), none, IStateReader.Age(0, 60));
    }

    function testFuzz_agesBoundEveryRead(uint64 wait, uint64 minAge, uint64 maxAge) external {
        Checkpoint memory c = _hold(TrieWalk.EMPTY_ROOT);
        uint256 waited = bound(wait, 0, 1000);
        IStateReader.Age memory age = IStateReader.Age(uint64(bound(minAge, 0, 1000)), uint64(bound(maxAge, 0, 1000)));
        vm.warp(block.timestamp + waited);
        bool allowed = waited >= age.minAge && waited <= age.maxAge;
        try _reader.readAccount(c, address(1), new bytes[](0), age) returns (IStateReader.Account memory) {
            vm.assertTrue(allowed);
        } catch {
            vm.assertFalse(allowed);
        }
    }

    function test_aSourceClockAheadOfOursHasNoAge() external {
        Checkpoint memory c = checkpointAt(OTHER, 64);
        c.timestamp += DRIFT;
        c.stateRoot = TrieWalk.EMPTY_ROOT;
        submit(attest(c));
        _reader.readAccount(c, address(1), new bytes[](0), IStateReader.Age(0, 0));
    }

    function test_readsRevertWhileTheChainIsFrozen() external {
        Checkpoint memory c = _hold(TrieWalk.EMPTY_ROOT);
        vm.prank(GUARDIAN);
        ledger.freeze(OTHER);
        bytes[] memory none = new bytes[](0);
        bytes memory reason =
            abi.encodeWithSelector(ICheckpointLedger.ChainIsFrozen.selector, OTHER, ICheckpointLedger.Freeze.Guardian);
        vm.expectRevert(reason);
        _reader.readAccount(c, address(1), none, _any());
        vm.expectRevert(reason);
        _reader.readStorage(c, address(1), 0, none, none, _any());
    }

    function test_aStateRootThatIsNotHeldIsNotRead() external {
        Checkpoint memory c = _hold(bytes32(uint256(1)));
        c.stateRoot = TrieWalk.EMPTY_ROOT;
        bytes[] memory none = new bytes[](0);
        vm.expectRevert(abi.encodeWithSelector(ICheckpointLedger.CheckpointNotHeld.selector, OTHER, 64));
        _reader.readAccount(c, address(1), none, _any());
    }

    function read(Checkpoint calldata c, Recorded calldata r) external view returns (bool, uint256) {
        return _reader.readStorage(c, r.account, r.slot, r.accountProof, r.storageProof, _any());
    }
}
