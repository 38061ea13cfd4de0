// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Base64} from "@openzeppelin/contracts/utils/Base64.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {ICometBftJudge} from "../interfaces/ICometBftJudge.sol";

/// Accounts of Cosmos SDK chains with one secp256k1 key, and texts that they signed.
library CosmosAccounts {
    /// Longest bech32 text (BIP-173).
    uint256 private constant MAX_ADDRESS = 90;

    error AddressMalformed(string signer);
    error NotSigned(bytes20 account);

    /// The account that signed a text, in the document of `document`.
    /// @return account  RIPEMD-160(SHA-256(compressed public key))
    function signerOf(bytes memory text, ICometBftJudge.AccountSignature memory s)
        internal
        pure
        returns (bytes20 account)
    {
        bytes1 parity = uint256(s.y) & 1 == 0 ? bytes1(0x02) : bytes1(0x03);
        account = ripemd160(abi.encodePacked(sha256(abi.encodePacked(parity, s.x))));
        // ecrecover answers with a hash of the key under which the signature holds; it refuses s in the upper half.
        (address found, ECDSA.RecoverError err,) =
            ECDSA.tryRecover(sha256(document(text, s.signer)), s.v, s.r, s.s);
        bool ok = err == ECDSA.RecoverError.NoError
            && found == address(uint160(uint256(keccak256(abi.encodePacked(s.x, s.y)))));
        if (!ok) revert NotSigned(account);
    }

    /// The document of ADR-036 in which wallets sign a text: amino JSON, keys sorted, no spaces. It is no transaction,
    /// as its chain id is empty.
    /// @param signer  lower-case letters and digits, or the document could be another than it seems
    function document(bytes memory text, string memory signer) internal pure returns (bytes memory) {
        bytes memory b = bytes(signer);
        bool ok = b.length <= MAX_ADDRESS;
        for (uint256 i = 0; ok && i < b.length; ++i) {
            ok = (b[i] >= "a" && b[i] <= "z") || (b[i] >= "0" && b[i] <= "9");
        }
        if (!ok) revert AddressMalformed(signer);
        return abi.encodePacked(
            '{"account_number":"0","chain_id":"","fee":{"amount":[],"gas":"0"},"memo":"","msgs":',
            '[{"type":"sign/MsgSignData","value":{"data":"',
            Base64.encode(text),
            '","signer":"',
            signer,
            '"}}],"sequence":"0"}'
        );
    }
}
