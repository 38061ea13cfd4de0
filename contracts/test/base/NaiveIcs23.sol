// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {NaiveCometBft} from "./NaiveCometBft.sol";

/// The smallest applications that have inner nodes, with ICS-23 proofs: two stores (simple tree), one of them with two
/// records (IAVL), or with one where a record is to be absent.
library NaiveIcs23 {
    struct Proofs {
        bytes32 appHash;
        bytes storeProof;
        bytes rootProof;
    }

    /// Of a leaf: height 0, size 1, version 5, each doubled, as signed numbers are.
    bytes private constant RECORD = hex"00020a";
    /// Of a node over two leaves: height 1, size 2, version 5; and the length of a child.
    bytes private constant RECORDS = hex"02040a20";
    bytes private constant STORE = hex"00";
    bytes private constant STORES = hex"01";

    /// The record is the right one of its store.
    function present(string memory store, bytes memory key, bytes memory value)
        internal
        pure
        returns (Proofs memory p)
    {
        bytes memory left = bytes.concat(RECORDS, sha256("the left record"), hex"20");
        p.storeProof = NaiveCometBft.message(1, _existence(RECORD, key, value, left));
        _application(p, store, sha256(bytes.concat(left, _leaf(RECORD, key, value))));
    }

    /// The store's one record comes before the key that is not there.
    function absent(string memory store, bytes memory key, bytes memory before)
        internal
        pure
        returns (Proofs memory p)
    {
        bytes memory neighbour = _leafProof(RECORD, before, "a record");
        p.storeProof = NaiveCometBft.message(
            2, bytes.concat(NaiveCometBft.message(1, key), NaiveCometBft.message(2, neighbour))
        );
        _application(p, store, _leaf(RECORD, before, "a record"));
    }

    /// The store is the right one of its application.
    function _application(Proofs memory p, string memory store, bytes32 root) private pure {
        bytes memory left = bytes.concat(STORES, sha256("the left store"));
        p.rootProof = NaiveCometBft.message(1, _existence(STORE, bytes(store), bytes.concat(root), left));
        p.appHash = sha256(bytes.concat(left, _leaf(STORE, bytes(store), bytes.concat(root))));
    }

    /// @param left  what the node above the leaf is hashed from, before the leaf's own hash
    function _existence(bytes memory prefix, bytes memory key, bytes memory value, bytes memory left)
        private
        pure
        returns (bytes memory)
    {
        bytes memory innerOp = bytes.concat(hex"0801", NaiveCometBft.message(2, left));
        return bytes.concat(_leafProof(prefix, key, value), NaiveCometBft.message(4, innerOp));
    }

    function _leafProof(bytes memory prefix, bytes memory key, bytes memory value)
        private
        pure
        returns (bytes memory)
    {
        // SHA-256; of the value, too; lengths as varints
        bytes memory leafOp = bytes.concat(hex"080118012001", NaiveCometBft.message(5, prefix));
        return bytes.concat(
            NaiveCometBft.message(1, key), NaiveCometBft.message(2, value), NaiveCometBft.message(3, leafOp)
        );
    }

    function _leaf(bytes memory prefix, bytes memory key, bytes memory value) private pure returns (bytes32) {
        return sha256(bytes.concat(prefix, NaiveCometBft.varint(key.length), key, hex"20", sha256(value)));
    }
}
