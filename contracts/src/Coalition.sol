// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Collateral} from "./Collateral.sol";
import {Slashing} from "./Slashing.sol";
import {ICheckpointLedger} from "./interfaces/ICheckpointLedger.sol";
import {ICoalition} from "./interfaces/ICoalition.sol";
import {IVerifierRegistry} from "./interfaces/IVerifierRegistry.sol";
import {SetRecord} from "./interfaces/Types.sol";

/// Collateral off the hub. It knows a validator set if this chain's ledger ever trusted it.
contract Coalition is Slashing {
    ICheckpointLedger public immutable ledger;

    /// In seconds.
    error PeriodsShorterThanLedgers(uint256 slashableFor, uint256 needed);

    /// @param owner_   timelock with a delay shorter than unbonding
    /// @param ledger_  of this chain; gives hub, domain and chain key, so that the two cannot differ
    /// @param periods_ long enough for every set that the ledger's policies, now or later, let it believe
    constructor(
        address owner_,
        IVerifierRegistry verifiers_,
        ICheckpointLedger ledger_,
        Periods memory periods_,
        Policy memory policy_
    )
        Collateral(
            owner_,
            verifiers_,
            ledger_.hubChainKey(),
            ledger_.hubCoalition(),
            ledger_.localChainKey(),
            periods_,
            policy_
        )
    {
        ledger = ledger_;
        uint256 slashableFor = uint256(periods_.trustingPeriod) + periods_.evidenceWindow;
        uint256 needed = ledger_.SLASHABLE_FOR();
        if (slashableFor < needed) revert PeriodsShorterThanLedgers(slashableFor, needed);
    }

    /// @inheritdoc ICoalition
    function setRecord(uint256 commitment) public view override returns (SetRecord memory) {
        return ledger.setRecord(commitment);
    }
}
