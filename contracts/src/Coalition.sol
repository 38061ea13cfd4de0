// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Collateral} from "./Collateral.sol";
import {ConsensusBindings} from "./ConsensusBindings.sol";
import {ICheckpointLedger} from "./interfaces/ICheckpointLedger.sol";
import {ICoalition} from "./interfaces/ICoalition.sol";
import {IConsensusJudge} from "./interfaces/IConsensusJudge.sol";
import {IVerifierRegistry} from "./interfaces/IVerifierRegistry.sol";
import {SetRecord} from "./interfaces/Types.sol";
import {Domains} from "./lib/Domains.sol";

/// Collateral off the hub. It knows a validator set if this chain's ledger ever trusted it.
contract Coalition is ConsensusBindings {
    ICheckpointLedger public immutable ledger;

    /// In seconds.
    error PeriodsShorterThanLedgers(uint256 slashableFor, uint256 needed);

    /// @param owner_   timelock with a delay shorter than unbonding
    /// @param judge_   of consensus keys' votes on other chains
    /// @param ledger_  of this chain; gives hub, domain and chain key, so that the two cannot differ
    /// @param periods_ long enough for every set that the ledger's policies, now or later, let it believe
    constructor(
        address owner_,
        IVerifierRegistry verifiers_,
        IConsensusJudge judge_,
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
        ConsensusBindings(judge_, Domains.consensusKey(ledger_.hubChainKey(), ledger_.hubCoalition()))
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
