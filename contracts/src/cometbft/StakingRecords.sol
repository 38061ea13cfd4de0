// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Bytes} from "@openzeppelin/contracts/utils/Bytes.sol";

/// Validators in the state of a Cosmos SDK chain: in the store `staking`, under 0x21 | length | operator account, as
/// protobuf cosmos.staking.v1beta1.Validator { 1 operator_address, 2 consensus_pubkey, 3 jailed, 4 status, … }. The
/// chain writes fields in this order and leaves out what is zero, and what is proved is what the chain wrote.
library StakingRecords {
    bytes internal constant STORE = "staking";
    /// Field 2, Any { 1 type_url: "/cosmos.crypto.ed25519.PubKey", 2 value: PubKey { 1 key } }, up to the key.
    bytes private constant ED25519 = hex"12430a1d2f636f736d6f732e63727970746f2e656432353531392e5075624b657912220a20";
    /// Field 4, 3 (BOND_STATUS_BONDED). Field 3 stands before it where it is true, so who is jailed is not taken.
    bytes2 private constant BONDED = 0x2003;
    /// Of the three parts: 37, 32 and 2.
    uint256 private constant SIZE = 71;

    /// The record is not of a validator with this consensus key that is bonded and not jailed.
    error NotBondedWithKey(bytes32 consensusKey, bytes record);

    function key(bytes20 account) internal pure returns (bytes memory) {
        return abi.encodePacked(uint16(0x2114), account);
    }

    /// Returns if the record is of a bonded validator, not jailed, with this Ed25519 consensus key.
    /// @param record  of this store, by proof
    function requireBonded(bytes memory record, bytes32 consensusKey) internal pure {
        // Field 1 is the operator's address, a text of less than 128 bytes.
        bool ok = record.length > 2 && record[0] == 0x0a && uint8(record[1]) < 128;
        uint256 start = ok ? 2 + uint256(uint8(record[1])) : 0;
        bytes memory found = Bytes.slice(record, start, start + SIZE);
        ok = ok && Bytes.equal(found, abi.encodePacked(ED25519, consensusKey, BONDED));
        if (!ok) revert NotBondedWithKey(consensusKey, record);
    }
}
