// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {CometBftChain} from "../base/CometBftChain.sol";
import {CommitmentTree} from "../base/CommitmentTree.sol";
import {Ics23Caller} from "../base/Ics23Caller.sol";
import {AppStateReader} from "../../src/cometbft/AppStateReader.sol";
import {Ics23} from "../../src/cometbft/Ics23.sol";
import {Ics23Ops} from "../../src/cometbft/Ics23Ops.sol";
import {IAppStateReader} from "../../src/interfaces/IAppStateReader.sol";
import {ICometBftLedger} from "../../src/interfaces/ICometBftLedger.sol";

/// The vectors that ICS-23 publishes for both kinds of tree: existence and absence, at the left end, in the middle and
/// at the right end. Its batches are refused whole (Ics23Test).
contract Ics23VectorsTest is CometBftChain {
    using CommitmentTree for CommitmentTree.Tree;

    uint256 private constant OF_EACH_TREE = 6;

    struct Vector {
        Ics23Ops.Tree tree;
        bool exists;
        bytes32 root;
        bytes key;
        bytes value;
        bytes proof;
    }

    Ics23Caller private _caller = new Ics23Caller();

    function test_eachIsReadAsPublished() external view {
        for (uint256 i = 0; i < 2 * OF_EACH_TREE; ++i) {
            Vector memory v = _vector(i);
            (bool exists, bytes memory value) = _caller.read(v.tree, v.root, v.key, v.proof);
            vm.assertEq(exists, v.exists);
            vm.assertEq(value, v.value);
        }
    }

    /// The roots of the IAVL vectors as stores of one application, under the app hash of a header that the ledger took.
    function test_eachStoreIsReadUnderAnAppHash() external {
        CommitmentTree.Tree memory stores;
        (stores.keys, stores.values) = (new bytes[](OF_EACH_TREE), new bytes[](OF_EACH_TREE));
        for (uint256 i = 0; i < OF_EACH_TREE; ++i) {
            stores.keys[i] = abi.encodePacked("store-", uint8(97 + i));
            stores.values[i] = abi.encodePacked(_vector(i).root);
        }
        ICometBftLedger.Header memory h = headerAt(105, timeAt(105), set, set);
        h.appHash = stores.root();
        submit(sign(h, set, 0, 3));
        AppStateReader reader = new AppStateReader(ledger);
        IAppStateReader.Age memory age = IAppStateReader.Age(0, type(uint64).max);
        for (uint256 i = 0; i < OF_EACH_TREE; ++i) {
            Vector memory v = _vector(i);
            (bool exists, bytes memory value) =
                reader.readStore(stateOf(h), string(stores.keys[i]), v.key, v.proof, stores.present(i), age);
            vm.assertEq(exists, v.exists);
            vm.assertEq(value, v.value);
        }
    }

    /// One bit of each byte is wrong at a time; but for the key in a proof of absence, which shows nothing.
    function test_aWrongBitInAnyByteIsRefused() external view {
        for (uint256 i = 0; i < 2 * OF_EACH_TREE; ++i) {
            Vector memory v = _vector(i);
            uint256 unused = v.exists ? 0 : 5; // two tags and their lengths, one of two bytes, stand before the key
            for (uint256 place = 0; place < v.proof.length; ++place) {
                if (unused != 0 && place >= unused && place < unused + v.key.length) continue;
                bytes1 mask = bytes1(uint8(1 << (place % 8)));
                v.proof[place] ^= mask;
                vm.assertTrue(_isRefused(v));
                v.proof[place] ^= mask;
            }
            vm.assertFalse(_isRefused(v));
        }
    }

    function test_anotherKeyRootOrTreeIsRefused() external {
        for (uint256 i = 0; i < 2 * OF_EACH_TREE; ++i) {
            Vector memory v = _vector(i);
            bytes memory other = v.exists ? bytes.concat(v.key, hex"00") : _neighbour(v);
            vm.expectPartialRevert(v.exists ? Ics23.KeyMismatch.selector : Ics23.KeyNotBetween.selector);
            _caller.read(v.tree, v.root, other, v.proof);
            vm.expectPartialRevert(Ics23.RootMismatch.selector);
            _caller.read(v.tree, ~v.root, v.key, v.proof);
            Ics23Ops.Tree tree = v.tree == Ics23Ops.Tree.Iavl ? Ics23Ops.Tree.Simple : Ics23Ops.Tree.Iavl;
            vm.expectRevert(Ics23Ops.LeafPrefixMalformed.selector);
            _caller.read(tree, v.root, v.key, v.proof);
        }
    }

    function _isRefused(Vector memory v) private view returns (bool) {
        try _caller.read(v.tree, v.root, v.key, v.proof) {
            return false;
        } catch {
            return true;
        }
    }

    /// The key of the first leaf that a proof of absence shows: behind the absent key, the tags and lengths of the leaf
    /// and of its key.
    function _neighbour(Vector memory v) private pure returns (bytes memory key) {
        uint256 place = 5 + v.key.length + 3;
        vm.assertEq(uint8(v.proof[place]), 0x0a);
        key = new bytes(uint8(v.proof[place + 1]));
        for (uint256 i = 0; i < key.length; ++i) {
            key[i] = v.proof[place + 2 + i];
        }
    }

    /// IAVL's first, of each tree those of existence first.
    function _vector(uint256 i) private view returns (Vector memory v) {
        bool iavl = i < OF_EACH_TREE;
        string memory json = vm.readFile("test/fixtures/ics23.json");
        string memory at_ = string.concat(iavl ? ".iavl[" : ".simple[", vm.toString(i % OF_EACH_TREE), "]");
        v.tree = iavl ? Ics23Ops.Tree.Iavl : Ics23Ops.Tree.Simple;
        v.exists = i % OF_EACH_TREE < OF_EACH_TREE / 2;
        v.root = vm.parseJsonBytes32(json, string.concat(at_, ".root"));
        v.key = vm.parseJsonBytes(json, string.concat(at_, ".key"));
        v.value = vm.parseJsonBytes(json, string.concat(at_, ".value"));
        v.proof = vm.parseJsonBytes(json, string.concat(at_, ".proof"));
    }
}
