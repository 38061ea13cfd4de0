// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {PhalanxTest} from "../base/PhalanxTest.sol";
import {ICometBftJudge} from "../../src/interfaces/ICometBftJudge.sol";
import {ICometBftLedger} from "../../src/interfaces/ICometBftLedger.sol";

/// Evidence as TypeScript encodes it (test/contracts/cometbft-evidence.ts): the same values give the same bytes.
contract CometBftEvidenceTest is PhalanxTest {
    function test_duplicateVote() external view {
        ICometBftJudge.DuplicateVote memory e;
        ICometBftLedger.Header memory h = e.header;
        (h.blockVersion, h.appVersion, h.height, h.secs, h.nanos) = (20, 21, 22, -23, 24);
        h.lastBlockId = _blockId(25);
        (h.lastCommitHash, h.dataHash) = (bytes32(uint256(28)), bytes32(uint256(29)));
        (h.validatorsHash, h.nextValidatorsHash) = (bytes32(uint256(30)), bytes32(uint256(31)));
        (h.consensusHash, h.appHash) = (bytes32(uint256(32)), bytes32(uint256(33)));
        (h.lastResultsHash, h.evidenceHash) = (bytes32(uint256(34)), bytes32(uint256(35)));
        h.proposer = bytes20(uint160(36));
        (e.voteType, e.round) = (2, 40);
        e.first = ICometBftJudge.Vote(_blockId(41), 44, 45);
        e.second = ICometBftJudge.Vote(_blockId(46), -49, 50);
        (e.validators, e.index, e.signatures) = ("validators", 51, _signatures());
        vm.assertEq(abi.encode(e), _recorded(".duplicateVote"));
    }

    function test_ownSignature() external view {
        vm.assertEq(abi.encode(ICometBftJudge.Consent.OwnSignature, _signatures()), _recorded(".ownSignature"));
    }

    function test_stakingRecord() external view {
        ICometBftJudge.StakingConsent memory e;
        e.state = ICometBftLedger.ConsensusState(
            60, 61, bytes32(uint256(62)), bytes32(uint256(63)), bytes32(uint256(64))
        );
        e.storeProof = "the proof in the store, longer than a word of 32 bytes";
        e.rootProof = "the proof of its root";
        e.signature = ICometBftJudge.AccountSignature(
            bytes32(uint256(65)), bytes32(uint256(66)), "cosmos1", 27, bytes32(uint256(67)), bytes32(uint256(68))
        );
        vm.assertEq(abi.encode(ICometBftJudge.Consent.StakingRecord, e), _recorded(".stakingRecord"));
    }

    function _signatures() private pure returns (ICometBftJudge.Signatures memory s) {
        (s.keyHash, s.digest) = (bytes32(uint256(9)), 10);
        (s.proof.a, s.proof.c) = ([uint256(1), 2], [uint256(7), 8]);
        s.proof.b = [[uint256(3), 4], [uint256(5), 6]];
    }

    function _blockId(uint32 n) private pure returns (ICometBftLedger.BlockId memory) {
        return ICometBftLedger.BlockId(bytes32(uint256(n)), n + 1, bytes32(uint256(n) + 2));
    }

    function _recorded(string memory what) private view returns (bytes memory) {
        return vm.parseJsonBytes(vm.readFile("test/fixtures/cometbft-evidence.json"), what);
    }
}
