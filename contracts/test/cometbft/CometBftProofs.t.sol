// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {CometBftChain} from "../base/CometBftChain.sol";
import {TrapdoorKey} from "../base/TrapdoorKey.sol";
import {ICometBftLedger} from "../../src/interfaces/ICometBftLedger.sol";
import {StatementKinds} from "../../src/lib/StatementKinds.sol";

/// What a header's proofs have to show, and under which key.
contract CometBftProofsTest is CometBftChain {
    function test_oneProofMoreOrLess() external {
        ICometBftLedger.SignedHeader memory s = good(101);
        (s.digests, s.proofs) = (new uint256[](2), s.proofs);
        refuse(s, abi.encodeWithSelector(ICometBftLedger.ProofCountWrong.selector, 1, 2, 1));
        s = good(101);
        delete s.proofs;
        refuse(s, abi.encodeWithSelector(ICometBftLedger.ProofCountWrong.selector, 1, 1, 0));
    }

    function test_eachChangeAfterProvingIsRefused() external {
        bytes memory reason = abi.encodeWithSelector(ICometBftLedger.InvalidProof.selector);
        ICometBftLedger.SignedHeader memory s = good(101);
        s.round = 1;
        refuse(s, reason);
        s = good(101);
        s.partsTotal = 2;
        refuse(s, reason);
        s = good(101);
        s.partsHash = 0;
        refuse(s, reason);
        s = good(101);
        s.header.appHash = keccak256("another");
        refuse(s, reason);
        s = good(101);
        s.signers[13] ^= 0x01; // a vote's nanoseconds
        refuse(s, reason);
        s = good(101);
        s.signers = abi.encodePacked(s.signers, uint16(3), s.header.secs, uint32(0)); // one more signer
        refuse(s, reason);
        s = good(101);
        s.digests[0] = addmod(s.digests[0], 1, TrapdoorKey.FR);
        refuse(s, reason);
        s = good(101);
        s.digests[0] += TrapdoorKey.FR;
        refuse(s, reason);
        s = good(101);
        s.proofs[0].c = s.proofs[0].a;
        refuse(s, reason);
    }

    function test_votesForAnotherChainOrHeight() external {
        string memory own = chainId;
        chainId = "test-chain-8";
        ICometBftLedger.SignedHeader memory s = good(101);
        chainId = own;
        refuse(s, abi.encodeWithSelector(ICometBftLedger.InvalidProof.selector));
        s = good(102);
        s.header.height = 101;
        refuse(s, abi.encodeWithSelector(ICometBftLedger.InvalidProof.selector));
    }

    function test_keysOfTheRegistry() external {
        ICometBftLedger.SignedHeader memory s = good(101);
        vm.expectRevert(abi.encodeWithSelector(ICometBftLedger.KeyUnknown.selector, bytes32("no key")));
        ledger.update(anchor, ANCHOR, s, bytes32("no key"));
        address verifier = registry.entry(KEY).verifier;
        vm.prank(OWNER);
        registry.addVerifier(bytes32("other"), StatementKinds.QUORUM, 16, 3, verifier);
        vm.expectRevert(abi.encodeWithSelector(ICometBftLedger.WrongStatementKind.selector, StatementKinds.QUORUM));
        ledger.update(anchor, ANCHOR, s, bytes32("other"));
        vm.prank(OWNER);
        registry.addVerifier(bytes32("next"), StatementKinds.ED25519, 7, 3, verifier);
        vm.prank(OWNER);
        registry.retireVerifier(KEY, uint40(START + 5));
        assertOutcome(ledger.update(anchor, ANCHOR, s, bytes32("next")), ICometBftLedger.Outcome.Updated);
        s = good(102);
        vm.warp(START + 4);
        assertOutcome(ledger.update(anchor, 101, s, KEY), ICometBftLedger.Outcome.Updated);
        vm.warp(START + 5);
        s = good(103);
        vm.expectRevert(abi.encodeWithSelector(ICometBftLedger.KeyExpired.selector, KEY, START + 5));
        ledger.update(anchor, 102, s, KEY);
    }
}
