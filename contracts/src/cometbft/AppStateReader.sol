// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IAppStateReader} from "../interfaces/IAppStateReader.sol";
import {ICometBftLedger} from "../interfaces/ICometBftLedger.sol";
import {AppState} from "./AppState.sol";

/// Stateless: everything it believes comes from the ledger it was made for.
contract AppStateReader is IAppStateReader {
    ICometBftLedger public immutable LEDGER;

    constructor(ICometBftLedger ledger) {
        LEDGER = ledger;
    }

    /// @inheritdoc IAppStateReader
    function readStore(
        ICometBftLedger.ConsensusState calldata state,
        string calldata store,
        bytes calldata key,
        bytes calldata storeProof,
        bytes calldata rootProof,
        Age calldata age
    ) external view returns (bool exists, bytes memory value) {
        _requireUsable(state, age);
        return AppState.read(state.appHash, bytes(store), key, storeProof, rootProof);
    }

    /// The ledger reverts for what it does not hold and while it is frozen.
    function _requireUsable(ICometBftLedger.ConsensusState calldata state, Age calldata age) private view {
        uint256 heldFor = block.timestamp - LEDGER.acceptedAt(state);
        if (heldFor < age.minAge) revert StateTooYoung(heldFor, age.minAge);
        // The chain's clock may run ahead of ours within the ledger's drift; such a header has no age yet.
        uint256 time = state.timeNs / 1e9;
        uint256 old = block.timestamp > time ? block.timestamp - time : 0;
        if (old > age.maxAge) revert StateTooOld(old, age.maxAge);
    }
}
