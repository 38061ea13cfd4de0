// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Slashing} from "./Slashing.sol";
import {IConsensusBindings} from "./interfaces/IConsensusBindings.sol";
import {IConsensusJudge} from "./interfaces/IConsensusJudge.sol";

/// Keeps which consensus key is whose. A contract of its own judges evidence, as a Coalition's code has little room.
abstract contract ConsensusBindings is IConsensusBindings, Slashing {
    IConsensusJudge public immutable JUDGE;
    bytes31 public immutable consensusKeyDomain;

    /// @inheritdoc IConsensusBindings
    mapping(bytes31 chainKey => mapping(bytes32 consensusKey => bytes32 keyId)) public boundTo;

    constructor(IConsensusJudge judge_, bytes31 consensusKeyDomain_) {
        JUDGE = judge_;
        consensusKeyDomain = consensusKeyDomain_;
    }

    /// @inheritdoc IConsensusBindings
    function bindConsensusKey(bytes31 chainKey, bytes32 consensusKey, bytes calldata evidence) external {
        (bytes32 keyId,) = _activeValidator();
        bytes32 taken = boundTo[chainKey][consensusKey];
        if (taken != 0) revert ConsensusKeyTaken(chainKey, consensusKey, taken);
        bytes32 digest = consensusKeyDigest(chainKey, consensusKey, msg.sender);
        JUDGE.requireConsent(chainKey, consensusKey, digest, evidence);
        boundTo[chainKey][consensusKey] = keyId;
        emit ConsensusKeyBound(keyId, chainKey, consensusKey);
    }

    /// @inheritdoc IConsensusBindings
    function slashDuplicateVote(bytes31 chainKey, bytes32 consensusKey, bytes calldata evidence)
        external
        returns (SlashOutcome)
    {
        bytes32 keyId = boundTo[chainKey][consensusKey];
        if (keyId == 0) revert ConsensusKeyUnbound(chainKey, consensusKey);
        Validator storage v = _validators[keyId];
        if (v.status == Status.Tombstoned) return SlashOutcome.Already;
        JUDGE.requireDuplicateVote(chainKey, consensusKey, evidence);
        emit DuplicateVoteShown(keyId, chainKey, consensusKey);
        return _tombstone(keyId, v.keyX, v.keyY);
    }

    /// @inheritdoc IConsensusBindings
    function consensusKeyDigest(bytes31 chainKey, bytes32 consensusKey, address operator)
        public
        view
        returns (bytes32)
    {
        return sha256(
            abi.encodePacked(consensusKeyDomain, chainKey, consensusKey, operator, localChainKey, address(this))
        );
    }
}
