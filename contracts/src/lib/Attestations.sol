// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Attestation, Checkpoint} from "../interfaces/Types.sol";

/// The one place on chain that knows an attestation's bytes and what contradicts what.
library Attestations {
    /// The 182 canonical bytes: domain, set commitment, source height, checkpoint; all big-endian.
    function encode(bytes31 domain, Attestation memory a) internal pure returns (bytes memory) {
        Checkpoint memory c = a.checkpoint;
        return abi.encodePacked(
            domain, a.setCommitment, a.sourceHeight, c.chainKey, c.height, c.blockHash, c.stateRoot, c.timestamp
        );
    }

    /// M, what the circuits' signatures are over: the first 31 bytes of SHA-256 as an integer, < 2^248 < FR.
    function message(bytes31 domain, Attestation memory a) internal pure returns (uint256) {
        return uint256(sha256(encode(domain, a))) >> 8;
    }

    /// Key under which ledgers hold a checkpoint; binds every field.
    function digest(Checkpoint memory c) internal pure returns (bytes32) {
        return keccak256(abi.encode(c));
    }

    /// One chain, one target height, two checkpoints. Another source or set alone is no offence.
    function isDoubleVote(Attestation memory a, Attestation memory b) internal pure returns (bool) {
        return a.checkpoint.chainKey == b.checkpoint.chainKey && a.checkpoint.height == b.checkpoint.height
            && digest(a.checkpoint) != digest(b.checkpoint);
    }

    /// One chain, and one vote's (source, target) lies strictly inside the other's, whichever comes first.
    function isSurround(Attestation memory a, Attestation memory b) internal pure returns (bool) {
        return a.checkpoint.chainKey == b.checkpoint.chainKey && (_surrounds(a, b) || _surrounds(b, a));
    }

    /// Whether signing both is an equivocation. Symmetric in its arguments.
    function isEquivocation(Attestation memory a, Attestation memory b) internal pure returns (bool) {
        return isDoubleVote(a, b) || isSurround(a, b);
    }

    function _surrounds(Attestation memory outer, Attestation memory inner) private pure returns (bool) {
        return outer.sourceHeight < inner.sourceHeight && inner.checkpoint.height < outer.checkpoint.height;
    }
}
