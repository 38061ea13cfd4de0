// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// Domains separate coalitions, deployments and message kinds: the first 31 bytes of
/// SHA-256("phalanx" || u8 version || u8 kind || hub chain key || Coalition address on the hub).
library Domains {
    uint8 internal constant PROTOCOL_VERSION = 1;
    uint8 internal constant KIND_ATTESTATION = 1;
    uint8 internal constant KIND_REGISTRATION = 2;
    uint8 internal constant KIND_CONSENSUS_KEY = 3;

    /// @param hubCoalition  the Coalition on the hub, also when called on another chain
    function attestation(bytes31 hubChainKey, address hubCoalition) internal pure returns (bytes31) {
        return _domain(KIND_ATTESTATION, hubChainKey, hubCoalition);
    }

    /// @param hubCoalition  the Coalition on the hub, also when called on another chain
    function registration(bytes31 hubChainKey, address hubCoalition) internal pure returns (bytes31) {
        return _domain(KIND_REGISTRATION, hubChainKey, hubCoalition);
    }

    /// @param hubCoalition  the Coalition on the hub, also when called on another chain
    function consensusKey(bytes31 hubChainKey, address hubCoalition) internal pure returns (bytes31) {
        return _domain(KIND_CONSENSUS_KEY, hubChainKey, hubCoalition);
    }

    function _domain(uint8 kind, bytes31 hubChainKey, address hubCoalition) private pure returns (bytes31) {
        return bytes31(sha256(abi.encodePacked("phalanx", PROTOCOL_VERSION, kind, hubChainKey, hubCoalition)));
    }
}
