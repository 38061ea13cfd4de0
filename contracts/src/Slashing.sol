// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Collateral} from "./Collateral.sol";
import {EquivocationSignals} from "./generated/EquivocationSignals.sol";
import {QuorumSignals} from "./generated/QuorumSignals.sol";
import {ICoalition} from "./interfaces/ICoalition.sol";
import {Attestation, Proof, SetRecord} from "./interfaces/Types.sol";
import {Attestations} from "./lib/Attestations.sol";
import {StatementKinds} from "./lib/StatementKinds.sol";
import {ValidatorSets} from "./lib/ValidatorSets.sol";

/// Judges evidence. Circuits show who signed which two messages; what the messages say, whether they contradict each
/// other and whether the set is one of this coalition's is decided here.
abstract contract Slashing is Collateral {
    uint16 private constant SHARE_DENOMINATOR = 30_000;
    uint16 private constant MIN_SHARE = 20_000;

    /// keccak256 of the leaves that were found to be a set's.
    mapping(uint256 commitment => bytes32 leavesHash) private _revealed;

    /// @inheritdoc ICoalition
    function slashEquivocation(
        Attestation calldata first,
        Attestation calldata second,
        uint256 setCommitment,
        uint256 leafIndex,
        uint256 keyX,
        uint256 keyY,
        bytes32 keyHash,
        Proof calldata proof
    ) external returns (SlashOutcome) {
        bytes32 keyId = _keyId(keyX, keyY);
        if (_validators[keyId].status == Status.Tombstoned) return SlashOutcome.Already;

        uint256[] memory signals = new uint256[](EquivocationSignals.COUNT);
        signals[EquivocationSignals.SET_COMMITMENT] = setCommitment;
        signals[EquivocationSignals.LEAF_INDEX] = leafIndex;
        signals[EquivocationSignals.KEY_X] = keyX;
        signals[EquivocationSignals.KEY_Y] = keyY;
        (signals[EquivocationSignals.MESSAGE1], signals[EquivocationSignals.MESSAGE2]) =
            _conflictingMessages(first, second);
        SetRecord memory set = _slashableSet(setCommitment);
        if (leafIndex >= set.capacity) revert LeafIndexOutOfRange(leafIndex, set.capacity);
        // Refuses a coordinate >= FR, which would tombstone an id that nobody has.
        VERIFIERS.verify(keyHash, StatementKinds.EQUIVOCATION, 0, proof, signals);
        return _tombstone(keyId, keyX, keyY);
    }

    /// @inheritdoc ICoalition
    function slashQuorums(
        QuorumEvidence calldata first,
        QuorumEvidence calldata second,
        Leaf[] calldata firstLeaves,
        Leaf[] calldata secondLeaves
    ) external returns (uint256 tombstoned) {
        (uint256 firstMessage, uint256 secondMessage) = _conflictingMessages(first.attestation, second.attestation);
        bool oneSet = first.attestation.setCommitment == second.attestation.setCommitment;
        if (oneSet && secondLeaves.length != 0) revert LeafCountWrong(0, secondLeaves.length);

        _verifyQuorum(first, firstMessage);
        _verifyQuorum(second, secondMessage);
        _verifyLeaves(uint256(first.attestation.setCommitment), firstLeaves);
        if (!oneSet) _verifyLeaves(uint256(second.attestation.setCommitment), secondLeaves);

        // A key keeps its slot for life, so whoever signed both did it in the same slot of both sets.
        uint256 both = first.signers & second.signers;
        for (uint256 i = 0; both >> i != 0; ++i) {
            if ((both >> i) & 1 == 0) continue;
            Leaf calldata l = firstLeaves[i];
            if (!oneSet && (l.keyX != secondLeaves[i].keyX || l.keyY != secondLeaves[i].keyY)) continue;
            if (_tombstone(_keyId(l.keyX, l.keyY), l.keyX, l.keyY) != SlashOutcome.Already) ++tombstoned;
        }
    }

    /// @inheritdoc ICoalition
    function revealSet(uint256 commitment, Leaf[] calldata leaves) external {
        _slashableSet(commitment);
        _verifyLeaves(commitment, leaves);
        _revealed[commitment] = keccak256(abi.encode(leaves));
    }

    /// @inheritdoc ICoalition
    function setRecord(uint256 commitment) public view virtual returns (SetRecord memory);

    function _conflictingMessages(Attestation calldata first, Attestation calldata second)
        private
        view
        returns (uint256, uint256)
    {
        if (!Attestations.isEquivocation(first, second)) revert NoConflict();
        return (Attestations.message(domain, first), Attestations.message(domain, second));
    }

    function _slashableSet(uint256 commitment) private view returns (SetRecord memory set) {
        set = setRecord(commitment);
        if (set.epoch == 0) revert SetUnknown(commitment);
        uint256 until = uint256(set.sealedAt) + _trustingPeriod + _evidenceWindow;
        if (block.timestamp > until) revert EvidenceExpired(commitment, until);
    }

    function _verifyQuorum(QuorumEvidence calldata evidence, uint256 message) private view {
        uint256 commitment = uint256(evidence.attestation.setCommitment);
        uint8 capacity = _slashableSet(commitment).capacity;
        if (evidence.signers >> capacity != 0) revert SignersOutOfRange(evidence.signers, capacity);
        // Guilt does not depend on the share; the range is what the circuit enforces.
        if (evidence.share < MIN_SHARE || evidence.share >= SHARE_DENOMINATOR) revert ShareOutOfRange(evidence.share);
        uint256[] memory signals = new uint256[](QuorumSignals.COUNT);
        signals[QuorumSignals.SET_COMMITMENT] = commitment;
        signals[QuorumSignals.MESSAGE] = message;
        signals[QuorumSignals.SIGNERS] = evidence.signers;
        signals[QuorumSignals.SHARE] = evidence.share;
        VERIFIERS.verify(evidence.keyHash, StatementKinds.QUORUM, capacity, evidence.proof, signals);
    }

    function _verifyLeaves(uint256 commitment, Leaf[] calldata leaves) private view {
        bytes32 revealed = _revealed[commitment];
        if (revealed != 0 && revealed == keccak256(abi.encode(leaves))) return;
        SetRecord memory set = setRecord(commitment);
        if (leaves.length != set.capacity) revert LeafCountWrong(set.capacity, leaves.length);
        uint256 actual = ValidatorSets.commitmentOf(leaves, set.capacity, set.epoch);
        if (actual != commitment) revert LeavesMismatch(commitment, actual);
    }
}
