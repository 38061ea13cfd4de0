// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ICheckpointLedger} from "./interfaces/ICheckpointLedger.sol";
import {IStateReader} from "./interfaces/IStateReader.sol";
import {Checkpoint} from "./interfaces/Types.sol";
import {StateProofs} from "./lib/StateProofs.sol";

/// Stateless: everything it believes comes from the ledger it was made for.
contract StateReader is IStateReader {
    ICheckpointLedger public immutable LEDGER;

    constructor(ICheckpointLedger ledger) {
        LEDGER = ledger;
    }

    /// @inheritdoc IStateReader
    function readAccount(
        Checkpoint calldata checkpoint,
        address account,
        bytes[] calldata accountProof,
        Age calldata age
    ) external view returns (Account memory) {
        _requireUsable(checkpoint, age);
        StateProofs.AccountState memory s = StateProofs.readAccount(checkpoint.stateRoot, account, accountProof);
        if (!s.exists) return Account(false, 0, 0, 0, 0);
        return Account(true, s.nonce, s.balance, s.storageRoot, s.codeHash);
    }

    /// @inheritdoc IStateReader
    function readStorage(
        Checkpoint calldata checkpoint,
        address account,
        bytes32 slot,
        bytes[] calldata accountProof,
        bytes[] calldata storageProof,
        Age calldata age
    ) external view returns (bool exists, uint256 value) {
        _requireUsable(checkpoint, age);
        bytes32 storageRoot = StateProofs.readAccount(checkpoint.stateRoot, account, accountProof).storageRoot;
        return StateProofs.readWord(storageRoot, slot, storageProof);
    }

    /// The ledger reverts for what it does not hold and for a frozen chain.
    function _requireUsable(Checkpoint calldata checkpoint, Age calldata age) private view {
        uint256 heldFor = block.timestamp - LEDGER.acceptedAt(checkpoint);
        if (heldFor < age.minAge) revert CheckpointTooYoung(heldFor, age.minAge);
        // A source clock may run ahead of ours within the ledger's drift; such a block has no age yet.
        uint256 old = block.timestamp > checkpoint.timestamp ? block.timestamp - checkpoint.timestamp : 0;
        if (old > age.maxAge) revert CheckpointTooOld(old, age.maxAge);
    }
}
