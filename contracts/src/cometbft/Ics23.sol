// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Ics23Ops} from "./Ics23Ops.sol";
import {ProtoReader} from "./ProtoReader.sol";

/// ICS-23 commitment proofs: that a tree holds a value at a key, or nothing. A proof is the CommitmentProof message as
/// a node answers it, in its canonical protobuf encoding, with one existence or non-existence proof in it; batches and
/// compressed proofs are refused. Anything else than a proof reverts, and never reads as absence.
///
/// Operations are compared with the only forms that the two kinds of tree have (Ics23Ops), which is stricter than
/// ICS-23's proof specs: what passes here passes there, and every proof that the trees give passes here.
library Ics23 {
    using ProtoReader for ProtoReader.Cursor;

    uint8 private constant EXIST = 0x0a;
    uint8 private constant NONEXIST = 0x12;
    uint8 private constant KEY = 0x0a;
    uint8 private constant VALUE = 0x12;
    uint8 private constant LEAF = 0x1a;
    uint8 private constant PATH = 0x22;
    uint8 private constant LEFT = 0x12;
    uint8 private constant RIGHT = 0x1a;
    /// ICS-23's bound for a tree without one of its own.
    uint256 private constant MAX_DEPTH = 128;

    /// A leaf that an existence proof shows.
    /// @param path  from the leaf up, of each step an identity of its operation, in the lowest bit whether it comes
    ///              from the left child
    struct Existence {
        bytes key;
        bytes value;
        bytes32 root;
        uint256[] path;
    }

    error ProofUnsupported();
    error ProofTrailingBytes();
    error ProofTooDeep(uint256 max);
    error ProofOfNothing();
    error RootMismatch(bytes32 expected, bytes32 actual);
    error KeyMismatch(bytes expected, bytes actual);
    error KeyNotBetween(bytes key);
    error NotNeighbours();

    /// What a tree holds at a key.
    /// @param root   the tree's
    /// @param key    not empty
    /// @return exists  false if the proof shows that there is nothing at the key
    /// @return value   not empty if it exists
    function read(Ics23Ops.Tree tree, bytes32 root, bytes memory key, bytes calldata proof)
        internal
        view
        returns (bool exists, bytes memory value)
    {
        ProtoReader.Cursor memory c = ProtoReader.over(proof);
        uint8 kind = c.tag();
        if (kind != EXIST && kind != NONEXIST) revert ProofUnsupported();
        (uint256 start, uint256 length) = c.take(kind);
        _requireDone(c);
        c = ProtoReader.over(start, length);
        if (kind == NONEXIST) {
            _requireAbsent(tree, root, key, c);
            return (false, "");
        }
        Existence memory e = _existence(tree, root, c);
        if (keccak256(e.key) != keccak256(key)) revert KeyMismatch(key, e.key);
        return (true, e.value);
    }

    /// Two leaves next to each other, or one at an end, leave no place for the key. The proof names the key, too, which
    /// shows nothing.
    function _requireAbsent(Ics23Ops.Tree tree, bytes32 root, bytes memory key, ProtoReader.Cursor memory c)
        private
        view
    {
        if (c.tag() == KEY) c.take(KEY);
        (bool hasLeft, Existence memory left) = _neighbour(tree, root, c, LEFT);
        (bool hasRight, Existence memory right) = _neighbour(tree, root, c, RIGHT);
        _requireDone(c);
        if (!hasLeft && !hasRight) revert ProofOfNothing();
        bool between = (!hasLeft || _isLess(left.key, key)) && (!hasRight || _isLess(key, right.key));
        if (!between) revert KeyNotBetween(key);

        uint256 l = left.path.length;
        uint256 r = right.path.length;
        if (hasLeft && hasRight) {
            // From the root down to where the ways part: there the one goes left and the other right.
            while (l > 0 && r > 0 && left.path[l - 1] == right.path[r - 1]) (--l, --r);
            if (l == 0 || r == 0) revert NotNeighbours();
            if (!_fromLeft(left.path[--l]) || _fromLeft(right.path[--r])) revert NotNeighbours();
        }
        // Below, or everywhere if there is but one, the left leaf is the last of its subtree and the right the first.
        while (l > 0) if (_fromLeft(left.path[--l])) revert NotNeighbours();
        while (r > 0) if (!_fromLeft(right.path[--r])) revert NotNeighbours();
    }

    function _neighbour(Ics23Ops.Tree tree, bytes32 root, ProtoReader.Cursor memory c, uint8 side)
        private
        view
        returns (bool present, Existence memory e)
    {
        if (c.tag() != side) return (false, e);
        (uint256 start, uint256 length) = c.take(side);
        return (true, _existence(tree, root, ProtoReader.over(start, length)));
    }

    /// Reads an ExistenceProof and hashes its way up to the root.
    function _existence(Ics23Ops.Tree tree, bytes32 root, ProtoReader.Cursor memory c)
        private
        view
        returns (Existence memory e)
    {
        (uint256 start, uint256 length) = c.take(KEY);
        e.key = ProtoReader.load(start, length);
        (start, length) = c.take(VALUE);
        e.value = ProtoReader.load(start, length);
        (start, length) = c.take(LEAF);
        bytes32 node = Ics23Ops.leaf(tree, ProtoReader.over(start, length), e.key, e.value);
        uint256[] memory path = new uint256[](MAX_DEPTH);
        uint256 depth;
        for (; !c.isDone(); ++depth) {
            if (depth == MAX_DEPTH) revert ProofTooDeep(MAX_DEPTH);
            (start, length) = c.take(PATH);
            (node, path[depth]) = Ics23Ops.inner(tree, start, length, depth + 1, node);
        }
        assembly ("memory-safe") {
            mstore(path, depth)
        }
        if (node != root) revert RootMismatch(root, node);
        (e.root, e.path) = (node, path);
    }

    function _fromLeft(uint256 step) private pure returns (bool) {
        return step & 1 == 1;
    }

    function _requireDone(ProtoReader.Cursor memory c) private pure {
        if (!c.isDone()) revert ProofTrailingBytes();
    }

    /// Order of byte strings: by the first byte in which they differ, and a beginning before what it begins.
    function _isLess(bytes memory a, bytes memory b) private pure returns (bool) {
        uint256 shorter = a.length < b.length ? a.length : b.length;
        for (uint256 i = 0; i < shorter; i += 32) {
            uint256 rest = shorter - i;
            uint256 mask = rest < 32 ? ~(type(uint256).max >> (8 * rest)) : type(uint256).max;
            uint256 x;
            uint256 y;
            assembly ("memory-safe") {
                x := and(mload(add(add(a, 32), i)), mask)
                y := and(mload(add(add(b, 32), i)), mask)
            }
            if (x != y) return x < y;
        }
        return a.length < b.length;
    }
}
