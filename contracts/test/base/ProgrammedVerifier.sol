// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// Stands in for a generated verifier in tests of the contracts' own logic: it accepts exactly the claims it
/// was told to accept, with any proof whose a[0] is not `BAD`. Real verifiers are tested elsewhere.
contract ProgrammedVerifier {
    uint256 public constant BAD = 0xbad;
    mapping(bytes32 claim => bool) private _accepted;

    function accept(uint256[] memory signals) external {
        _accepted[keccak256(abi.encodePacked(signals))] = true;
    }

    function verifyProof(uint256[2] calldata a, uint256[2][2] calldata, uint256[2] calldata, uint256[3] calldata s)
        external
        view
        returns (bool)
    {
        return a[0] != BAD && _accepted[keccak256(abi.encodePacked(s))];
    }

    function verifyProof(uint256[2] calldata a, uint256[2][2] calldata, uint256[2] calldata, uint256[4] calldata s)
        external
        view
        returns (bool)
    {
        return a[0] != BAD && _accepted[keccak256(abi.encodePacked(s))];
    }

    function verifyProof(uint256[2] calldata a, uint256[2][2] calldata, uint256[2] calldata, uint256[6] calldata s)
        external
        view
        returns (bool)
    {
        return a[0] != BAD && _accepted[keccak256(abi.encodePacked(s))];
    }
}
