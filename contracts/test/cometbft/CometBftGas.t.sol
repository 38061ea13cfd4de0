// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {CometBftSetup} from "../base/CometBftSetup.sol";
import {CometBftLedger} from "../../src/cometbft/CometBftLedger.sol";
import {ICometBftLedger} from "../../src/interfaces/ICometBftLedger.sol";

/// What a header costs as a transaction, intrinsic gas, calldata and cold storage in it: block 8,619,997 of
/// cosmoshub-4, with the 23 of its 150 validators that hold more than two thirds of the power, in four proofs. The
/// proofs are made with a key whose secrets are known; what it costs to check them is what it costs with any key.
/// forge-config: default.isolate = true
contract CometBftGasTest is CometBftSetup {
    uint256 private constant SIGNERS = 23;

    function setUp() public override {
        super.setUp();
        chainId = "cosmoshub-4";
    }

    function test_hubBlockAfterTheOneBefore() external withRecordedHub {
        (ICometBftLedger.ConsensusState memory trusted, ICometBftLedger.SignedHeader memory h) = _hub();
        _measure("hub block, adjacent", trusted, h);
    }

    /// The set that the trusted state names differs by one validator's power, so it has to be shown, too.
    function test_hubBlockSkipping() external withRecordedHub {
        (ICometBftLedger.ConsensusState memory trusted, ICometBftLedger.SignedHeader memory h) = _hub();
        h.trustedValidators = bytes.concat(h.validators);
        h.trustedValidators[149 * 40 + 39] ^= 0x01;
        for (uint256 i = 0; i < SIGNERS; ++i) {
            h.trustedIndices = abi.encodePacked(h.trustedIndices, uint16(i));
        }
        trusted.height -= 1;
        trusted.nextValidatorsHash = hashOf(h.trustedValidators);
        _measure("hub block, skipping, another set", trusted, h);
    }

    function _hub()
        private
        view
        returns (ICometBftLedger.ConsensusState memory trusted, ICometBftLedger.SignedHeader memory h)
    {
        trusted = stateOf(recordedBlock(8619996).header);
        Block memory b = recordedBlock(8619997);
        (h.header, h.round, h.partsTotal, h.partsHash) = (b.header, b.round, b.id.partsTotal, b.id.partsHash);
        h.validators = b.validators;
        uint256 signers;
        for (uint256 i = 0; signers < SIGNERS; ++i) {
            if (!b.signed[i]) continue;
            h.signers = abi.encodePacked(h.signers, uint16(i), b.secs[i], b.nanos[i]);
            ++signers;
        }
        prove(h);
    }

    function _measure(
        string memory name,
        ICometBftLedger.ConsensusState memory trusted,
        ICometBftLedger.SignedHeader memory h
    ) private {
        vm.warp(uint64(h.header.secs) + 10);
        ledger = new CometBftLedger(config(trusted));
        bytes memory data = abi.encodeCall(ICometBftLedger.update, (trusted, trusted.height, h, KEY));
        (bool ok, bytes memory outcome) = address(ledger).call(data); // forge makes a transaction of it
        uint256 used = vm.snapshotGasLastCall(name);
        vm.snapshotValue(string.concat(name, ": bytes of calldata"), data.length);
        vm.snapshotValue(string.concat(name, ": least price by EIP-7623"), _leastPrice(data));
        vm.assertTrue(ok);
        vm.assertEq(abi.decode(outcome, (uint256)), uint256(ICometBftLedger.Outcome.Updated));
        vm.assertLt(used, 1_200_000, name);
    }

    function _leastPrice(bytes memory data) private pure returns (uint256 gas_) {
        gas_ = 21_000;
        for (uint256 i = 0; i < data.length; ++i) {
            gas_ += data[i] == 0 ? 10 : 40;
        }
    }
}
