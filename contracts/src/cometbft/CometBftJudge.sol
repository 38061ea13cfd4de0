// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {AppState} from "./AppState.sol";
import {CanonicalVotes} from "./CanonicalVotes.sol";
import {ConsensusKeys} from "./ConsensusKeys.sol";
import {CosmosAccounts} from "./CosmosAccounts.sol";
import {HeaderHash} from "./HeaderHash.sol";
import {SignatureSlots} from "./SignatureSlots.sol";
import {SmallOrderKeys} from "./SmallOrderKeys.sol";
import {StakingRecords} from "./StakingRecords.sol";
import {ICometBftJudge} from "../interfaces/ICometBftJudge.sol";
import {ICometBftLedger} from "../interfaces/ICometBftLedger.sol";
import {IConsensusJudge} from "../interfaces/IConsensusJudge.sol";
import {IVerifierRegistry} from "../interfaces/IVerifierRegistry.sol";
import {StatementKinds} from "../lib/StatementKinds.sol";

/// CometBFT's conditions for duplicate vote evidence (evidence/verify.go, VerifyDuplicateVote; types/vote.go,
/// Vote.ValidateBasic; evidence/pool.go for its age). One key stands for both votes here, so their address is one.
contract CometBftJudge is ICometBftJudge, Ownable {
    uint256 private constant NANOS = 1e9;

    IVerifierRegistry public immutable VERIFIERS;
    mapping(bytes31 chainKey => Chain) private _chains;

    /// A chain known from the start, where a timelock would otherwise delay the first deployment.
    struct Initial {
        bytes31 chainKey;
        Chain chain;
    }

    constructor(address owner_, IVerifierRegistry verifiers_, Initial[] memory initial) Ownable(owner_) {
        VERIFIERS = verifiers_;
        for (uint256 i = 0; i < initial.length; ++i) {
            _setChain(initial[i].chainKey, initial[i].chain);
        }
    }

    /// @inheritdoc ICometBftJudge
    function setChain(bytes31 chainKey, Chain calldata chain_) external onlyOwner {
        _setChain(chainKey, chain_);
    }

    /// @inheritdoc IConsensusJudge
    function requireConsent(bytes31 chainKey, bytes32 consensusKey, bytes32 digest, bytes calldata evidence)
        external
        view
    {
        Chain memory c = _known(chainKey);
        if (SmallOrderKeys.contains(consensusKey)) revert SmallOrderKey(consensusKey);
        bytes memory message = consentMessage(digest);
        Consent way = abi.decode(evidence, (Consent));
        if (way == Consent.StakingRecord) return _requireOperator(c, consensusKey, message, _asStaking(evidence));
        (, Signatures memory signatures) = abi.decode(evidence, (Consent, Signatures));
        uint256 count = _slotsOf(signatures.keyHash, 1);
        uint256 slots = SignatureSlots.allocate(count);
        SignatureSlots.writeMessage(slots, consensusKey, message);
        _requireSigned(slots, 1, count, signatures);
    }

    /// @inheritdoc IConsensusJudge
    function requireDuplicateVote(bytes31 chainKey, bytes32 consensusKey, bytes calldata evidence) external view {
        Chain memory c = _known(chainKey);
        bytes memory chainId = bytes(c.ledger.chainId());
        DuplicateVote calldata e = _asDuplicateVote(evidence);
        if (e.voteType != CanonicalVotes.PREVOTE && e.voteType != CanonicalVotes.PRECOMMIT) {
            revert VoteTypeOutOfRange(e.voteType);
        }
        _requireConflict(e.first.blockId, e.second.blockId);
        _requireHeldAndRecent(c, chainId, e.header);
        _requireInSet(e, consensusKey);

        uint256 count = _slotsOf(e.signatures.keyHash, 2);
        uint256 slots = SignatureSlots.allocate(count);
        _writeVote(slots, consensusKey, e, e.first, chainId);
        _writeVote(slots + SignatureSlots.SLOT, consensusKey, e, e.second, chainId);
        _requireSigned(slots, 2, count, e.signatures);
    }

    /// @inheritdoc ICometBftJudge
    function chain(bytes31 chainKey) external view returns (Chain memory) {
        return _chains[chainKey];
    }

    /// @inheritdoc ICometBftJudge
    function consentMessage(bytes32 digest) public pure returns (bytes memory) {
        return abi.encodePacked("phalanx consensus key ", Strings.toHexString(uint256(digest), 32));
    }

    /// The operator of the validator that has the key signed the message.
    function _requireOperator(Chain memory c, bytes32 consensusKey, bytes memory message, StakingConsent calldata e)
        private
        view
    {
        bytes20 account = CosmosAccounts.signerOf(message, e.signature);
        // Reverts for a state that is not held, and while it is not known which states are the chain's.
        c.ledger.acceptedAt(e.state);
        _requireRecent(c, e.state.height, e.state.timeNs);
        (bool exists, bytes memory record) = AppState.read(
            e.state.appHash, StakingRecords.STORE, StakingRecords.key(account), e.storeProof, e.rootProof
        );
        if (!exists) revert NoValidator(account);
        StakingRecords.requireBonded(record, consensusKey);
    }

    /// A nil id is all zero: parts beside it would be no part of the sign bytes, and one vote would pass for two.
    function _requireConflict(ICometBftLedger.BlockId calldata a, ICometBftLedger.BlockId calldata b) private pure {
        _requireNilOrComplete(a);
        _requireNilOrComplete(b);
        if (a.hash == b.hash && a.partsTotal == b.partsTotal && a.partsHash == b.partsHash) revert SameBlockId();
    }

    function _requireNilOrComplete(ICometBftLedger.BlockId calldata id) private pure {
        bool ok = id.hash == 0 ? id.partsTotal == 0 && id.partsHash == 0 : id.partsTotal != 0;
        if (!ok) revert BlockIdIncomplete(id);
    }

    /// Held is enough, whether the ledger is frozen or not: the header only says who was a validator, and guilt
    /// is in the votes.
    function _requireHeldAndRecent(Chain memory c, bytes memory chainId, ICometBftLedger.Header calldata h)
        private
        view
    {
        bytes32 blockHash = HeaderHash.hash(chainId, h);
        ICometBftLedger.Held memory held = c.ledger.held(h.height);
        ICometBftLedger.ConsensusState memory state =
            ICometBftLedger.ConsensusState(h.height, held.timeNs, h.appHash, h.nextValidatorsHash, blockHash);
        if (held.digest != keccak256(abi.encode(state))) revert HeaderNotHeld(h.height, blockHash);
        _requireRecent(c, h.height, held.timeNs);
    }

    function _requireRecent(Chain memory c, uint64 height, uint64 timeNs) private view {
        uint64 head = c.ledger.status().headHeight;
        uint256 ageBlocks = head - height;
        uint256 ageNs = c.ledger.held(head).timeNs - timeNs;
        if (ageBlocks > c.maxAgeBlocks && ageNs > c.maxAgeSeconds * NANOS) revert EvidenceExpired(ageBlocks, ageNs);
    }

    function _requireInSet(DuplicateVote calldata e, bytes32 consensusKey) private view {
        (bytes32 root,) = ConsensusKeys.hash(e.validators);
        if (root != e.header.validatorsHash) revert ValidatorsHashDiffers(e.header.validatorsHash, root);
        if (e.index >= ConsensusKeys.count(e.validators)) revert NotInSet(consensusKey, e.index);
        (bytes32 key,) = ConsensusKeys.atNoCheck(e.validators, e.index);
        if (key != consensusKey) revert NotInSet(consensusKey, e.index);
    }

    function _writeVote(
        uint256 slot,
        bytes32 consensusKey,
        DuplicateVote calldata e,
        Vote calldata vote,
        bytes memory chainId
    ) private pure {
        CanonicalVotes.Frame memory frame = CanonicalVotes.frame(
            e.voteType,
            e.header.height,
            e.round,
            vote.blockId.hash,
            vote.blockId.partsTotal,
            vote.blockId.partsHash,
            chainId
        );
        SignatureSlots.writeVote(slot, consensusKey, frame, vote.secs, vote.nanos);
    }

    /// @param used  slots written; the others come to repeat the first
    function _requireSigned(uint256 slots, uint256 used, uint256 count, Signatures memory s) private view {
        SignatureSlots.repeatFirst(slots, used, count);
        uint256[] memory signals = new uint256[](3);
        signals[0] = s.digest;
        (signals[1], signals[2]) = SignatureSlots.evaluate(s.digest, slots, count);
        // Refuses a digest that is not below r, a key of another kind, and whatever else the strict verifier does.
        VERIFIERS.verify(s.keyHash, StatementKinds.ED25519, uint8(count), s.proof, signals);
    }

    function _slotsOf(bytes32 keyHash, uint256 needed) private view returns (uint256 count) {
        IVerifierRegistry.Entry memory entry = VERIFIERS.entry(keyHash);
        if (entry.verifier == address(0)) revert IVerifierRegistry.VerifierUnknown(keyHash);
        count = entry.capacity;
        if (count < needed) revert TooFewSlots(keyHash, count, needed);
    }

    function _known(bytes31 chainKey) private view returns (Chain memory c) {
        c = _chains[chainKey];
        if (address(c.ledger) == address(0)) revert ChainUnknown(chainKey);
    }

    function _setChain(bytes31 chainKey, Chain memory c) private {
        if (c.maxAgeBlocks == 0 || c.maxAgeSeconds == 0) revert MaxAgeOutOfRange();
        ICometBftLedger before = _chains[chainKey].ledger;
        string memory id = c.ledger.chainId();
        if (address(before) != address(0) && !Strings.equal(before.chainId(), id)) {
            revert ChainIdDiffers(before.chainId(), id);
        }
        _chains[chainKey] = c;
        emit ChainSet(chainKey, c);
    }

    /// The struct where it lies, as abi.encode put it: an offset, then the struct. All that is read is calldata, so
    /// evidence that points outside itself is only another evidence.
    function _asDuplicateVote(bytes calldata evidence) private pure returns (DuplicateVote calldata e) {
        if (evidence.length < 64 || uint256(bytes32(evidence)) != 32) revert EvidenceMalformed();
        assembly ("memory-safe") {
            e := add(evidence.offset, 32)
        }
    }

    /// The same behind the way of consent.
    function _asStaking(bytes calldata evidence) private pure returns (StakingConsent calldata e) {
        if (evidence.length < 96 || uint256(bytes32(evidence[32:])) != 64) revert EvidenceMalformed();
        assembly ("memory-safe") {
            e := add(evidence.offset, 64)
        }
    }
}
