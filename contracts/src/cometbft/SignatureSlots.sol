// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {CanonicalVotes} from "./CanonicalVotes.sol";
import {Protobuf} from "./Protobuf.sol";

/// The data of an `ed25519` statement, and its passing by evaluation. A slot says "this key signed this message":
/// one byte of length, 32 of key, 175 of message with zeros after its length, 9 of zero. These 217 bytes are seven
/// words of 31.
///
/// A proof's public signals are D, a Poseidon hash of all words that the circuit computes; the challenge
/// rho = keccak256(D || slots) mod r; and E, the sum of w_k rho^k mod r. The circuit shows that the words behind D
/// give E at rho. They are then the words of these slots, but for a chance of at most 6 (7 n - 1) / 2^256 for each
/// hash that a forger tries, keccak256 taken for a random function: both are fixed before rho is, since D is inside
/// the keccak; two different polynomials agree at no more points than their degree, 7 n - 1; and at most 6 of
/// keccak's 2^256 values are one residue modulo r. That D fixes the words rests on Poseidon's collision resistance.
/// It also takes that every word is below r (31 bytes are), that there are exactly 7 n of them, and that all three
/// signals are canonical, which BatchVerifier checks.
library SignatureSlots {
    uint256 internal constant SLOT = 217;
    uint256 internal constant MAX_MESSAGE = 175;
    uint256 private constant FR = 21888242871839275222246405745257275088548364400416034343698204186575808495617;

    error MessageTooLong(uint256 actual, uint256 max);

    /// Memory for `count` slots, with a word before them.
    function allocate(uint256 count) internal pure returns (uint256 slots) {
        assembly ("memory-safe") {
            slots := add(mload(0x40), 32)
            // One word more at the end: words are read 32 bytes at a time.
            mstore(0x40, and(add(slots, add(mul(count, 217), 63)), not(31)))
        }
    }

    /// Puts a vote into a slot: its sign bytes are
    /// length | head | 2a, length, 08 seconds, 10 nanoseconds | tail.
    /// @param slot  where the slot begins
    function writeVote(uint256 slot, bytes32 key, CanonicalVotes.Frame memory f, int64 secs, uint32 nanos)
        internal
        pure
    {
        // In the scratch space: two bytes and a timestamp of at most 17, zeros after it.
        assembly ("memory-safe") {
            mstore(0, 0)
        }
        uint256 end = Protobuf.writeTimestamp(2, secs, nanos);
        uint256 length;
        unchecked {
            length = f.head.length + end + f.tail.length; // of things in memory
            if (length + 2 > MAX_MESSAGE) revert MessageTooLong(length + 2, MAX_MESSAGE);
        }
        assembly ("memory-safe") {
            mstore8(0, 0x2a)
            mstore8(1, sub(end, 2))
            calldatacopy(slot, calldatasize(), 217) // zeros
            mstore(add(slot, 1), key)
            let at := add(slot, 33)
            if gt(length, 0x7f) {
                mstore8(at, or(length, 0x80))
                at := add(at, 1)
            }
            mstore8(at, shr(mul(7, gt(length, 0x7f)), length))
            at := add(at, 1)
            mstore8(slot, add(length, sub(at, add(slot, 33))))
            let head := mload(f)
            mcopy(at, add(head, 32), mload(head))
            at := add(at, mload(head))
            // The word ends inside the slot, as the head has at most 98 bytes; its zeros go under the tail.
            mstore(at, mload(0))
            let tail := mload(add(f, 32))
            mcopy(add(at, end), add(tail, 32), mload(tail))
        }
    }

    /// Any message in a slot.
    /// @param message  at most MAX_MESSAGE bytes
    function writeMessage(uint256 slot, bytes32 key, bytes memory message) internal pure {
        if (message.length > MAX_MESSAGE) revert MessageTooLong(message.length, MAX_MESSAGE);
        assembly ("memory-safe") {
            calldatacopy(slot, calldatasize(), 217)
            mstore8(slot, mload(message))
            mstore(add(slot, 1), key)
            mcopy(add(slot, 33), add(message, 32), mload(message))
        }
    }

    /// Fills the slots from `used` on with the first one.
    function repeatFirst(uint256 slots, uint256 used, uint256 count) internal pure {
        assembly ("memory-safe") {
            let end := add(slots, mul(count, 217))
            for { let at := add(slots, mul(used, 217)) } lt(at, end) { at := add(at, 217) } { mcopy(at, slots, 217) }
        }
    }

    /// The challenge and the evaluation at it of slots in memory, as `allocate` gave it.
    function evaluate(uint256 digest, uint256 slots, uint256 count)
        internal
        pure
        returns (uint256 challenge, uint256 evaluation)
    {
        assembly ("memory-safe") {
            let size := mul(count, 217)
            mstore(sub(slots, 32), digest)
            challenge := mod(keccak256(sub(slots, 32), add(size, 32)), FR)
            // Horner's rule, from the last word; a slot's seven at a time, which spares most of the jumps. A sum below
            // r + 2^248 fits a word, and mulmod reduces it.
            for { let slot := add(slots, size) } gt(slot, slots) {} {
                slot := sub(slot, 217)
                evaluation := add(mulmod(evaluation, challenge, FR), shr(8, mload(add(slot, 186))))
                evaluation := add(mulmod(evaluation, challenge, FR), shr(8, mload(add(slot, 155))))
                evaluation := add(mulmod(evaluation, challenge, FR), shr(8, mload(add(slot, 124))))
                evaluation := add(mulmod(evaluation, challenge, FR), shr(8, mload(add(slot, 93))))
                evaluation := add(mulmod(evaluation, challenge, FR), shr(8, mload(add(slot, 62))))
                evaluation := add(mulmod(evaluation, challenge, FR), shr(8, mload(add(slot, 31))))
                evaluation := add(mulmod(evaluation, challenge, FR), shr(8, mload(slot)))
            }
            evaluation := mod(evaluation, FR)
        }
    }
}
