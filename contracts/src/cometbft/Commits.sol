// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ICometBftLedger} from "../interfaces/ICometBftLedger.sol";
import {CanonicalVotes} from "./CanonicalVotes.sol";
import {ConsensusKeys} from "./ConsensusKeys.sol";
import {SignatureSlots} from "./SignatureSlots.sol";

/// Who signed a header, by the claims that its proofs must show, and with what power.
library Commits {
    uint256 private constant SIGNER = 14;
    uint256 private constant NONE = 0xffff;

    /// @param power  of the signers so far
    /// @param least  that the next one's index may be
    /// @param table  of the signers' keys by their last bits, in memory: at each place where in calldata a key is
    /// @param mask   of those bits: the table has at least twice as many places as there are signers
    struct Tally {
        uint256 power;
        uint256 least;
        uint256 table;
        uint256 mask;
    }

    /// What all precommits for a header have in common.
    /// @param blockHash  the header's, which the votes are for
    function frame(bytes memory chainId, bytes32 blockHash, ICometBftLedger.SignedHeader calldata h)
        internal
        pure
        returns (CanonicalVotes.Frame memory)
    {
        return CanonicalVotes.frame(
            CanonicalVotes.PRECOMMIT, h.header.height, h.round, blockHash, h.partsTotal, h.partsHash, chainId
        );
    }

    /// The public signals that the header's proofs must have, and the power of the signers in the header's own set.
    /// Indices ascend through all proofs, so no place in the set counts twice, and no key signs at two places, which
    /// CometBFT's light client refuses as a double vote; slots that repeat a signer have no weight.
    /// @param f         of the header
    /// @param capacity  slots of a proof, > 0
    function claims(CanonicalVotes.Frame memory f, ICometBftLedger.SignedHeader calldata h, uint256 capacity)
        internal
        pure
        returns (uint256[3][] memory signals, uint256 power)
    {
        uint256 count = _signerCount(h);
        signals = new uint256[3][]((count + capacity - 1) / capacity);
        if (h.digests.length != signals.length || h.proofs.length != signals.length) {
            revert ICometBftLedger.ProofCountWrong(signals.length, h.digests.length, h.proofs.length);
        }
        uint256 slots = SignatureSlots.allocate(capacity);
        Tally memory t;
        _makeTable(t, count);
        for (uint256 i = 0; i < signals.length; ++i) {
            uint256 used = count - i * capacity < capacity ? count - i * capacity : capacity;
            _fill(slots, f, h.validators, _part(h.signers, i * capacity, used), t);
            SignatureSlots.repeatFirst(slots, used, capacity);
            uint256[3] memory s = signals[i];
            s[0] = h.digests[i];
            (s[1], s[2]) = SignatureSlots.evaluate(s[0], slots, capacity);
        }
        power = t.power;
    }

    function _part(bytes calldata signers, uint256 from, uint256 count) private pure returns (bytes calldata) {
        return signers[from * SIGNER:(from + count) * SIGNER];
    }

    /// Writes the votes of some signers into slots and counts them.
    function _fill(
        uint256 slots,
        CanonicalVotes.Frame memory f,
        bytes calldata validators,
        bytes calldata signers,
        Tally memory t
    ) private pure {
        uint256 count = signers.length / SIGNER;
        // Nothing here comes near 2^256: positions in calldata and memory, and fewer than 2^16 powers of 64 bits.
        unchecked {
            for (uint256 i = 0; i < count; ++i) {
                (uint256 index, int64 secs, uint32 nanos) = _signer(signers, i);
                bytes32 key = _count(validators, index, t);
                SignatureSlots.writeVote(slots, key, f, secs, nanos);
                slots += SignatureSlots.SLOT;
            }
        }
    }

    /// @return key  of the validator at the index
    function _count(bytes calldata validators, uint256 index, Tally memory t) private pure returns (bytes32 key) {
        if (index < t.least) revert ICometBftLedger.IndexNotAscending(index, t.least);
        _requireInSet(index, validators);
        uint64 weight;
        (key, weight) = ConsensusKeys.atNoCheck(validators, index);
        bool again;
        assembly ("memory-safe") {
            // At its place in the table or the first free one after it. Who makes keys that meet there pays for it.
            let table := mload(add(t, 64))
            let mask := mload(add(t, 96))
            let at := and(key, mask)
            for {} mload(add(table, at)) { at := and(add(at, 32), mask) } {
                again := or(again, eq(calldataload(mload(add(table, at))), key))
            }
            mstore(add(table, at), add(validators.offset, mul(index, 40)))
        }
        if (again) revert ConsensusKeys.ValidatorRepeated(key);
        unchecked {
            t.power += weight;
            t.least = index + 1;
        }
    }

    function _makeTable(Tally memory t, uint256 count) private pure {
        uint256 places = 32;
        unchecked {
            while (places < 2 * count) places *= 2;
            t.mask = 32 * (places - 1);
        }
        uint256[] memory table = new uint256[](places);
        assembly ("memory-safe") {
            mstore(add(t, 64), add(table, 32))
        }
    }

    /// Power of the signers that are in the trusted set, too, there. A validator is the same if its key is.
    function trustedPower(ICometBftLedger.SignedHeader calldata h) internal pure returns (uint256 power) {
        uint256 count = _signerCount(h);
        if (h.trustedIndices.length != 2 * count) revert ICometBftLedger.SignersMalformed(h.trustedIndices.length);
        uint256[] memory seen = new uint256[](ConsensusKeys.count(h.trustedValidators) / 256 + 1);
        for (uint256 i = 0; i < count; ++i) {
            uint256 trustedIndex = uint16(bytes2(h.trustedIndices[2 * i:2 * i + 2]));
            if (trustedIndex == NONE) continue;
            _requireInSet(trustedIndex, h.trustedValidators);
            uint256 bit = 1 << (trustedIndex % 256);
            if (seen[trustedIndex / 256] & bit != 0) revert ICometBftLedger.IndexTwice(trustedIndex);
            seen[trustedIndex / 256] |= bit;
            (uint256 index,,) = _signer(h.signers, i);
            (bytes32 key,) = ConsensusKeys.atNoCheck(h.validators, index); // in range: `claims` has looked
            (bytes32 trustedKey, uint64 weight) = ConsensusKeys.atNoCheck(h.trustedValidators, trustedIndex);
            if (key != trustedKey) revert ICometBftLedger.NotTheSameKey(index, trustedIndex);
            power += weight;
        }
    }

    function _signerCount(ICometBftLedger.SignedHeader calldata h) private pure returns (uint256) {
        if (h.signers.length % SIGNER != 0) revert ICometBftLedger.SignersMalformed(h.signers.length);
        return h.signers.length / SIGNER;
    }

    function _signer(bytes calldata signers, uint256 i)
        private
        pure
        returns (uint256 index, int64 secs, uint32 nanos)
    {
        assembly ("memory-safe") {
            let word := calldataload(add(signers.offset, mul(i, 14)))
            index := shr(240, word)
            secs := signextend(7, shr(176, word))
            nanos := and(shr(144, word), 0xffffffff)
        }
    }

    function _requireInSet(uint256 index, bytes calldata set) private pure {
        uint256 count = ConsensusKeys.count(set);
        if (index >= count) revert ICometBftLedger.IndexOutOfRange(index, count);
    }
}
