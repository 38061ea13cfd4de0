// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IVerifierRegistry} from "./interfaces/IVerifierRegistry.sol";
import {Proof} from "./interfaces/Types.sol";

/// The strict wrapper around the generated verifiers. What it adds to them: which key, for which kind and
/// capacity, the exact number of signals, and one encoding for each proof and each signal.
contract VerifierRegistry is IVerifierRegistry, Ownable {
    /// BN254: order of the scalar field, and of the field that coordinates lie in (EIP-196).
    uint256 private constant FR = 21888242871839275222246405745257275088548364400416034343698204186575808495617;
    uint256 private constant FQ = 21888242871839275222246405745257275088696311157297823662689037894645226208583;
    uint256 private constant MAX_SIGNALS = 32;

    mapping(bytes32 keyHash => Entry) private _entries;

    /// A verifier present from the start, where a timelock would otherwise delay the first deployment.
    struct Initial {
        bytes32 keyHash;
        bytes4 kind;
        uint8 capacity;
        uint8 signalCount;
        address verifier;
    }

    constructor(address owner_, Initial[] memory initial) Ownable(owner_) {
        for (uint256 i = 0; i < initial.length; ++i) {
            Initial memory v = initial[i];
            _add(v.keyHash, v.kind, v.capacity, v.signalCount, v.verifier);
        }
    }

    /// @inheritdoc IVerifierRegistry
    function addVerifier(bytes32 keyHash, bytes4 kind, uint8 capacity, uint8 signalCount, address verifier)
        external
        onlyOwner
    {
        _add(keyHash, kind, capacity, signalCount, verifier);
    }

    /// @inheritdoc IVerifierRegistry
    function retireVerifier(bytes32 keyHash, uint40 retiresAt) external onlyOwner {
        Entry storage e = _entries[keyHash];
        if (e.verifier == address(0)) revert VerifierUnknown(keyHash);
        // Once retired it stays so: nobody may count on a key that can come back.
        if (e.retiresAt <= block.timestamp) revert VerifierExpired(keyHash, e.retiresAt);
        e.retiresAt = retiresAt;
        emit VerifierRetired(keyHash, retiresAt);
    }

    /// @inheritdoc IVerifierRegistry
    function verify(bytes32 keyHash, bytes4 kind, uint8 capacity, Proof calldata proof, uint256[] calldata signals)
        external
        view
    {
        Entry memory e = _entries[keyHash];
        if (e.verifier == address(0)) revert VerifierUnknown(keyHash);
        if (e.retiresAt <= block.timestamp) revert VerifierExpired(keyHash, e.retiresAt);
        if (e.kind != kind) revert WrongStatementKind(kind, e.kind);
        if (e.capacity != capacity) revert WrongCapacity(capacity, e.capacity);
        if (e.signalCount != signals.length) revert WrongSignalCount(e.signalCount, signals.length);
        for (uint256 i = 0; i < signals.length; ++i) {
            if (signals[i] >= FR) revert SignalNotCanonical(i, signals[i]);
        }
        // The generated code negates a by reducing its y modulo FQ, so the precompiles never see a y that is
        // too large. They check every other coordinate's range, the curves and b's subgroup.
        if (proof.a[1] >= FQ) revert CoordinateNotCanonical(proof.a[1]);
        if (!_accepts(e.verifier, proof, signals)) revert InvalidProof();
    }

    /// @inheritdoc IVerifierRegistry
    function entry(bytes32 keyHash) external view returns (Entry memory) {
        return _entries[keyHash];
    }

    function _add(bytes32 keyHash, bytes4 kind, uint8 capacity, uint8 signalCount, address verifier) private {
        if (_entries[keyHash].verifier != address(0)) revert VerifierExists(keyHash);
        if (verifier.code.length == 0) revert VerifierHasNoCode(verifier);
        if (signalCount == 0 || signalCount > MAX_SIGNALS) revert SignalCountOutOfRange(signalCount);
        _entries[keyHash] = Entry(verifier, kind, capacity, signalCount, type(uint40).max);
        emit VerifierAdded(keyHash, kind, capacity, signalCount, verifier);
    }

    /// The generated function takes uint256[N], so its selector depends on the number of signals.
    function _accepts(address verifier, Proof calldata proof, uint256[] calldata signals)
        private
        view
        returns (bool ok)
    {
        bytes4 selector = _selector(signals.length);
        assembly ("memory-safe") {
            // Its arguments are words without offsets: the proof's eight and the signals, as our own calldata has them.
            let input := mload(0x40)
            let size := shl(5, signals.length)
            mstore(input, selector)
            calldatacopy(add(input, 4), proof, 256)
            calldatacopy(add(input, 260), signals.offset, size)
            ok := staticcall(gas(), verifier, input, add(260, size), 0, 32)
            ok := and(ok, and(eq(returndatasize(), 32), eq(mload(0), 1)))
        }
    }

    /// Selector of verifyProof(uint256[2],uint256[2][2],uint256[2],uint256[n]), n <= MAX_SIGNALS.
    function _selector(uint256 n) private pure returns (bytes4) {
        bytes memory signature = n < 10
            ? abi.encodePacked("verifyProof(uint256[2],uint256[2][2],uint256[2],uint256[", uint8(48 + n), "])")
            : abi.encodePacked(
                "verifyProof(uint256[2],uint256[2][2],uint256[2],uint256[", uint8(48 + n / 10), uint8(48 + n % 10), "])"
            );
        return bytes4(keccak256(signature));
    }
}
