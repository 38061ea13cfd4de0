// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {RLP} from "@openzeppelin/contracts/utils/RLP.sol";
import {DeepTrie} from "./base/DeepTrie.sol";
import {LedgerSetup} from "./base/LedgerSetup.sol";
import {StateModel} from "./base/StateModel.sol";
import {IStateReader} from "../src/interfaces/IStateReader.sol";
import {Checkpoint} from "../src/interfaces/Types.sol";

/// What a read costs at the depth of large chains, with cold storage: the call alone, and a transaction that does
/// nothing else, which adds intrinsic gas and calldata. Where EIP-7623 holds, calldata also sets a least price for a
/// transaction, whatever it does.
/// forge-config: default.isolate = true
contract StateReaderGasTest is LedgerSetup {
    address private constant ACCOUNT = address(0xacc0);
    bytes32 private constant SLOT = keccak256("slot");
    uint256 private constant WORD = uint256(keccak256("word"));

    uint256 private constant LIMIT = 250_000;

    IStateReader private _reader;

    function setUp() public override {
        super.setUp();
        _reader = newReader(ledger);
    }

    /// A few accounts, a few words.
    function test_smallTries() external {
        _measure("small", DeepTrie.Shape(0, 2), DeepTrie.Shape(0, 1));
    }

    /// 300 million accounts fill seven levels, 20 million words six; a sparse branch follows.
    function test_mainnet() external {
        _measure("7 + 6 full branches", DeepTrie.Shape(7, 1), DeepTrie.Shape(6, 1));
    }

    function test_deeperThanMainnet() external {
        _measure("9 + 6 full branches", DeepTrie.Shape(9, 0), DeepTrie.Shape(6, 0));
    }

    function _measure(string memory name, DeepTrie.Shape memory accounts, DeepTrie.Shape memory words) private {
        bytes32 key = keccak256(abi.encode(SLOT));
        (bytes32 storageRoot, bytes[] memory storageProof) = DeepTrie.withLeaf(words, key, RLP.encode(WORD));
        _read(string.concat("word: ", name), accounts, storageRoot, storageProof);

        // Absent at another word's leaf, so that the way is as long.
        (storageRoot, storageProof) = DeepTrie.withLeaf(words, key ^ bytes32(uint256(1)), RLP.encode(WORD));
        _read(string.concat("absent word: ", name), accounts, storageRoot, storageProof);
    }

    function _read(
        string memory name,
        DeepTrie.Shape memory accounts,
        bytes32 storageRoot,
        bytes[] memory storageProof
    ) private {
        bytes memory account = StateModel.encodeAccount(1, 10 ether, storageRoot, StateModel.CODE_HASH);
        (bytes32 stateRoot, bytes[] memory accountProof) =
            DeepTrie.withLeaf(accounts, keccak256(abi.encodePacked(ACCOUNT)), account);
        Checkpoint memory c = _hold(stateRoot);
        IStateReader.Age memory age = IStateReader.Age(0, type(uint64).max);
        _measure(
            name, abi.encodeCall(IStateReader.readStorage, (c, ACCOUNT, SLOT, accountProof, storageProof, age))
        );
    }

    function _measure(string memory name, bytes memory data) private {
        (bool ok,) = address(_reader).staticcall(data);
        vm.snapshotGasLastCall(string.concat(name, ": call"));
        vm.assertTrue(ok);
        (ok,) = address(_reader).call(data); // forge makes a transaction of it
        uint256 used = vm.snapshotGasLastCall(string.concat(name, ": transaction"));
        vm.snapshotValue(string.concat(name, ": least price by EIP-7623"), 21_000 + 10 * _tokens(data));
        vm.assertLt(used, LIMIT, name);
    }

    function _hold(bytes32 stateRoot) private returns (Checkpoint memory c) {
        vm.warp(block.timestamp + 1);
        c = checkpointAt(OTHER, ledger.chain(OTHER).headHeight + INTERVAL);
        c.stateRoot = stateRoot;
        submit(attest(c));
    }

    function _tokens(bytes memory data) private pure returns (uint256 tokens) {
        for (uint256 i = 0; i < data.length; ++i) {
            tokens += data[i] == 0 ? 1 : 4;
        }
    }
}
