// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {NaiveCometBft} from "./NaiveCometBft.sol";
import {RecordedHub} from "./RecordedHub.sol";
import {TrapdoorKey} from "./TrapdoorKey.sol";
import {VerifierRegistry} from "../../src/VerifierRegistry.sol";
import {BatchVerifier} from "../../src/cometbft/BatchVerifier.sol";
import {CometBftLedger} from "../../src/cometbft/CometBftLedger.sol";
import {ICometBftLedger} from "../../src/interfaces/ICometBftLedger.sol";
import {Proof} from "../../src/interfaces/Types.sol";
import {StatementKinds} from "../../src/lib/StatementKinds.sol";

/// A ledger with a verification key whose secrets are known, and what a relayer does: it builds signed headers, their
/// claims by the naive encodings, and proves whatever is asked of it.
abstract contract CometBftSetup is RecordedHub {
    address internal constant OWNER = address(0x0e);
    address internal constant GUARDIAN = address(0x6a);
    bytes32 internal constant KEY = keccak256("ed25519-7 key");
    uint8 internal constant CAPACITY = 7;
    uint32 internal constant TRUSTING = 14 days;
    uint32 internal constant UNBONDING = 21 days;
    uint32 internal constant DRIFT = 30;
    uint32 internal constant FREEZE = 3 days;
    uint32 internal constant COOLDOWN = 10 days;
    uint256 internal constant START = 1_800_000_000;

    VerifierRegistry internal registry;
    CometBftLedger internal ledger;
    string internal chainId = "test-chain-7";

    function setUp() public virtual {
        vm.warp(START);
        VerifierRegistry.Initial[] memory initial = new VerifierRegistry.Initial[](1);
        address verifier = address(new BatchVerifier(TrapdoorKey.key()));
        initial[0] = VerifierRegistry.Initial(KEY, StatementKinds.ED25519, CAPACITY, 3, verifier);
        registry = new VerifierRegistry(OWNER, initial);
    }

    function config(ICometBftLedger.ConsensusState memory anchor)
        internal
        view
        returns (CometBftLedger.Config memory c)
    {
        c.owner = OWNER;
        c.guardian = GUARDIAN;
        c.verifiers = registry;
        c.chainId = chainId;
        c.unbondingPeriod = UNBONDING;
        c.policy = ICometBftLedger.Policy(TRUSTING, DRIFT, FREEZE, COOLDOWN);
        c.anchor = anchor;
    }

    /// `count` validators of a family, the first `strong` of them with power 10, the others with 1.
    function setOf(uint256 family, uint256 count, uint256 strong) internal pure returns (bytes memory set) {
        for (uint256 i = 0; i < count; ++i) {
            set = abi.encodePacked(set, keccak256(abi.encode(family, i)), uint64(i < strong ? 10 : 1));
        }
    }

    function hashOf(bytes memory set) internal pure returns (bytes32) {
        bytes[] memory leaves = new bytes[](set.length / 40);
        for (uint256 i = 0; i < leaves.length; ++i) {
            (bytes32 key, uint64 power) = validatorAt(set, i);
            leaves[i] = NaiveCometBft.validator(key, power);
        }
        return NaiveCometBft.root(leaves);
    }

    function validatorAt(bytes memory set, uint256 i) internal pure returns (bytes32 key, uint64 power) {
        assembly ("memory-safe") {
            let place := add(add(set, 32), mul(40, i))
            key := mload(place)
            power := shr(192, mload(add(place, 32)))
        }
    }

    function headerAt(uint64 height, uint256 timeNs, bytes memory set, bytes memory next)
        internal
        pure
        returns (ICometBftLedger.Header memory h)
    {
        h.blockVersion = 11;
        h.height = height;
        (h.secs, h.nanos) = (int64(uint64(timeNs / 1e9)), uint32(timeNs % 1e9));
        h.lastBlockId = ICometBftLedger.BlockId(keccak256("last"), 1, keccak256("parts"));
        h.validatorsHash = hashOf(set);
        h.nextValidatorsHash = hashOf(next);
        h.consensusHash = keccak256("consensus");
        h.appHash = keccak256(abi.encode("app", height));
        h.proposer = bytes20(keccak256("proposer"));
    }

    function stateOf(ICometBftLedger.Header memory h)
        internal
        view
        returns (ICometBftLedger.ConsensusState memory)
    {
        uint64 timeNs = uint64(h.secs) * 1e9 + h.nanos;
        return ICometBftLedger.ConsensusState(
            h.height, timeNs, h.appHash, h.nextValidatorsHash, NaiveCometBft.header(chainId, h)
        );
    }

    /// A header with a commit of validators `from` to `to` of its set, a nanosecond between their votes, and proofs.
    function sign(ICometBftLedger.Header memory h, bytes memory set, uint256 from, uint256 to)
        internal
        view
        returns (ICometBftLedger.SignedHeader memory signed)
    {
        signed.header = h;
        (signed.partsTotal, signed.partsHash) = (1, keccak256("these parts"));
        signed.validators = set;
        for (uint256 i = from; i < to; ++i) {
            signed.signers = abi.encodePacked(signed.signers, uint16(i), h.secs, uint32(i));
        }
        prove(signed);
    }

    /// Fresh proofs of what a signed header says.
    function prove(ICometBftLedger.SignedHeader memory s) internal view {
        uint256 count = (s.signers.length / 14 + CAPACITY - 1) / CAPACITY;
        (s.digests, s.proofs) = (new uint256[](count), new Proof[](count));
        for (uint256 i = 0; i < count; ++i) {
            bytes memory slots = _slots(s, i * CAPACITY);
            uint256 digest = uint256(keccak256(abi.encode("digest", slots))) % TrapdoorKey.FR;
            uint256 challenge = uint256(keccak256(abi.encodePacked(digest, slots))) % TrapdoorKey.FR;
            s.digests[i] = digest;
            s.proofs[i] = TrapdoorKey.prove([digest, challenge, NaiveCometBft.evaluate(slots, challenge)], i);
        }
    }

    /// The slots of one proof, its first signer at position `from`.
    function _slots(ICometBftLedger.SignedHeader memory s, uint256 from) private view returns (bytes memory slots) {
        NaiveCometBft.Vote memory v;
        (v.voteType, v.height, v.round, v.chainId) = (2, s.header.height, s.round, chainId);
        v.id = ICometBftLedger.BlockId(NaiveCometBft.header(chainId, s.header), s.partsTotal, s.partsHash);
        for (uint256 i = 0; i < CAPACITY; ++i) {
            uint256 index;
            uint256 position = from + i < s.signers.length / 14 ? from + i : from;
            (index, v.secs, v.nanos) = signerAt(s.signers, position);
            (bytes32 key,) = validatorAt(s.validators, index);
            slots = bytes.concat(slots, NaiveCometBft.slot(key, NaiveCometBft.signBytes(v)));
        }
    }

    function signerAt(bytes memory signers, uint256 position)
        internal
        pure
        returns (uint256 index, int64 secs, uint32 nanos)
    {
        uint256 word;
        assembly ("memory-safe") {
            word := mload(add(add(signers, 32), mul(14, position)))
        }
        return (uint16(word >> 240), int64(uint64(word >> 176)), uint32(word >> 144));
    }

    function assertOutcome(ICometBftLedger.Outcome actual, ICometBftLedger.Outcome expected) internal pure {
        vm.assertEq(uint256(actual), uint256(expected), "outcome");
    }

    function assertFreeze(ICometBftLedger.Freeze expected) internal view {
        vm.assertEq(uint256(ledger.status().freeze), uint256(expected), "freeze");
    }
}
