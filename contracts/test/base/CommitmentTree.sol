// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {NaiveCometBft} from "./NaiveCometBft.sol";

/// Trees as the Cosmos SDK keeps them, and their ICS-23 proofs in protobuf, made from the trees' own definitions: IAVL
/// of any shape, and CometBFT's simple tree. Keys are sorted.
library CommitmentTree {
    /// @param seed  of an IAVL tree's shape and versions
    struct Tree {
        bool iavl;
        uint256 seed;
        bytes[] keys;
        bytes[] values;
    }

    /// A node with its place: the leaves from `from` to before `to`.
    struct Node {
        bytes32 hash;
        uint256 height;
    }

    function root(Tree memory t) internal pure returns (bytes32) {
        return _node(t, 0, t.keys.length).hash;
    }

    /// ExistenceProof of a leaf.
    function existence(Tree memory t, uint256 i) internal pure returns (bytes memory) {
        bytes memory prefix = t.iavl ? bytes.concat(hex"0002", _zigzag(_version(t, i, i + 1))) : bytes(hex"00");
        bytes memory leafOp = bytes.concat(hex"080118012001", NaiveCometBft.message(5, prefix));
        return bytes.concat(
            NaiveCometBft.message(1, t.keys[i]),
            NaiveCometBft.message(2, t.values[i]),
            NaiveCometBft.message(3, leafOp),
            _path(t, i, 0, t.keys.length)
        );
    }

    /// CommitmentProof of what is there.
    function present(Tree memory t, uint256 i) internal pure returns (bytes memory) {
        return NaiveCometBft.message(1, existence(t, i));
    }

    /// CommitmentProof of the absence of a key that would stand before leaf i.
    function absent(Tree memory t, uint256 i, bytes memory key) internal pure returns (bytes memory) {
        bytes memory proof = NaiveCometBft.message(1, key);
        if (i > 0) proof = bytes.concat(proof, NaiveCometBft.message(2, existence(t, i - 1)));
        if (i < t.keys.length) proof = bytes.concat(proof, NaiveCometBft.message(3, existence(t, i)));
        return NaiveCometBft.message(2, proof);
    }

    /// Inner operations from leaf i up to the node over [from, to).
    function _path(Tree memory t, uint256 i, uint256 from, uint256 to) private pure returns (bytes memory) {
        if (to - from == 1) return "";
        uint256 split = _split(t, from, to);
        (Node memory left, Node memory right) = (_node(t, from, split), _node(t, split, to));
        bytes memory header = _header(t, from, to, left, right);
        bytes memory length = t.iavl ? bytes(hex"20") : bytes("");
        if (i < split) {
            return bytes.concat(
                _path(t, i, from, split), innerOp(bytes.concat(header, length), bytes.concat(length, right.hash))
            );
        }
        return
            bytes.concat(_path(t, i, split, to), innerOp(bytes.concat(header, length, left.hash, length), ""));
    }

    /// A path's element.
    function innerOp(bytes memory prefix, bytes memory suffix) internal pure returns (bytes memory) {
        bytes memory op = bytes.concat(hex"0801", NaiveCometBft.message(2, prefix));
        if (suffix.length != 0) op = bytes.concat(op, NaiveCometBft.message(3, suffix));
        return NaiveCometBft.message(4, op);
    }

    function _node(Tree memory t, uint256 from, uint256 to) private pure returns (Node memory n) {
        if (to - from == 1) {
            bytes memory content = bytes.concat(
                NaiveCometBft.varint(t.keys[from].length), t.keys[from], hex"20", sha256(t.values[from])
            );
            if (!t.iavl) return Node(sha256(bytes.concat(hex"00", content)), 0);
            return Node(sha256(bytes.concat(hex"0002", _zigzag(_version(t, from, to)), content)), 0);
        }
        uint256 split = _split(t, from, to);
        (Node memory left, Node memory right) = (_node(t, from, split), _node(t, split, to));
        bytes memory length = t.iavl ? bytes(hex"20") : bytes("");
        n.height = 1 + (left.height > right.height ? left.height : right.height);
        n.hash = sha256(bytes.concat(_header(t, from, to, left, right), length, left.hash, length, right.hash));
    }

    function _header(Tree memory t, uint256 from, uint256 to, Node memory left, Node memory right)
        private
        pure
        returns (bytes memory)
    {
        if (!t.iavl) return hex"01";
        uint256 height = 1 + (left.height > right.height ? left.height : right.height);
        return bytes.concat(_zigzag(height), _zigzag(to - from), _zigzag(_version(t, from, to)));
    }

    function _split(Tree memory t, uint256 from, uint256 to) private pure returns (uint256 split) {
        if (t.iavl) return from + 1 + uint256(keccak256(abi.encode(t.seed, from, to))) % (to - from - 1);
        split = 1;
        while (2 * split < to - from) split *= 2;
        return from + split;
    }

    /// Versions of up to five bytes.
    function _version(Tree memory t, uint256 from, uint256 to) private pure returns (uint256 version) {
        version = uint256(keccak256(abi.encode("version", t.seed, from, to)));
        return (version & 0x3ffffffff) >> (version >> 64) % 34;
    }

    /// Go's signed varint of a number that is not negative.
    function _zigzag(uint256 v) private pure returns (bytes memory) {
        return NaiveCometBft.varint(2 * v);
    }
}
