// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// A statement kind on chain is the first four bytes of keccak256 of its name, so a new kind needs no list here.
library StatementKinds {
    bytes4 internal constant QUORUM = bytes4(keccak256("quorum"));
    bytes4 internal constant EQUIVOCATION = bytes4(keccak256("equivocation"));
    bytes4 internal constant REGISTRATION = bytes4(keccak256("registration"));
    bytes4 internal constant ED25519 = bytes4(keccak256("ed25519"));
}
